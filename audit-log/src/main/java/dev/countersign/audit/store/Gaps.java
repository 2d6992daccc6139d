package dev.countersign.audit.store;

import java.util.Collection;
import java.util.Collections;
import java.util.Set;

/// Ids that were given out and have not shown up: their transactions are still running, or were
/// rolled back. Ids are given out before commit, so a lower one can show up after a higher one;
/// none may be missed, and none may be waited for forever.
///
/// Every writer takes a lock on the table before it is given an id, and keeps it until after its
/// commit can be seen. So when a gap is known, then the lock's holders are listed, and then all of
/// them have ended: what has not shown up by then is dead. To do that for no more than two groups
/// of gaps, new ones wait as `young` until the `old` ones are settled, and then grow old together.
///
/// @param young gaps found since the old ones were found
/// @param old gaps that only one of `writers` can fill
/// @param writers virtual transactions that held the lock when all of `old` were known
record Gaps(IdRanges young, IdRanges old, Set<String> writers) {
  static final Gaps NONE = new Gaps(IdRanges.NONE, IdRanges.NONE, Set.of());

  Gaps {
    writers = Set.copyOf(writers);
  }

  boolean isEmpty() {
    return young.isEmpty() && old.isEmpty();
  }

  /// The gaps after one more look at the table.
  ///
  /// @param running who held the lock; asked after these gaps were known and before the look
  /// @param seen the ids that showed up in the look, at least all of those in these gaps
  /// @param found ids above all of these that had not shown up in the look
  Gaps after(Set<String> running, Collection<Long> seen, IdRanges found) {
    IdRanges stillYoung = young.without(seen);
    IdRanges stillOld = old.without(seen);
    boolean settled = stillOld.isEmpty() || Collections.disjoint(writers, running);
    if (!settled) {
      return new Gaps(stillYoung.and(found), stillOld, writers);
    }
    return new Gaps(found, stillYoung, stillYoung.isEmpty() ? Set.of() : running);
  }
}
