package dev.countersign.audit.retention;

import dev.countersign.audit.checkpoint.SignedCheckpoint;
import java.util.List;

/// What came of archiving.
public sealed interface ArchiveOutcome {

  /// The entries have left the database, and are in the archive.
  ///
  /// @param below every one of them has an index below this
  /// @param removed how many have left the database now
  /// @param partitions the tables that are gone
  /// @param checkpoint the archive was verified against
  record Archived(long below, long removed, List<String> partitions, SignedCheckpoint checkpoint)
      implements ArchiveOutcome {
    public Archived {
      partitions = List.copyOf(partitions);
    }
  }

  /// There is no month with entries that has ended before the day; nothing was written either.
  record NothingOld() implements ArchiveOutcome {}

  /// Nothing has left the database. What was exported by then stays, and is used the next time.
  ///
  /// @param message for people: what was expected, what was found, what to do
  record Refused(Reason reason, String message) implements ArchiveOutcome {}

  /// Why nothing was archived.
  enum Reason {
    /// The database has no audit log, or one of an older version.
    NO_LOG,
    /// The login does not own the log.
    PRIVILEGE,
    /// The day has not come yet.
    TOO_EARLY,
    /// The log's checkpoint is not signed by the pinned key.
    KEY,
    /// The directory has a log that this one does not continue.
    ANOTHER_LOG,
    /// The directory lacks entries that were archived before.
    INCOMPLETE_ARCHIVE,
    /// An old month has entries that are not in the tree.
    NOT_IN_TREE,
    /// An old month has entries in the last bundle, which is not full yet.
    OPEN_BUNDLE,
    /// The log has lost an entry that should be archived.
    ENTRY_MISSING,
    /// The export does not verify.
    NOT_VERIFIED,
    /// The log's tables are in use by transactions that do not end.
    BUSY,
    /// Somebody has changed the log while it was exported.
    CHANGED
  }
}
