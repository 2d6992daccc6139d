package dev.countersign.audit.tiles;

import dev.countersign.audit.merkle.Subtree;

/// The name of a tile: 256 neighbouring hashes of one tree level out of eight.
///
/// @param level 0 for leaf hashes; each hash of level `l` is the root over 256^l leaves
/// @param index of the tile within its level, from 0
public record TileId(int level, long index) {
  /// How many hashes a full tile has, and how many entries a full bundle.
  public static final int FULL_WIDTH = 256;

  /// How many tree levels one tile spans.
  static final int HEIGHT = 8;

  /// The tile whose hashes `subtree` is the root of some of.
  public static TileId holding(Subtree subtree) {
    int inside = subtree.level() % HEIGHT;
    return new TileId(subtree.level() / HEIGHT, subtree.index() >>> (HEIGHT - inside));
  }

  /// The index of the first leaf below this tile.
  public long firstLeaf() {
    return leafBelow(0);
  }

  /// The index of the first leaf below one hash of this tile.
  public long leafBelow(int position) {
    return (index * FULL_WIDTH + position) << (HEIGHT * level);
  }

  /// How many hashes of this tile a tree of `treeSize` leaves fills: 0 to 256.
  public int widthIn(long treeSize) {
    long hashes = hashesIn(level, treeSize);
    return Math.clamp(hashes - index * FULL_WIDTH, 0, FULL_WIDTH);
  }

  /// How many hashes a whole level has in a tree of `treeSize` leaves.
  static long hashesIn(int level, long treeSize) {
    int shift = HEIGHT * level;
    return shift >= Long.SIZE ? 0 : treeSize >>> shift;
  }
}
