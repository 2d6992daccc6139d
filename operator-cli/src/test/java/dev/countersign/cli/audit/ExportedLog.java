package dev.countersign.cli.audit;

import dev.countersign.audit.checkpoint.Checkpoint;
import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.merkle.TreeHash;
import dev.countersign.audit.tiles.EntryBundle;
import dev.countersign.audit.tiles.TilePath;
import dev.countersign.audit.tiles.TileTree;
import dev.countersign.core.model.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The files of a log of less than 256 entries, as an export writes them.
public final class ExportedLog {
  private ExportedLog() {}

  public static SignedCheckpoint checkpoint(CheckpointSigner signer, List<Bytes> entries) {
    return SignedCheckpoint.sign(
        new Checkpoint(signer.verifierKey().name(), entries.size(), tree(entries).root()), signer);
  }

  /// @param note the signed checkpoint
  public static void write(Path directory, List<Bytes> entries, String note) throws IOException {
    for (var tile : tree(entries).takeChanged()) {
      write(directory, TilePath.ofTile(tile.id(), tile.width()), tile.hashes().toArray());
    }
    write(directory, TilePath.ofBundle(0, entries.size()), EntryBundle.format(entries));
    write(directory, TilePath.CHECKPOINT, note.getBytes(StandardCharsets.UTF_8));
  }

  private static TileTree tree(List<Bytes> entries) {
    var tree = new TileTree();
    entries.forEach(entry -> tree.append(TreeHash.leaf(entry.toArray())));
    return tree;
  }

  private static void write(Path directory, String path, byte[] content) throws IOException {
    var file = directory.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }
}
