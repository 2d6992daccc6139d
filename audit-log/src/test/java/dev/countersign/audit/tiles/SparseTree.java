package dev.countersign.audit.tiles;

import dev.countersign.audit.merkle.Subtree;
import dev.countersign.audit.merkle.TreeHash;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/// A tree of any size whose entries are all the same but for a few: every tile and every root can
/// be computed when it is asked for, by the definition of RFC 6962, section 2.1, without the rest
/// of the tree. What lies between the few is alike, and is computed once for each height.
final class SparseTree {
  /// Stands for the index of every subtree without any of the few.
  private static final long SAME = -1;

  private final long size;
  private final NavigableSet<Long> few;
  private final Map<Subtree, Digest32> roots = new HashMap<>();

  /// @param few the indexes of the entries that differ from all others and each other
  SparseTree(long size, Iterable<Long> few) {
    this.size = size;
    this.few = new TreeSet<>();
    few.forEach(this.few::add);
  }

  long size() {
    return size;
  }

  Digest32 leaf(long index) {
    long number = few.contains(index) ? index : -1;
    return TreeHash.leaf(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
  }

  /// MTH(D[0:first]).
  Digest32 root(long first) {
    return root(0, first);
  }

  /// MTH(D[from:to]), where `from` is a multiple of the largest power of two in the range.
  private Digest32 root(long from, long to) {
    long count = to - from;
    if (count == 0) {
      return TreeHash.EMPTY_ROOT;
    }
    if (Long.bitCount(count) == 1) {
      return perfect(Long.numberOfTrailingZeros(count), from);
    }
    long middle = from + Long.highestOneBit(count);
    return TreeHash.node(root(from, middle), root(middle, to));
  }

  private Digest32 perfect(int height, long from) {
    long to = from + (1L << height);
    boolean same = few.subSet(from, true, to, false).isEmpty();
    Subtree subtree = new Subtree(height, same ? SAME : from >> height);
    Digest32 known = roots.get(subtree);
    if (known != null) {
      return known;
    }
    long middle = from + (1L << height) / 2;
    Digest32 root =
        height == 0
            ? leaf(from)
            : TreeHash.node(perfect(height - 1, from), perfect(height - 1, middle));
    roots.put(subtree, root);
    return root;
  }

  /// A tile as the tree of this size has it.
  Tile tile(TileId id) {
    int width = id.widthIn(size);
    ByteBuffer hashes = ByteBuffer.allocate(width * Digest32.SIZE);
    for (int position = 0; position < width; position++) {
      long from = id.leafBelow(position);
      hashes.put(root(from, from + (1L << (TileId.HEIGHT * id.level()))).bytes().toArray());
    }
    return new Tile(id, Bytes.of(hashes.array()));
  }
}
