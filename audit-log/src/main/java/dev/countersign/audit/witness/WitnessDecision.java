package dev.countersign.audit.witness;

import dev.countersign.audit.checkpoint.Cosignature;

/// What a witness makes of a request.
public sealed interface WitnessDecision {

  /// Granted, and remembered.
  record Cosigned(Cosignature cosignature) implements WitnessDecision {}

  /// The request is not about what this witness cosigned last.
  ///
  /// @param lastSize of the checkpoint that it did; 0 where there was none
  record AtAnotherSize(long lastSize) implements WitnessDecision {}

  /// The log has shown another root of the same size before.
  record OtherRoot(long lastSize) implements WitnessDecision {}

  /// The log has changed what this witness cosigned, or the proof is wrong.
  record Inconsistent(String reason) implements WitnessDecision {}

  /// Of no log that this witness knows.
  record UnknownLog() implements WitnessDecision {}

  /// Not signed by a key that this witness knows of that log.
  record NotSigned() implements WitnessDecision {}

  /// Not in the form of a request.
  record Malformed(String reason) implements WitnessDecision {}
}
