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

  /// All that was looked at is what the log signed, and not all of it was looked at: entries that
  /// are kept elsewhere count by their hashes, which are what was signed. Nobody knows by this
  /// whether those entries are still there.
  ///
  /// @param notLookedAt how many entries, 1 at least
  /// @param below all of them have an index below this
  record VerifiedInPart(SignedCheckpoint checkpoint, long notLookedAt, long below)
      implements VerificationResult {}

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
