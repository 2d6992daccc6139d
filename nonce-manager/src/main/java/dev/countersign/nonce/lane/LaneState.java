package dev.countersign.nonce.lane;

import dev.countersign.core.model.Nonce;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// Which nonces of a lane nobody owns: those released, and everything from `next` on.
///
/// @param free ascending, without doubles, all below `next`
record LaneState(Nonce next, List<Nonce> free) {
  LaneState {
    SortedSet<Nonce> ascending = new TreeSet<>(free);
    if (ascending.size() != free.size()
        || (!ascending.isEmpty() && ascending.last().compareTo(next) >= 0)) {
      throw new IllegalArgumentException(
          "free nonces %s: expected each once and below %s".formatted(free, next));
    }
    free = List.copyOf(ascending);
  }

  static LaneState opened(Nonce next) {
    return new LaneState(next, List.of());
  }

  /// The lowest that nobody owns.
  Nonce lowest() {
    return free.isEmpty() ? next : free.getFirst();
  }

  /// Somebody owns [#lowest] now.
  LaneState taken() {
    return free.isEmpty()
        ? new LaneState(next.next(), free)
        : new LaneState(next, free.subList(1, free.size()));
  }

  /// As it goes on when `mined` transactions of the account are mined, whoever signed them.
  LaneState from(Nonce mined) {
    return new LaneState(
        mined.compareTo(next) > 0 ? mined : next,
        free.stream().filter(nonce -> nonce.compareTo(mined) >= 0).toList());
  }

  /// Nobody owns `nonce` any longer.
  ///
  /// @throws IllegalArgumentException when nobody did
  LaneState released(Nonce nonce) {
    List<Nonce> more = new ArrayList<>(free);
    more.add(nonce);
    return new LaneState(next, more);
  }
}
