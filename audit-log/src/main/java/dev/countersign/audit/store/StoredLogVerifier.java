package dev.countersign.audit.store;

import dev.countersign.audit.checkpoint.LogKeys;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.checkpoint.VerifierKey;
import dev.countersign.audit.checkpoint.WitnessPolicy;
import dev.countersign.audit.verify.EntryVisitor;
import dev.countersign.audit.verify.Finding;
import dev.countersign.audit.verify.LogVerifier;
import dev.countersign.audit.verify.VerificationProgress;
import dev.countersign.audit.verify.VerificationResult;
import dev.countersign.audit.verify.VerificationResult.Broken;
import dev.countersign.audit.verify.VerificationResult.Verified;
import dev.countersign.core.port.UnitOfWork;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Verifies the log where it lies: all that [LogVerifier] finds in the files, and what only the
/// tables show, such as an entry that no place of the tree has. Reads in small transactions, holds
/// no lock, and may run while the log grows.
public final class StoredLogVerifier {
  private final UnitOfWork unitOfWork;
  private final LogKeys keys;
  private final WitnessPolicy policy;

  /// For a log that always had the same key, and no witnesses.
  ///
  /// @param unitOfWork with a login that may read the tables of the log
  /// @param key of the log, from a source that is trusted
  public StoredLogVerifier(UnitOfWork unitOfWork, VerifierKey key) {
    this(unitOfWork, LogKeys.of(key), WitnessPolicy.NONE);
  }

  /// @param unitOfWork with a login that may read the tables of the log
  /// @param keys of the log, from a source that is trusted
  /// @param policy whose cosignatures the checkpoint needs; the latest that has them is verified
  public StoredLogVerifier(UnitOfWork unitOfWork, LogKeys keys, WitnessPolicy policy) {
    this.unitOfWork = unitOfWork;
    this.keys = keys;
    this.policy = policy;
  }

  /// @param known checkpoints of this log from before
  /// @param progress told after every few hundred rows; it may take its time
  /// @throws dev.countersign.core.port.StoreUnavailableException when the database is not there
  public VerificationResult verify(
      Collection<SignedCheckpoint> known, VerificationProgress progress) {
    return verify(known, progress, EntryVisitor.NONE);
  }

  /// The same, and shows every entry to `visitor` on the way.
  ///
  /// @throws dev.countersign.core.port.StoreUnavailableException when the database is not there
  public VerificationResult verify(
      Collection<SignedCheckpoint> known, VerificationProgress progress, EntryVisitor visitor) {
    VerificationResult files =
        new LogVerifier(keys, policy)
            .verify(new DatabaseLogFiles(unitOfWork, policy), known, progress, visitor);
    List<Finding> findings = new ArrayList<>();
    long total = 0;
    if (files instanceof Broken(List<Finding> found, long count)) {
      findings.addAll(found);
      total = count - found.size();
    }
    TableChecks tables = new TableChecks(unitOfWork, progress);
    findings.addAll(tables.counters());
    findings.addAll(tables.beyondTheTree());
    findings.addAll(tables.passedOver());
    CheckpointRows checkpoints = new CheckpointRows(unitOfWork, keys, progress);
    if (files instanceof Verified(SignedCheckpoint latest)) {
      long size = latest.checkpoint().treeSize();
      findings.addAll(tables.requests(size));
      findings.addAll(checkpoints.wrong(size));
    } else {
      findings.addAll(checkpoints.notSigned());
    }
    if (findings.isEmpty()) {
      return files;
    }
    return new Broken(findings, total + findings.size());
  }
}
