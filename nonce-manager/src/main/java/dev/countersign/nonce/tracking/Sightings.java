package dev.countersign.nonce.tracking;

import dev.countersign.core.model.Digest32;
import dev.countersign.nonce.node.BlockHead;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What is believed only when it is seen at several heads in a row: nodes index what is mined with
/// a delay, and a quorum of them may be behind for a moment. Not for several threads at once.
final class Sightings<T> {
  /// Heads at which it must be seen.
  private static final int HEADS = 3;

  /// A head that stays for this long counts again: some chains have a block only when there is a
  /// transaction.
  private static final Duration INTERVAL = Duration.ofSeconds(15);

  private final Map<T, Seen> seen = new HashMap<>();

  /// @param head the last one
  /// @param since when it was seen there first
  /// @param count at how many different ones in a row
  private record Seen(Digest32 head, Instant since, int count) {

    Seen at(Digest32 now, Instant time) {
      return now.equals(head) && time.isBefore(since.plus(INTERVAL))
          ? this
          : new Seen(now, time, count + 1);
    }
  }

  /// Takes note of what is seen at a head, and forgets what is not.
  ///
  /// @return what was seen at enough of them
  List<T> at(BlockHead head, Instant time, Collection<T> now) {
    seen.keySet().retainAll(now);
    List<T> enough = new ArrayList<>();
    for (T one : now) {
      Seen before = seen.get(one);
      Seen after = before == null ? new Seen(head.hash(), time, 1) : before.at(head.hash(), time);
      seen.put(one, after);
      if (after.count() >= HEADS) {
        enough.add(one);
      }
    }
    return enough;
  }

  boolean isEmpty() {
    return seen.isEmpty();
  }

  void forget(T one) {
    seen.remove(one);
  }

  void forget() {
    seen.clear();
  }
}
