package dev.countersign.audit.store;

import dev.countersign.audit.checkpoint.WitnessPolicy;
import dev.countersign.audit.store.TreeRows.StoredCheckpoint;
import dev.countersign.audit.tiles.EntryBundle;
import dev.countersign.audit.tiles.LogFile;
import dev.countersign.audit.tiles.Tile;
import dev.countersign.audit.tiles.TileId;
import dev.countersign.audit.verify.LogFiles;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.port.UnitOfWork;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// The files of the log straight from the database, as an export would write them: each up to the
/// latest checkpoint, also in the widths that they had before. It judges nothing: what is gone from
/// the tables shows as an empty entry or a missing file, unless it is [#whole].
public final class DatabaseLogFiles implements LogFiles {
  private final UnitOfWork unitOfWork;
  private final WitnessPolicy policy;
  private final EntryBodies bodies;
  private final boolean isWhole;

  /// @param unitOfWork with a login that may read the tables of the log
  public DatabaseLogFiles(UnitOfWork unitOfWork) {
    this(unitOfWork, WitnessPolicy.NONE);
  }

  /// @param policy what a checkpoint needs before it is given out
  public DatabaseLogFiles(UnitOfWork unitOfWork, WitnessPolicy policy) {
    this(unitOfWork, policy, EntryBodies.HOT);
  }

  /// @param policy what a checkpoint needs before it is given out
  /// @param bodies with the archive, where there is one
  public DatabaseLogFiles(UnitOfWork unitOfWork, WitnessPolicy policy, EntryBodies bodies) {
    this(unitOfWork, policy, bodies, false);
  }

  private DatabaseLogFiles(
      UnitOfWork unitOfWork, WitnessPolicy policy, EntryBodies bodies, boolean isWhole) {
    this.unitOfWork = unitOfWork;
    this.policy = policy;
    this.bodies = bodies;
    this.isWhole = isWhole;
  }

  /// {@return the same files for those who hand them on: one that has lost something is refused
  /// with a [BrokenLogException], since a file that was handed out once is kept for good by who has
  /// it}
  public DatabaseLogFiles whole() {
    return new DatabaseLogFiles(unitOfWork, policy, bodies, true);
  }

  /// @throws BrokenLogException when these are [#whole], and the file has lost something
  /// @throws dev.countersign.core.port.StoreUnavailableException when the database is not there
  /// @throws ArchiveUnavailableException when entries of the file are in an archive that is not
  @Override
  public Optional<byte[]> read(String path) {
    return LogFile.parse(path)
        .flatMap(
            file ->
                unitOfWork.inTransaction(
                    transaction -> read(transaction.unwrap(Handle.class), file)));
  }

  private Optional<byte[]> read(Handle handle, LogFile file) {
    Optional<StoredCheckpoint> latest = CosignatureRows.published(handle, policy);
    if (latest.isEmpty()) {
      return Optional.empty();
    }
    long size = latest.get().treeSize();
    return switch (file) {
      case LogFile.SignedNote _ ->
          Optional.of(latest.get().note().getBytes(StandardCharsets.UTF_8));
      case LogFile.Hashes(TileId id, int width) ->
          id.widthIn(size) < width ? Optional.empty() : hashes(handle, id, width);
      case LogFile.Entries(long bundle, int width) ->
          new TileId(0, bundle).widthIn(size) < width
              ? Optional.empty()
              : Optional.of(entries(handle, bundle, width));
    };
  }

  private Optional<byte[]> hashes(Handle handle, TileId id, int width) {
    Map<TileId, Tile> tiles = TreeRows.tiles(handle, List.of(id));
    Optional<Tile> stored = Optional.ofNullable(tiles.get(id));
    if (isWhole && stored.filter(tile -> tile.width() >= width).isEmpty()) {
      throw new BrokenLogException("%s has lost hashes of the signed tree".formatted(id));
    }
    return stored.map(tile -> tile.prefix(Math.min(width, tile.width())).hashes().toArray());
  }

  private byte[] entries(Handle handle, long bundle, int width) {
    long first = bundle * TileId.FULL_WIDTH;
    List<Bytes> entries =
        bodies.range(handle, first, first + width).stream()
            .map(placed -> placed.body().orElseGet(() -> gone(placed.index())))
            .toList();
    return EntryBundle.format(entries);
  }

  private Bytes gone(long index) {
    if (isWhole) {
      throw new BrokenLogException("entry %d is gone from the tables".formatted(index), index);
    }
    return Bytes.EMPTY;
  }
}
