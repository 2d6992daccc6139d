package dev.countersign.audit.tiles;

import dev.countersign.audit.merkle.Subtree;
import dev.countersign.audit.merkle.TreeHash;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import java.util.ArrayList;
import java.util.List;

/// A tile with its hashes.
///
/// @param hashes 1 to 256 hashes of 32 bytes each, one after the other
public record Tile(TileId id, Bytes hashes) {

  /// @throws IllegalArgumentException when `hashes` are not 1 to 256 whole hashes
  public Tile {
    if (hashes.isEmpty()
        || hashes.size() % Digest32.SIZE != 0
        || hashes.size() > TileId.FULL_WIDTH * Digest32.SIZE) {
      throw new IllegalArgumentException(
          "tile %d/%d: expected 1 to 256 hashes of 32 bytes, got %d bytes"
              .formatted(id.level(), id.index(), hashes.size()));
    }
  }

  public int width() {
    return hashes.size() / Digest32.SIZE;
  }

  public boolean isFull() {
    return width() == TileId.FULL_WIDTH;
  }

  /// @param position in this tile, 0 to below its width
  public Digest32 hash(int position) {
    return new Digest32(hashes.slice(position * Digest32.SIZE, (position + 1) * Digest32.SIZE));
  }

  /// The root over all hashes of a full tile: what the tile above has for it.
  public Digest32 root() {
    return TreeHash.perfectRoot(hashes.toArray(), 0, TileId.FULL_WIDTH);
  }

  /// The roots of the perfect subtrees that all of its hashes make up, the largest first.
  public List<Digest32> peaks() {
    byte[] bytes = hashes.toArray();
    List<Digest32> peaks = new ArrayList<>();
    for (int from = 0; from < width(); ) {
      int count = Integer.highestOneBit(width() - from);
      peaks.add(TreeHash.perfectRoot(bytes, from, count));
      from += count;
    }
    return peaks;
  }

  /// The first `width` hashes alone, as the tile was when its tree was smaller.
  public Tile prefix(int width) {
    return width == width() ? this : new Tile(id, hashes.slice(0, width * Digest32.SIZE));
  }

  /// The root of a subtree that lies in this tile.
  ///
  /// @throws IllegalArgumentException when it does not, or the tile is not that wide yet
  public Digest32 subtree(Subtree subtree) {
    int inside = subtree.level() % TileId.HEIGHT;
    int count = 1 << inside;
    int first = (int) ((subtree.index() << inside) % TileId.FULL_WIDTH);
    if (!TileId.holding(subtree).equals(id) || first + count > width()) {
      throw new IllegalArgumentException(
          "tile %s of width %d does not hold %s".formatted(id, width(), subtree));
    }
    return TreeHash.perfectRoot(hashes.toArray(), first, count);
  }
}
