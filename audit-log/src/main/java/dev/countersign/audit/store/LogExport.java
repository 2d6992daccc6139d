package dev.countersign.audit.store;

import dev.countersign.audit.checkpoint.WitnessPolicy;
import dev.countersign.audit.store.EntryBodies.Placed;
import dev.countersign.audit.store.TreeRows.StoredCheckpoint;
import dev.countersign.audit.tiles.EntryBundle;
import dev.countersign.audit.tiles.Tile;
import dev.countersign.audit.tiles.TileId;
import dev.countersign.audit.tiles.TilePath;
import dev.countersign.audit.verify.VerificationProgress;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.port.UnitOfWork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/// Writes the log to a directory as C2SP tlog-tiles, for verification without us. What is stored
/// is written as it is, for the verifier to judge; only an entry that is gone ends it, since a file
/// that has nothing in its place would stay in the directory, under the name of the whole one.
public final class LogExport {
  private final UnitOfWork unitOfWork;
  private final WitnessPolicy policy;
  private final EntryBodies bodies;

  public LogExport(UnitOfWork unitOfWork) {
    this(unitOfWork, WitnessPolicy.NONE);
  }

  /// @param policy what a checkpoint needs before it is given out
  public LogExport(UnitOfWork unitOfWork, WitnessPolicy policy) {
    this(unitOfWork, policy, EntryBodies.HOT);
  }

  /// @param policy what a checkpoint needs before it is given out
  /// @param bodies with the archive, where there is one
  public LogExport(UnitOfWork unitOfWork, WitnessPolicy policy, EntryBodies bodies) {
    this.unitOfWork = unitOfWork;
    this.policy = policy;
    this.bodies = bodies;
  }

  /// What was written.
  ///
  /// @param checkpoint the signed note
  public record Exported(long entries, String checkpoint) {}

  /// Exports the log up to its latest checkpoint that meets the policy, which is written last. Into
  /// a directory that has an older export of this log, only what is new: full tiles and bundles
  /// that are there stay.
  ///
  /// @param progress told how many entries are written
  /// @throws IllegalStateException when no integrator has ever started, so there is no checkpoint
  /// @throws UncheckedIOException when the directory cannot be written
  /// @throws BrokenLogException with the index of an entry that is gone; its file and those after
  /// it are not written
  /// @throws ArchiveUnavailableException when entries that it needs are in an archive that is not
  ///     there
  public Exported export(Path directory, VerificationProgress progress) {
    StoredCheckpoint checkpoint =
        inHandle(handle -> CosignatureRows.published(handle, policy))
            .orElseThrow(
                () -> new IllegalStateException("the audit log has no checkpoint yet to export"));
    try {
      for (long first = 0; first < checkpoint.treeSize(); first += TileId.FULL_WIDTH) {
        long to = Math.min(first + TileId.FULL_WIDTH, checkpoint.treeSize());
        exportBundle(directory, first, to);
        progress.checked(to, checkpoint.treeSize());
      }
      for (int level = 0; new TileId(level, 0).widthIn(checkpoint.treeSize()) > 0; level++) {
        exportLevel(directory, level, checkpoint.treeSize());
      }
      write(
          directory.resolve(TilePath.CHECKPOINT),
          checkpoint.note().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot export the audit log to %s: %s".formatted(directory, e.getMessage()), e);
    }
    return new Exported(checkpoint.treeSize(), checkpoint.note());
  }

  private void exportBundle(Path directory, long first, long to) throws IOException {
    int width = (int) (to - first);
    Path file = directory.resolve(TilePath.ofBundle(first / TileId.FULL_WIDTH, width));
    if (width == TileId.FULL_WIDTH && Files.exists(file)) {
      return;
    }
    List<Bytes> entries = new ArrayList<>();
    for (Placed placed : inHandle(handle -> bodies.range(handle, first, to))) {
      entries.add(placed.body().orElseThrow(() -> gone(placed.index(), file)));
    }
    write(file, EntryBundle.format(entries));
  }

  private static BrokenLogException gone(long index, Path file) {
    return new BrokenLogException(
        "entry %d of the audit log is gone, so %s is not written; find out more with countersign audit verify"
            .formatted(index, file),
        index);
  }

  private void exportLevel(Path directory, int level, long treeSize) throws IOException {
    int width;
    for (long index = 0; (width = new TileId(level, index).widthIn(treeSize)) > 0; index++) {
      TileId id = new TileId(level, index);
      Path file = directory.resolve(TilePath.ofTile(id, width));
      if (width == TileId.FULL_WIDTH && Files.exists(file)) {
        continue;
      }
      Map<TileId, Tile> tiles = inHandle(handle -> TreeRows.tiles(handle, List.of(id)));
      Tile tile = tiles.get(id);
      if (tile != null) { // what is gone is for the verifier to miss
        write(file, tile.prefix(Math.min(width, tile.width())).hashes().toArray());
      }
    }
  }

  private <T> T inHandle(Function<Handle, T> read) {
    return unitOfWork.inTransaction(transaction -> read.apply(transaction.unwrap(Handle.class)));
  }

  /// Readers see the whole file or none of it, also after a power failure: a name that is on the
  /// disk before its content would be taken for a whole file by the next export.
  private static void write(Path file, byte[] content) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer left = ByteBuffer.wrap(content);
      while (left.hasRemaining()) {
        channel.write(left);
      }
      channel.force(true);
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
