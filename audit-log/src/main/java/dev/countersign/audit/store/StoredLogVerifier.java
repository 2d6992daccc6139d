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
import dev.countersign.audit.verify.VerificationResult.VerifiedInPart;
import dev.countersign.core.port.UnitOfWork;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// Verifies the log where it lies: all that [LogVerifier] finds in the files, and what only the
/// tables show, such as an entry that no place of the tree has. Reads in small transactions, holds
/// no lock, and may run while the log grows.
public final class StoredLogVerifier {
  /// How often entries can be archived meanwhile until that is not believed any more.
  private static final int ATTEMPTS = 3;

  private final UnitOfWork unitOfWork;
  private final LogKeys keys;
  private final WitnessPolicy policy;
  private final EntryBodies bodies;

  /// For a log that always had the same key, and no witnesses.
  ///
  /// @param unitOfWork with a login that may read the tables of the log
  /// @param key of the log, from a source that is trusted
  public StoredLogVerifier(UnitOfWork unitOfWork, VerifierKey key) {
    this(unitOfWork, LogKeys.of(key), WitnessPolicy.NONE, EntryBodies.HOT);
  }

  /// @param unitOfWork with a login that may read the tables of the log
  /// @param keys of the log, from a source that is trusted
  /// @param policy whose cosignatures the checkpoint needs; the latest that has them is verified
  /// @param bodies with the archive, where there is one: every entry that is not in the table has
  /// to be there. Without one, such entries are not looked at
  public StoredLogVerifier(
      UnitOfWork unitOfWork, LogKeys keys, WitnessPolicy policy, EntryBodies bodies) {
    this.unitOfWork = unitOfWork;
    this.keys = keys;
    this.policy = policy;
    this.bodies = bodies.unjudged();
  }

  /// @param known checkpoints of this log from before
  /// @param progress told after every few hundred rows; it may take its time
  /// @throws dev.countersign.core.port.StoreUnavailableException when the database is not there
  /// @throws ArchiveUnavailableException when there should be an archive, and its directory is
  ///     none, or has fewer entries than were archived
  /// @throws java.io.UncheckedIOException when a file of the archive cannot be read
  public VerificationResult verify(
      Collection<SignedCheckpoint> known, VerificationProgress progress) {
    return verify(known, progress, EntryVisitor.NONE);
  }

  /// The same, and shows every entry to `visitor` on the way.
  ///
  /// @throws dev.countersign.core.port.StoreUnavailableException when the database is not there
  /// @throws ArchiveUnavailableException when there should be an archive, and its directory is
  ///     none, or has fewer entries than were archived, or entries were archived after `visitor`
  ///     was shown the first: ask again
  /// @throws java.io.UncheckedIOException when a file of the archive cannot be read
  public VerificationResult verify(
      Collection<SignedCheckpoint> known, VerificationProgress progress, EntryVisitor visitor) {
    return verify(known, progress, visitor, bodies.hasArchive());
  }

  /// The same for a log that nobody kept anything of, with an archive that may have lost entries:
  /// they count by their hashes, as if there was no archive. What it has is verified.
  ///
  /// @throws dev.countersign.core.port.StoreUnavailableException when the database is not there
  /// @throws ArchiveUnavailableException when there should be an archive, and its directory is
  ///     none, or has fewer entries than were archived
  /// @throws java.io.UncheckedIOException when a file of the archive cannot be read
  VerificationResult verifyWhatIsThere(VerificationProgress progress) {
    return verify(List.of(), progress, EntryVisitor.NONE, false);
  }

  /// @param whole whether the archive must have all that is not in the table
  private VerificationResult verify(
      Collection<SignedCheckpoint> known,
      VerificationProgress progress,
      EntryVisitor visitor,
      boolean whole) {
    for (int attempt = 1; ; attempt++) {
      long archived = archived();
      TableChecks tables = new TableChecks(unitOfWork, bodies, progress);
      List<Finding> forged = tables.archives();
      if (!forged.isEmpty()) {
        // Which entries should be where, only that row could tell.
        return new Broken(forged, forged.size());
      }
      bodies.requireReaching(archived, keys);
      VerificationResult result = verify(known, progress, visitor, whole ? 0 : archived, tables);
      // What is archived at this moment looks as if it was gone.
      if (!(result instanceof Broken) || attempt == ATTEMPTS || archived() == archived) {
        return result;
      }
      if (!visitor.equals(EntryVisitor.NONE)) {
        throw ArchiveUnavailableException.meanwhile();
      }
    }
  }

  private long archived() {
    return unitOfWork.inTransaction(
        transaction -> ArchiveRows.archived(transaction.unwrap(Handle.class)));
  }

  private VerificationResult verify(
      Collection<SignedCheckpoint> known,
      VerificationProgress progress,
      EntryVisitor visitor,
      long awayBelow,
      TableChecks tables) {
    VerificationResult files =
        new LogVerifier(keys, policy)
            .verify(
                new DatabaseLogFiles(unitOfWork, policy, bodies),
                known,
                progress,
                visitor,
                awayBelow);
    List<Finding> findings = new ArrayList<>();
    findings.addAll(tables.counters());
    findings.addAll(tables.beyondTheTree());
    findings.addAll(tables.passedOver());
    CheckpointRows checkpoints = new CheckpointRows(unitOfWork, keys, progress);
    switch (files) {
      case Verified(SignedCheckpoint latest) -> findings.addAll(whole(latest, tables, checkpoints));
      case VerifiedInPart(SignedCheckpoint latest, long _, long _) ->
          findings.addAll(whole(latest, tables, checkpoints));
      case Broken(List<Finding> found, long total) -> {
        findings.addAll(checkpoints.notSigned());
        List<Finding> all = new ArrayList<>(found);
        all.addAll(findings);
        return new Broken(all, total + findings.size());
      }
    }
    return findings.isEmpty() ? files : new Broken(findings, findings.size());
  }

  private static List<Finding> whole(
      SignedCheckpoint latest, TableChecks tables, CheckpointRows checkpoints) {
    long size = latest.checkpoint().treeSize();
    List<Finding> findings = new ArrayList<>(tables.places(size));
    findings.addAll(tables.requests(size));
    findings.addAll(checkpoints.wrong(size));
    return findings;
  }
}
