package dev.countersign.audit.verify;

import dev.countersign.audit.checkpoint.Checkpoint;
import dev.countersign.audit.checkpoint.CosignedCheckpoint;
import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.audit.checkpoint.LogKeys;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.checkpoint.VerifierKey;
import dev.countersign.audit.checkpoint.WitnessPolicy;
import dev.countersign.audit.tiles.TilePath;
import dev.countersign.audit.verify.Finding.Kind;
import dev.countersign.audit.verify.VerificationResult.Broken;
import dev.countersign.audit.verify.VerificationResult.Verified;
import dev.countersign.audit.verify.VerificationResult.VerifiedInPart;
import dev.countersign.core.model.Digest32;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Verifies a whole log: hashes every entry, builds the tree anew, and compares it with every hash
/// in the files and with the root that the log's key signed. Trusts the pinned key, and the
/// witnesses of a policy where one is given, and nothing else.
public final class LogVerifier {
  private static final int MOST_FINDINGS = 100;

  private final LogKeys keys;
  private final WitnessPolicy policy;

  /// @param key of the log, from a source that is trusted
  public LogVerifier(VerifierKey key) {
    this(key, WitnessPolicy.NONE);
  }

  /// @param key of the log, from a source that is trusted
  /// @param policy whose cosignatures its checkpoint needs, from a source that is trusted
  public LogVerifier(VerifierKey key, WitnessPolicy policy) {
    this(LogKeys.of(key), policy);
  }

  /// @param keys of the log, from a source that is trusted
  /// @param policy whose cosignatures its checkpoint needs, from a source that is trusted
  public LogVerifier(LogKeys keys, WitnessPolicy policy) {
    this.keys = keys;
    this.policy = policy;
  }

  /// @param known checkpoints of this log from before, of proofs or of earlier verifications: the
  ///     log must still have what they vouched for
  /// @throws java.io.UncheckedIOException when the files cannot be read
  public VerificationResult verify(
      LogFiles files, Collection<SignedCheckpoint> known, VerificationProgress progress) {
    return verify(files, known, progress, EntryVisitor.NONE);
  }

  /// The same, and shows every entry to `visitor` on the way.
  ///
  /// @throws java.io.UncheckedIOException when the files cannot be read
  public VerificationResult verify(
      LogFiles files,
      Collection<SignedCheckpoint> known,
      VerificationProgress progress,
      EntryVisitor visitor) {
    return verify(files, known, progress, visitor, 0);
  }

  /// The same of a log that has entries elsewhere: see [VerificationResult.VerifiedInPart].
  ///
  /// @param awayBelow an entry with an index below this that the files have as an empty one is not
  ///     missing, but counts by its hash; `visitor` is not shown it
  /// @throws java.io.UncheckedIOException when the files cannot be read
  public VerificationResult verify(
      LogFiles files,
      Collection<SignedCheckpoint> known,
      VerificationProgress progress,
      EntryVisitor visitor,
      long awayBelow) {
    Optional<byte[]> note = files.read(TilePath.CHECKPOINT);
    if (note.isEmpty()) {
      return broken(List.of(Finding.of(Kind.CHECKPOINT, "there is no checkpoint")));
    }
    SignedCheckpoint checkpoint;
    try {
      checkpoint = keys.open(note.get());
    } catch (InvalidNoteException e) {
      return broken(List.of(Finding.of(Kind.CHECKPOINT, String.valueOf(e.getMessage()))));
    }
    try {
      var _ = CosignedCheckpoint.open(note.get(), keys, policy);
    } catch (InvalidNoteException e) {
      return broken(List.of(Finding.of(Kind.WITNESSES, String.valueOf(e.getMessage()))));
    }
    LogContent content = new LogContent(files, checkpoint.checkpoint().treeSize(), awayBelow);
    List<Checkpoint> before = new ArrayList<>();
    known.forEach(one -> before.add(one.checkpoint()));
    keys.former().forEach(key -> before.add(key.last()));
    return verify(content, checkpoint, before, progress, visitor);
  }

  /// @param checkpoint of these files, opened
  static VerificationResult verify(
      LogContent content,
      SignedCheckpoint checkpoint,
      Collection<Checkpoint> known,
      VerificationProgress progress,
      EntryVisitor visitor) {
    List<Finding> findings = new ArrayList<>();
    RebuiltTree rebuilt = RebuiltTree.of(content, sizes(known), progress, visitor);
    Digest32 signed = checkpoint.checkpoint().root();
    if (rebuilt.root().filter(signed::equals).isPresent()) {
      findings.addAll(rebuilt.wrongFiles());
    } else {
      findings.addAll(new LogDiagnosis(content, signed).findings(rebuilt));
    }
    known.forEach(before -> findings.addAll(compare(before, content.treeSize(), rebuilt)));
    if (!findings.isEmpty()) {
      return broken(findings);
    }
    return rebuilt.away() == 0
        ? new Verified(checkpoint)
        : new VerifiedInPart(checkpoint, rebuilt.away(), content.awayBelow());
  }

  private static List<Long> sizes(Collection<Checkpoint> known) {
    return known.stream().map(Checkpoint::treeSize).toList();
  }

  private static List<Finding> compare(Checkpoint before, long treeSize, RebuiltTree rebuilt) {
    if (before.treeSize() > treeSize) {
      return List.of(
          Finding.at(
              Kind.HISTORY,
              treeSize,
              "the log has lost entries: it has %d, a checkpoint from before vouches for %d"
                  .formatted(treeSize, before.treeSize())));
    }
    Digest32 root = rebuilt.rootAt(before.treeSize()).orElse(before.root());
    return root.equals(before.root())
        ? List.of()
        : List.of(
            Finding.of(
                Kind.HISTORY,
                "the first %d entries are not those that a checkpoint from before vouches for"
                        .formatted(before.treeSize())
                    + "%n  before: %s%n  now:    %s".formatted(before.root(), root)));
  }

  private static Broken broken(List<Finding> findings) {
    return new Broken(
        findings.subList(0, Math.min(findings.size(), MOST_FINDINGS)), findings.size());
  }
}
