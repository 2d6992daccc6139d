package dev.countersign.audit.merkle;

import dev.countersign.core.model.Digest32;

/// What came of checking a proof.
public sealed interface ProofCheck {

  /// It proves what it claims.
  record Holds() implements ProofCheck {}

  /// It does not, and why.
  record Fails(String reason) implements ProofCheck {}

  static ProofCheck rootsAgree(String which, Digest32 expected, Digest32 computed) {
    return expected.equals(computed)
        ? new Holds()
        : new Fails(
            "the proof leads to another %s%n  expected: %s%n  computed: %s"
                .formatted(which, expected, computed));
  }
}
