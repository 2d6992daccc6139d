package dev.countersign.audit.witness;

import dev.countersign.audit.checkpoint.Cosignature;

/// What came of bringing a checkpoint to a witness.
public sealed interface WitnessAnswer {

  /// It cosigned, and the cosignature is good.
  record Cosigned(Cosignature cosignature) implements WitnessAnswer {}

  /// The witness has cosigned more of this log than the checkpoint has: somebody else was quicker,
  /// or the log was set back.
  record Ahead(long size) implements WitnessAnswer {}

  /// It did not.
  ///
  /// @param message for people: what was expected, what was found
  record Failed(Kind kind, String message) implements WitnessAnswer {}

  /// Why a witness did not cosign.
  enum Kind {
    /// No answer in time.
    UNREACHABLE,
    /// It does not know this log (404).
    UNKNOWN_LOG,
    /// It knows another key of this log (403).
    UNKNOWN_KEY,
    /// The log is not a continuation of what the witness cosigned (422, or another root of the same
    /// size): the log was rewritten, or the witness lies.
    FORKED,
    /// It answered with something else than the protocol has.
    BAD_ANSWER,
    /// It cosigned, and not with the key that was expected.
    OTHER_KEY,
    /// Its cosignature is wrong.
    BAD_SIGNATURE;

    /// Whether the log itself is in doubt, and not the witness alone.
    public boolean isAboutTheLog() {
      return this == FORKED;
    }
  }
}
