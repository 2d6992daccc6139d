package dev.countersign.audit.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/// A set of ids as ranges, in order: transactions that roll back leave whole runs of them.
///
/// @param bounds the first and the last id of each range, one after the other
record IdRanges(List<Long> bounds) {
  static final IdRanges NONE = new IdRanges(List.of());

  IdRanges {
    bounds = List.copyOf(bounds);
    long before = Long.MIN_VALUE;
    for (int i = 0; i < bounds.size(); i += 2) {
      if (i + 1 == bounds.size() || bounds.get(i) <= before || bounds.get(i + 1) < bounds.get(i)) {
        throw new IllegalArgumentException("not ranges in order: " + bounds);
      }
      before = bounds.get(i + 1);
    }
  }

  /// All ids above `low` and below or equal to `high`.
  static IdRanges between(long low, long high) {
    return low < high ? new IdRanges(List.of(low + 1, high)) : NONE;
  }

  boolean isEmpty() {
    return bounds.isEmpty();
  }

  boolean contains(long id) {
    for (int i = 0; i < bounds.size(); i += 2) {
      if (id >= bounds.get(i) && id <= bounds.get(i + 1)) {
        return true;
      }
    }
    return false;
  }

  /// These without `ids`.
  IdRanges without(Collection<Long> ids) {
    TreeSet<Long> taken = new TreeSet<>(ids);
    List<Long> rest = new ArrayList<>();
    for (int i = 0; i < bounds.size(); i += 2) {
      long from = bounds.get(i);
      long to = bounds.get(i + 1);
      for (long id : taken.subSet(from, true, to, true)) {
        addRange(from, id - 1, rest);
        from = id + 1;
      }
      addRange(from, to, rest);
    }
    return new IdRanges(rest);
  }

  /// These and those after them.
  ///
  /// @param later all of its ids are above these
  IdRanges and(IdRanges later) {
    List<Long> all = new ArrayList<>(bounds);
    all.addAll(later.bounds);
    return new IdRanges(all);
  }

  private static void addRange(long from, long to, List<Long> ranges) {
    if (from <= to) {
      ranges.add(from);
      ranges.add(to);
    }
  }
}
