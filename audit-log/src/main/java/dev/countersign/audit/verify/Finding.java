package dev.countersign.audit.verify;

import java.util.OptionalLong;

/// Something that is wrong with a log.
///
/// @param index of the first entry it is about, when that is known
/// @param message for people: what was expected, what was found
public record Finding(Kind kind, OptionalLong index, String message) {

  /// What sort of thing is wrong.
  public enum Kind {
    /// The log's checkpoint is missing, malformed, or not signed by the pinned key.
    CHECKPOINT,
    /// The log's checkpoint lacks cosignatures of the witnesses that the policy asks for.
    WITNESSES,
    /// A checkpoint that was known before is not of an earlier state of this log.
    HISTORY,
    /// An entry is not the one that was signed.
    ENTRY_ALTERED,
    /// An entry is gone.
    ENTRY_MISSING,
    /// One entry or more of a range are not what was signed; the files do not tell which.
    ENTRIES_ALTERED,
    /// A file of hashes is missing or wrong, while the entries are what was signed.
    TILE,
    /// Where it is stored there is something that the log does not have, or is kept in a wrong
    /// place.
    TABLE,
    /// All of it together is not what was signed, and the files do not tell where.
    ROOT
  }

  /// About the log as a whole.
  public static Finding of(Kind kind, String message) {
    return new Finding(kind, OptionalLong.empty(), message);
  }

  /// @param index of the first entry it is about
  public static Finding at(Kind kind, long index, String message) {
    return new Finding(kind, OptionalLong.of(index), message);
  }
}
