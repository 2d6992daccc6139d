package dev.countersign.audit.verify;

import dev.countersign.audit.checkpoint.SignedCheckpoint;
import java.util.List;

/// What came of verifying a log.
public sealed interface VerificationResult {

  /// Every entry is there and is what the log signed; nothing was changed since any of the
  /// checkpoints that were known before.
  record Verified(SignedCheckpoint checkpoint) implements VerificationResult {
    public long entries() {
      return checkpoint.checkpoint().treeSize();
    }
  }

  /// Something is wrong.
  ///
  /// @param findings one at least; the first hundred by their indexes
  /// @param total how many there are
  record Broken(List<Finding> findings, long total) implements VerificationResult {
    public Broken {
      findings = List.copyOf(findings);
    }
  }
}
