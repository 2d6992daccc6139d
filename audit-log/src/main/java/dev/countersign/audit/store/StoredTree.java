package dev.countersign.audit.store;

import dev.countersign.audit.checkpoint.Checkpoint;
import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.audit.checkpoint.LogKeys;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.store.EntryBodies.Placed;
import dev.countersign.audit.store.TreeRows.StoredCheckpoint;
import dev.countersign.audit.tiles.Tile;
import dev.countersign.audit.tiles.TileId;
import dev.countersign.audit.tiles.TileTree;
import dev.countersign.core.model.Digest32;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/// Holds what is stored against the last checkpoint. Cheap: reads the right edge of the tree, at
/// most eight tiles, never the whole log.
final class StoredTree {
  private StoredTree() {}

  /// The tree that the last checkpoint vouches for, ready to grow.
  ///
  /// @throws BrokenLogException when the tree that is stored is another
  static TileTree resume(Handle handle, Sequencer sequencer, LogKeys keys) {
    StoredCheckpoint stored =
        TreeRows.latestCheckpoint(handle)
            .orElseThrow(
                () -> new BrokenLogException("the audit log has lost its last checkpoint"));
    SignedCheckpoint signed = open(stored, keys);
    long size = signed.checkpoint().treeSize();
    if (size != stored.treeSize() || size != sequencer.treeSize()) {
      throw new BrokenLogException(
          "the audit log is not the one that was signed last"
              + "%n  signed:  %d entries%n  stored:  %d entries%n  counted: %d entries"
                  .formatted(size, stored.treeSize(), sequencer.treeSize()),
          Math.min(size, sequencer.treeSize()));
    }
    List<TileId> edge = TileTree.edgeOf(size);
    Map<TileId, Tile> tiles = TreeRows.tiles(handle, edge);
    TileTree tree = TileTree.resume(size, id -> TreeRows.require(tiles, id, size));
    Digest32 root = tree.root();
    if (!root.equals(signed.checkpoint().root())) {
      throw new BrokenLogException(
          "the tree of the audit log is not the one that was signed last, at %d entries"
                  .formatted(size)
              + "%n  signed: %s%n  stored: %s".formatted(signed.checkpoint().root(), root));
    }
    return tree;
  }

  /// The latest checkpoint.
  ///
  /// @throws BrokenLogException when there is none that a key of the log has signed
  static SignedCheckpoint latest(Handle handle, LogKeys keys) {
    return open(
        TreeRows.latestCheckpoint(handle)
            .orElseThrow(
                () -> new BrokenLogException("the audit log has lost its last checkpoint")),
        keys);
  }

  /// The latest checkpoint, once it is known that its tree continues an older one. Reads the right
  /// edges of both.
  ///
  /// @param before from outside of the database
  /// @throws BrokenLogException when the log was set back or rewritten since
  static SignedCheckpoint continues(Handle handle, LogKeys keys, SignedCheckpoint before) {
    SignedCheckpoint latest = latest(handle, keys);
    requireGrownFrom(handle, before.checkpoint(), latest.checkpoint().treeSize());
    return latest;
  }

  /// That the tree which is stored continues the one of a checkpoint.
  ///
  /// @param before from outside of the database
  /// @param size of the stored tree
  /// @throws BrokenLogException when the log was set back or rewritten since
  static void requireGrownFrom(Handle handle, Checkpoint before, long size) {
    long known = before.treeSize();
    if (size < known) {
      throw new BrokenLogException(
          "the audit log was set back%n  seen:   %d entries%n  stored: %d entries"
              .formatted(known, size),
          size);
    }
    Map<TileId, Tile> tiles = TreeRows.tiles(handle, TileTree.edgeOf(known));
    Digest32 root = TileTree.resume(known, id -> TreeRows.require(tiles, id, known)).root();
    if (!root.equals(before.root())) {
      throw new BrokenLogException(
          "the first %d entries of the audit log are not those that were signed before"
                  .formatted(known)
              + "%n  seen:   %s%n  stored: %s".formatted(before.root(), root));
    }
  }

  private static SignedCheckpoint open(StoredCheckpoint stored, LogKeys keys) {
    try {
      return keys.open(stored.note().getBytes(StandardCharsets.UTF_8));
    } catch (InvalidNoteException e) {
      throw new BrokenLogException(
          "the last checkpoint of the audit log, of %d entries, is not signed by a key of this log;"
                  .formatted(stored.treeSize())
              + " if the origin was changed, change it back; if the key was, say so in"
              + " audit.formerKeys%n  %s".formatted(e.getMessage()));
    }
  }

  /// Holds the newest leaves against their entries: as many as are in the last tile, up to 256.
  ///
  /// @throws BrokenLogException when one was changed or is gone, with its index
  static void checkNewestEntries(Handle handle, long treeSize) {
    Stream.concat(TableChecks.leavesBeyond(handle).stream(), ArchiveRows.forged(handle).stream())
        .findFirst()
        .ifPresent(
            finding -> {
              throw new BrokenLogException(
                  "the audit log: " + finding.message(), finding.index().orElse(-1));
            });
    if (treeSize == 0) {
      return;
    }
    TileId last = new TileId(0, (treeSize - 1) / TileId.FULL_WIDTH);
    Tile tile = TreeRows.require(TreeRows.tiles(handle, List.of(last)), last, treeSize);
    List<Placed> newest = TreeRows.entries(handle, last.firstLeaf(), treeSize);
    long archived = ArchiveRows.archived(handle);
    for (Placed placed : newest) {
      Digest32 expected = tile.hash((int) (placed.index() - last.firstLeaf()));
      if (placed.body().isEmpty()) {
        if (placed.index() < archived) {
          continue; // the scrub looks at the archive
        }
        throw new BrokenLogException(
            "entry %d of the audit log is gone".formatted(placed.index()), placed.index());
      }
      Digest32 computed = TreeRows.leafHash(placed.body().get());
      if (!computed.equals(expected)) {
        throw new BrokenLogException(
            "entry %d of the audit log was changed%n  in the tree:  %s%n  in the table: %s"
                .formatted(placed.index(), expected, computed),
            placed.index());
      }
    }
  }
}
