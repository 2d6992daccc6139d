package dev.countersign.audit.verify;

import dev.countersign.audit.tiles.EntryBundle;
import dev.countersign.audit.tiles.Tile;
import dev.countersign.audit.tiles.TileId;
import dev.countersign.audit.tiles.TilePath;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import java.util.List;
import java.util.Optional;

/// The files of a log of a certain size, as far as they are there and in form. A partial file may
/// have been deleted since there is the full one, which begins with it (C2SP tlog-tiles).
///
/// @param treeSize how many entries the log should have
/// @param awayBelow an entry with an index below this may be kept elsewhere; then an empty one
/// stands for it
record LogContent(LogFiles files, long treeSize, long awayBelow) {

  long bundles() {
    return (treeSize + TileId.FULL_WIDTH - 1) / TileId.FULL_WIDTH;
  }

  /// How many entries bundle `index` should hold.
  int bundleWidth(long index) {
    return new TileId(0, index).widthIn(treeSize);
  }

  /// What there is of a bundle; see [#isWhole].
  EntryBundle bundle(long index) {
    int width = bundleWidth(index);
    EntryBundle nothing = new EntryBundle(List.of(), 0);
    return files
        .read(TilePath.ofBundle(index, width))
        .map(EntryBundle::parse)
        .orElseGet(
            () ->
                files
                    .read(TilePath.ofBundle(index, TileId.FULL_WIDTH))
                    .map(file -> EntryBundle.parse(file).prefix(width))
                    .orElse(nothing));
  }

  /// The hash that the files have for an entry which is kept elsewhere; nothing for all others.
  Optional<Digest32> hashOfAway(long index, Bytes entry) {
    if (index >= awayBelow || !entry.isEmpty()) {
      return Optional.empty();
    }
    TileId id = new TileId(0, index / TileId.FULL_WIDTH);
    return tile(id).map(tile -> tile.hash((int) (index - id.firstLeaf())));
  }

  /// Whether a bundle has the entries it should have, and nothing else.
  boolean isWhole(long index, EntryBundle bundle) {
    return bundle.entries().size() == bundleWidth(index) && bundle.strayBytes() == 0;
  }

  /// A tile as wide as this log has it, or nothing when it is missing, or of another size.
  Optional<Tile> tile(TileId id) {
    int size = id.widthIn(treeSize) * Digest32.SIZE;
    int fullSize = TileId.FULL_WIDTH * Digest32.SIZE;
    return files
        .read(TilePath.ofTile(id, id.widthIn(treeSize)))
        .filter(file -> file.length == size)
        .or(
            () ->
                files
                    .read(TilePath.ofTile(id, TileId.FULL_WIDTH))
                    .filter(file -> file.length == fullSize))
        .map(file -> new Tile(id, Bytes.of(file).slice(0, size)));
  }
}
