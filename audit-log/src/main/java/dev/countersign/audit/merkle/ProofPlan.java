package dev.countersign.audit.merkle;

import dev.countersign.core.model.Digest32;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Which subtrees a proof is made of, known before any hash is read: whoever stores the hashes can
/// fetch them all in one go. O(log n) of them.
///
/// @param terms for each hash of the proof, in the proof's order, the subtrees it folds together
public record ProofPlan(List<List<Subtree>> terms) {
  public ProofPlan {
    terms = terms.stream().map(List::copyOf).toList();
  }

  /// For an inclusion proof (RFC 6962, section 2.1.1): the siblings from the leaf up to the root.
  public static ProofPlan inclusion(long index, long treeSize) {
    if (index < 0 || index >= treeSize) {
      throw new IllegalArgumentException(
          "no entry %d in a tree of %d entries".formatted(index, treeSize));
    }
    List<List<Subtree>> terms = new ArrayList<>();
    siblings(index, 0, treeSize, terms);
    return new ProofPlan(terms);
  }

  private static void siblings(long index, long begin, long end, List<List<Subtree>> terms) {
    if (end - begin == 1) {
      return;
    }
    long middle = begin + largestPowerBelow(end - begin);
    if (index < middle) {
      siblings(index, begin, middle, terms);
      terms.add(Subtree.covering(middle, end));
    } else {
      siblings(index, middle, end, terms);
      terms.add(Subtree.covering(begin, middle));
    }
  }

  /// For a consistency proof (RFC 6962, section 2.1.2) that the tree of `from` entries is a prefix
  /// of the tree of `to` entries. Empty when `from` is 0 or `to`.
  public static ProofPlan consistency(long from, long to) {
    if (from < 0 || from > to) {
      throw new IllegalArgumentException(
          "no tree of %d entries is a prefix of one of %d".formatted(from, to));
    }
    List<List<Subtree>> terms = new ArrayList<>();
    if (from > 0 && from < to) {
      prefix(from, 0, to, true, terms);
    }
    return new ProofPlan(terms);
  }

  /// @param whole whether the old tree is all that was left of the way down, so that its root is
  /// known already
  private static void prefix(
      long from, long begin, long end, boolean whole, List<List<Subtree>> terms) {
    if (from == end) {
      if (!whole) {
        terms.add(Subtree.covering(begin, end));
      }
      return;
    }
    long middle = begin + largestPowerBelow(end - begin);
    if (from <= middle) {
      prefix(from, begin, middle, whole, terms);
      terms.add(Subtree.covering(middle, end));
    } else {
      prefix(from, middle, end, false, terms);
      terms.add(Subtree.covering(begin, middle));
    }
  }

  /// Every subtree whose hash [#resolve] will ask for.
  public List<Subtree> subtrees() {
    return terms.stream().flatMap(List::stream).toList();
  }

  /// The hashes of the proof.
  public List<Digest32> resolve(Function<Subtree, Digest32> hashes) {
    return terms.stream().map(term -> TreeHash.fold(term.stream().map(hashes).toList())).toList();
  }

  /// @param size 2 or more
  private static long largestPowerBelow(long size) {
    return Long.highestOneBit(size - 1);
  }
}
