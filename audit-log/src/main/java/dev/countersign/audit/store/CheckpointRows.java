package dev.countersign.audit.store;

import dev.countersign.audit.checkpoint.Checkpoint;
import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.audit.checkpoint.LogKeys;
import dev.countersign.audit.store.TreeRows.StoredCheckpoint;
import dev.countersign.audit.tiles.Tile;
import dev.countersign.audit.tiles.TileId;
import dev.countersign.audit.tiles.TileTree;
import dev.countersign.audit.verify.Finding;
import dev.countersign.audit.verify.Finding.Kind;
import dev.countersign.audit.verify.VerificationProgress;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.port.UnitOfWork;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/// Every checkpoint that is stored against the tiles, a page at a time. Only the latest counts for
/// the log, but each was published, and may be held against us.
final class CheckpointRows {
  private static final int PAGE = 256;
  private static final int MOST_FINDINGS = 100;

  private final UnitOfWork unitOfWork;
  private final LogKeys keys;
  private final VerificationProgress progress;

  CheckpointRows(UnitOfWork unitOfWork, LogKeys keys, VerificationProgress progress) {
    this.unitOfWork = unitOfWork;
    this.keys = keys;
    this.progress = progress;
  }

  /// Those up to `treeSize` that are not this log's at their size.
  ///
  /// @param treeSize how many entries are known to be right, with all their hashes
  List<Finding> wrong(long treeSize) {
    return wrong(treeSize, true);
  }

  /// Those that no key of the log has signed for their size, whatever the tree.
  List<Finding> notSigned() {
    return wrong(Long.MAX_VALUE, false);
  }

  private List<Finding> wrong(long treeSize, boolean withRoots) {
    List<Finding> findings = new ArrayList<>();
    long after = -1;
    while (after < treeSize && findings.size() < MOST_FINDINGS) {
      long from = after;
      List<StoredCheckpoint> page =
          unitOfWork.inTransaction(
              transaction -> {
                Handle handle = transaction.unwrap(Handle.class);
                List<StoredCheckpoint> rows = TreeRows.checkpoints(handle, from, treeSize, PAGE);
                check(
                    rows,
                    withRoots ? Optional.of(tiles(handle, rows)) : Optional.empty(),
                    findings);
                return rows;
              });
      if (page.isEmpty()) {
        break;
      }
      after = page.getLast().treeSize();
      progress.checked(after, treeSize);
    }
    return findings;
  }

  private static Map<TileId, Tile> tiles(Handle handle, List<StoredCheckpoint> rows) {
    Set<TileId> ids = new HashSet<>();
    rows.forEach(row -> ids.addAll(TileTree.edgeOf(row.treeSize())));
    return TreeRows.tiles(handle, ids);
  }

  private void check(
      List<StoredCheckpoint> rows, Optional<Map<TileId, Tile>> tiles, List<Finding> findings) {
    for (StoredCheckpoint row : rows) {
      problem(row, tiles)
          .ifPresent(
              problem ->
                  findings.add(
                      Finding.at(
                          Kind.CHECKPOINT,
                          row.treeSize(),
                          "the checkpoint of %d entries: %s".formatted(row.treeSize(), problem))));
    }
  }

  private Optional<String> problem(StoredCheckpoint row, Optional<Map<TileId, Tile>> tiles) {
    Checkpoint signed;
    try {
      signed = keys.open(row.note().getBytes(StandardCharsets.UTF_8)).checkpoint();
    } catch (InvalidNoteException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
    if (signed.treeSize() != row.treeSize()) {
      return Optional.of("it was signed for %d entries".formatted(signed.treeSize()));
    }
    if (tiles.isEmpty()) {
      return Optional.empty();
    }
    Digest32 root =
        TileTree.resume(row.treeSize(), id -> TreeRows.require(tiles.get(), id, row.treeSize()))
            .root();
    return root.equals(signed.root())
        ? Optional.empty()
        : Optional.of("another root%n  signed: %s%n  stored: %s".formatted(signed.root(), root));
  }
}
