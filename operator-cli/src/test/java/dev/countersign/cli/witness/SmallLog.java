package dev.countersign.cli.witness;

import dev.countersign.audit.checkpoint.Checkpoint;
import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.Cosignature;
import dev.countersign.audit.checkpoint.Ed25519CheckpointSigner;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.merkle.CompactRange;
import dev.countersign.audit.merkle.ProofPlan;
import dev.countersign.audit.merkle.TreeHash;
import dev.countersign.cli.audit.ExportedLog;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/// A log of less than 256 entries, `entry 0` and so on, that need not exist to be proven.
///
/// @param fork from which entry on they are called otherwise
public record SmallLog(CheckpointSigner signer, int fork) {
  public static SmallLog create() {
    return new SmallLog(signer("example.com/log"), Integer.MAX_VALUE);
  }

  public static CheckpointSigner signer(String name) {
    try {
      return new Ed25519CheckpointSigner(
          name, KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  public SmallLog forkedAt(int index) {
    return new SmallLog(signer, index);
  }

  private Bytes entry(long index) {
    String text = (index < fork ? "entry " : "other ") + index;
    return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private Digest32 root(long from, long to) {
    var range = new CompactRange();
    for (long i = from; i < to; i++) {
      range.append(TreeHash.leaf(entry(i).toArray()));
    }
    return range.root();
  }

  public SignedCheckpoint checkpoint(int size) {
    return SignedCheckpoint.sign(
        new Checkpoint(signer.verifierKey().name(), size, root(0, size)), signer);
  }

  public List<Digest32> proof(long from, long to) {
    return ProofPlan.consistency(from, to)
        .resolve(
            subtree ->
                root(subtree.index() << subtree.level(), (subtree.index() + 1) << subtree.level()));
  }

  /// Writes its files as an export does.
  public void export(Path directory, int size, List<Cosignature> cosignatures) throws IOException {
    var entries = new ArrayList<Bytes>();
    for (int i = 0; i < size; i++) {
      entries.add(entry(i));
    }
    ExportedLog.write(directory, entries, checkpoint(size).noteWith(cosignatures));
  }
}
