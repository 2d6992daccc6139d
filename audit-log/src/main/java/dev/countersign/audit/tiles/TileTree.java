package dev.countersign.audit.tiles;

import dev.countersign.audit.merkle.TreeHash;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// The right edge of a tree, growing: keeps the partial tile of each level and hands out the tiles
/// that changed. What lies left of the edge is in full tiles and is never needed to grow. Not for
/// concurrent use.
public final class TileTree {
  private final List<Edge> edges = new ArrayList<>();
  private final List<Tile> completed = new ArrayList<>();
  private long size;

  /// The tree without leaves.
  public TileTree() {}

  private TileTree(long size) {
    this.size = size;
  }

  /// The partial tiles of a tree, the lowest level first: at most eight.
  public static List<TileId> edgeOf(long treeSize) {
    List<TileId> ids = new ArrayList<>();
    for (int level = 0; TileId.hashesIn(level, treeSize) > 0; level++) {
      long hashes = TileId.hashesIn(level, treeSize);
      if (hashes % TileId.FULL_WIDTH != 0) {
        ids.add(new TileId(level, hashes / TileId.FULL_WIDTH));
      }
    }
    return ids;
  }

  /// The tree of `treeSize` leaves again, from the tiles that [#edgeOf] names; they may be wider
  /// than they were then.
  public static TileTree resume(long treeSize, Function<TileId, Tile> tiles) {
    TileTree tree = new TileTree(treeSize);
    for (TileId id : edgeOf(treeSize)) {
      Edge edge = tree.edge(id.level());
      edge.width = id.widthIn(treeSize);
      Tile tile = tiles.apply(id).prefix(edge.width);
      System.arraycopy(tile.hashes().toArray(), 0, edge.hashes, 0, tile.hashes().size());
    }
    return tree;
  }

  public void append(Digest32 leaf) {
    size++;
    Digest32 hash = leaf;
    for (int level = 0; ; level++) {
      Edge edge = edge(level);
      edge.push(hash);
      if (edge.width < TileId.FULL_WIDTH) {
        return;
      }
      // The tile's index from the leaves before it; the one after it starts empty.
      Tile full = edge.tile(level, (TileId.hashesIn(level, size) - 1) / TileId.FULL_WIDTH);
      completed.add(full);
      edge.clear();
      hash = full.root();
    }
  }

  /// How many leaves there are.
  public long size() {
    return size;
  }

  public Digest32 root() {
    List<Digest32> peaks = new ArrayList<>();
    for (int level = edges.size() - 1; level >= 0; level--) {
      if (edges.get(level).width > 0) {
        peaks.addAll(edges.get(level).tile(level, 0).peaks());
      }
    }
    return peaks.isEmpty() ? TreeHash.EMPTY_ROOT : TreeHash.fold(peaks);
  }

  /// The tiles that became full or wider since this was last asked.
  public List<Tile> takeChanged() {
    List<Tile> changed = new ArrayList<>(completed);
    completed.clear();
    for (int level = 0; level < edges.size(); level++) {
      Edge edge = edges.get(level);
      if (edge.changed && edge.width > 0) {
        changed.add(edge.tile(level, TileId.hashesIn(level, size) / TileId.FULL_WIDTH));
      }
      edge.changed = false;
    }
    return changed;
  }

  private Edge edge(int level) {
    while (edges.size() <= level) {
      edges.add(new Edge());
    }
    return edges.get(level);
  }

  /// The partial tile of one level.
  private static final class Edge {
    private final byte[] hashes = new byte[TileId.FULL_WIDTH * Digest32.SIZE];
    private int width;
    private boolean changed;

    void push(Digest32 hash) {
      System.arraycopy(hash.bytes().toArray(), 0, hashes, width * Digest32.SIZE, Digest32.SIZE);
      width++;
      changed = true;
    }

    Tile tile(int level, long index) {
      return new Tile(
          new TileId(level, index), Bytes.of(Arrays.copyOf(hashes, width * Digest32.SIZE)));
    }

    void clear() {
      width = 0;
      changed = false;
    }
  }
}
