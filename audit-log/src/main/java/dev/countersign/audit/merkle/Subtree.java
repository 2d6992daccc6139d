package dev.countersign.audit.merkle;

import java.util.ArrayList;
import java.util.List;

/// A perfect subtree: the 2^`level` leaves from `index` * 2^`level` on. At level 0 a leaf.
public record Subtree(int level, long index) {

  /// The perfect subtrees that make up the leaves from `begin` to before `end`, the largest first.
  ///
  /// @param begin a multiple of the largest power of two that fits into the range, as it is for
  ///     every range that RFC 6962 splits a tree into
  public static List<Subtree> covering(long begin, long end) {
    List<Subtree> parts = new ArrayList<>();
    long at = begin;
    while (at < end) {
      int level = Long.SIZE - 1 - Long.numberOfLeadingZeros(end - at);
      parts.add(new Subtree(level, at >>> level));
      at += 1L << level;
    }
    return parts;
  }
}
