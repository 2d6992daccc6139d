package dev.countersign.audit.merkle;

import dev.countersign.core.model.Digest32;
import java.util.ArrayList;
import java.util.List;

/// A tree that grows leaf by leaf and remembers no more than its roots need: one hash for each bit
/// that is set in its size. Not for concurrent use.
public final class CompactRange {
  /// The roots of the perfect subtrees, the largest first.
  private final List<Digest32> peaks = new ArrayList<>();

  private long size;

  public void append(Digest32 leaf) {
    Digest32 hash = leaf;
    for (long carry = size; (carry & 1) == 1; carry >>= 1) {
      hash = TreeHash.node(peaks.removeLast(), hash);
    }
    peaks.add(hash);
    size++;
  }

  /// How many leaves there are.
  public long size() {
    return size;
  }

  /// The roots of the perfect subtrees that the leaves make up, the largest first.
  public List<Digest32> peaks() {
    return List.copyOf(peaks);
  }

  public Digest32 root() {
    return peaks.isEmpty() ? TreeHash.EMPTY_ROOT : TreeHash.fold(peaks);
  }
}
