package dev.countersign.audit.store;

import dev.countersign.audit.checkpoint.LogKeys;
import dev.countersign.audit.tiles.Tile;
import dev.countersign.audit.tiles.TileId;
import dev.countersign.core.model.Bytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/// Reads entries: from the table, and those that have left it from their archive. What comes from
/// an archive is held against the tree before it is given.
public final class EntryBodies {
  /// For a log that nothing was archived of.
  public static final EntryBodies HOT = new EntryBodies(Optional.empty());

  private final Optional<EntryArchive> archive;
  private final boolean judging;

  /// @param archive the directory of the archive
  public EntryBodies(Optional<Path> archive) {
    this(archive.map(EntryArchive::new), true);
  }

  private EntryBodies(Optional<EntryArchive> archive, boolean judging) {
    this.archive = archive;
    this.judging = judging;
  }

  /// A place of the tree.
  ///
  /// @param body nothing when the entry, or its place, is gone
  public record Placed(long index, Optional<UUID> request, Optional<Bytes> body) {
    Placed with(Optional<Bytes> found) {
      return new Placed(index, request, found);
    }
  }

  /// For those who judge by themselves: an entry of the archive is given as it is, and one that the
  /// archive does not have is gone.
  EntryBodies unjudged() {
    return new EntryBodies(archive, false);
  }

  /// Whether there is somewhere to look for what has left the table.
  boolean hasArchive() {
    return archive.isPresent();
  }

  /// That the archive, where there is one, has as many entries as were archived.
  ///
  /// @throws ArchiveUnavailableException when it has fewer, or is not there
  void requireReaching(long archived, LogKeys keys) {
    if (archived > 0) {
      archive.ifPresent(from -> from.requireReaching(archived, keys));
    }
  }

  /// Every place from `from` to before `to`.
  ///
  /// @throws ArchiveUnavailableException when one has left the table, and its archive is not there
  /// @throws BrokenLogException when the archive has another entry than the tree
  public List<Placed> range(Handle handle, long from, long to) {
    return from < to ? whole(handle, TreeRows.entries(handle, from, to)) : List.of();
  }

  /// These places, in their order.
  ///
  /// @throws ArchiveUnavailableException when one has left the table, and its archive is not there
  /// @throws BrokenLogException when the archive has another entry than the tree
  public List<Placed> at(Handle handle, Collection<Long> indexes) {
    return indexes.isEmpty() ? List.of() : whole(handle, TreeRows.entries(handle, indexes));
  }

  /// The table is read first: what left it in between is known to be archived by the second look.
  private List<Placed> whole(Handle handle, List<Placed> stored) {
    if (stored.stream().allMatch(placed -> placed.body().isPresent())) {
      return stored;
    }
    long archived = ArchiveRows.archived(handle);
    TreeSet<Long> away =
        stored.stream()
            .filter(placed -> placed.body().isEmpty() && placed.index() < archived)
            .map(Placed::index)
            .collect(Collectors.toCollection(TreeSet::new));
    if (away.isEmpty() || (archive.isEmpty() && !judging)) {
      return stored;
    }
    EntryArchive from =
        archive.orElseThrow(() -> ArchiveUnavailableException.notNamed(away.first()));
    Map<Long, Bytes> found = from.entries(away);
    if (judging) {
      judge(handle, from, away, found);
    }
    List<Placed> whole = new ArrayList<>();
    for (Placed placed : stored) {
      whole.add(
          away.contains(placed.index())
              ? placed.with(Optional.ofNullable(found.get(placed.index())))
              : placed);
    }
    return whole;
  }

  private static void judge(
      Handle handle, EntryArchive from, Set<Long> away, Map<Long, Bytes> found) {
    Set<TileId> ids = away.stream().map(EntryBodies::tileOf).collect(Collectors.toSet());
    Map<TileId, Tile> tiles = TreeRows.tiles(handle, ids);
    for (long index : away) {
      Bytes body = found.get(index);
      if (body == null) {
        throw from.lacks(index);
      }
      TileId id = tileOf(index);
      Tile tile = TreeRows.require(tiles, id, index + 1);
      if (!TreeRows.leafHash(body).equals(tile.hash((int) (index - id.firstLeaf())))) {
        throw new BrokenLogException(
            "entry %d of the archive %s is not the one that was signed"
                .formatted(index, from.directory()),
            index);
      }
    }
  }

  private static TileId tileOf(long index) {
    return new TileId(0, index / TileId.FULL_WIDTH);
  }
}
