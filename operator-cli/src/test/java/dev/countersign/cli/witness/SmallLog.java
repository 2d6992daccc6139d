package dev.countersign.cli.witness;

import dev.countersign.audit.checkpoint.Checkpoint;
import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.Cosignature;
import dev.countersign.audit.checkpoint.Ed25519CheckpointSigner;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.merkle.CompactRange;
import dev.countersign.audit.merkle.ProofPlan;
import dev.countersign.audit.merkle.TreeHash;
import dev.countersign.audit.tiles.EntryBundle;
import dev.countersign.audit.tiles.TilePath;
import dev.countersign.audit.tiles.TileTree;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
    var tree = new TileTree();
    var entries = new ArrayList<Bytes>();
    for (int i = 0; i < size; i++) {
      entries.add(entry(i));
      tree.append(TreeHash.leaf(entry(i).toArray()));
    }
    for (var tile : tree.takeChanged()) {
      write(directory, TilePath.ofTile(tile.id(), tile.width()), tile.hashes().toArray());
    }
    write(directory, TilePath.ofBundle(0, size), EntryBundle.format(entries));
    write(
        directory,
        TilePath.CHECKPOINT,
        checkpoint(size).noteWith(cosignatures).getBytes(StandardCharsets.UTF_8));
  }

  private static void write(Path directory, String path, byte[] content) throws IOException {
    var file = directory.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }
}
