package dev.countersign.audit.verify;

import dev.countersign.audit.checkpoint.Checkpoint;
import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.Ed25519CheckpointSigner;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.checkpoint.VerifierKey;
import dev.countersign.audit.merkle.ReferenceTree;
import dev.countersign.audit.merkle.TreeHash;
import dev.countersign.audit.tiles.EntryBundle;
import dev.countersign.audit.tiles.Tile;
import dev.countersign.audit.tiles.TileId;
import dev.countersign.audit.tiles.TilePath;
import dev.countersign.audit.tiles.TileTree;
import dev.countersign.core.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A log whose files are in memory, to be tampered with. The entries are short texts.
final class MemoryLog implements LogFiles {
  static final CheckpointSigner SIGNER = signer();

  final TreeMap<String, byte[]> files = new TreeMap<>();
  final List<Bytes> entries = new ArrayList<>();

  private static CheckpointSigner signer() {
    try {
      return new Ed25519CheckpointSigner(
          "example.com/log", KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  static MemoryLog ofSize(int size) {
    MemoryLog log = new MemoryLog();
    for (int i = 0; i < size; i++) {
      log.entries.add(entry("entry " + i));
    }
    log.publish();
    return log;
  }

  static Bytes entry(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
  }

  static VerifierKey key() {
    return SIGNER.verifierKey();
  }

  /// Writes all files for the entries as they are, and signs them.
  void publish() {
    TileTree tree = new TileTree();
    entries.forEach(entry -> tree.append(TreeHash.leaf(entry.toArray())));
    Map<TileId, Tile> tiles = new TreeMap<>(Comparator.comparing(TileId::toString));
    tree.takeChanged().forEach(tile -> tiles.put(tile.id(), tile));
    tiles.values().forEach(this::write);
    for (int i = 0; i * TileId.FULL_WIDTH < entries.size(); i++) {
      writeBundle(i);
    }
    files.put(TilePath.CHECKPOINT, checkpoint().note().getBytes(StandardCharsets.UTF_8));
  }

  void write(Tile tile) {
    files.put(TilePath.ofTile(tile.id(), tile.width()), tile.hashes().toArray());
  }

  void writeBundle(int index) {
    int from = index * TileId.FULL_WIDTH;
    List<Bytes> bundle = entries.subList(from, Math.min(from + TileId.FULL_WIDTH, entries.size()));
    files.put(TilePath.ofBundle(index, bundle.size()), EntryBundle.format(bundle));
  }

  /// Changes an entry in its bundle and nowhere else.
  void overwrite(int index, Bytes entry) {
    entries.set(index, entry);
    writeBundle(index / TileId.FULL_WIDTH);
  }

  SignedCheckpoint checkpoint() {
    ReferenceTree tree =
        new ReferenceTree(entries.stream().map(entry -> TreeHash.leaf(entry.toArray())).toList());
    return SignedCheckpoint.sign(
        new Checkpoint(SIGNER.verifierKey().name(), entries.size(), tree.root()), SIGNER);
  }

  @Override
  public Optional<byte[]> read(String path) {
    return Optional.ofNullable(files.get(path));
  }

  VerificationResult verify(SignedCheckpoint... known) {
    return new LogVerifier(key()).verify(this, List.of(known), VerificationProgress.NONE);
  }
}
