package dev.countersign.audit.merkle;

import dev.countersign.core.model.Digest32;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The definitions of RFC 6962, section 2.1, word for word and slow: what the real tree is held
/// against.
public final class ReferenceTree {
  private final List<Digest32> leaves;

  public ReferenceTree(List<Digest32> leaves) {
    this.leaves = List.copyOf(leaves);
  }

  /// Leaves that differ from each other.
  public static ReferenceTree ofSize(int size) {
    List<Digest32> leaves = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      leaves.add(TreeHash.leaf(("entry " + i).getBytes(StandardCharsets.UTF_8)));
    }
    return new ReferenceTree(leaves);
  }

  public List<Digest32> leaves() {
    return leaves;
  }

  public Digest32 root() {
    return root(leaves.size());
  }

  public Digest32 root(int size) {
    return mth(0, size);
  }

  /// MTH(D[from:to]).
  public Digest32 mth(int from, int to) {
    if (from == to) {
      return TreeHash.EMPTY_ROOT;
    }
    if (to - from == 1) {
      return leaves.get(from);
    }
    int middle = from + split(to - from);
    return TreeHash.node(mth(from, middle), mth(middle, to));
  }

  /// PATH(m, D[0:size]).
  public List<Digest32> path(int index, int size) {
    return path(index, 0, size);
  }

  private List<Digest32> path(int m, int from, int to) {
    List<Digest32> path = new ArrayList<>();
    if (to - from > 1) {
      int k = split(to - from);
      if (m < k) {
        path.addAll(path(m, from, from + k));
        path.add(mth(from + k, to));
      } else {
        path.addAll(path(m - k, from + k, to));
        path.add(mth(from, from + k));
      }
    }
    return path;
  }

  /// PROOF(m, D[0:size]).
  public List<Digest32> consistency(int m, int size) {
    return m == 0 ? List.of() : subproof(m, 0, size, true);
  }

  private List<Digest32> subproof(int m, int from, int to, boolean b) {
    List<Digest32> proof = new ArrayList<>();
    int n = to - from;
    if (m == n) {
      if (!b) {
        proof.add(mth(from, to));
      }
      return proof;
    }
    int k = split(n);
    if (m <= k) {
      proof.addAll(subproof(m, from, from + k, b));
      proof.add(mth(from + k, to));
    } else {
      proof.addAll(subproof(m - k, from + k, to, false));
      proof.add(mth(from, from + k));
    }
    return proof;
  }

  /// The largest power of two smaller than `n`.
  private static int split(int n) {
    int k = 1;
    while (2 * k < n) {
      k *= 2;
    }
    return k;
  }
}
