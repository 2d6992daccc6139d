package dev.countersign.policy.replay;

import dev.countersign.core.decision.LimitWindow;
import dev.countersign.policy.evaluation.SpendingView;
import dev.countersign.policy.evaluation.Verdict.Charge;
import dev.countersign.policy.rule.ScopeKey;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/// The limits of a draft in memory, along a time that only goes forward. A charge counts from its
/// time on, for as long as the window, or until it was given back, as in the ledger. Not safe for
/// concurrent use.
final class ReplayCounters implements SpendingView {
  private final int most;
  private final Map<ScopeKey, Counter> counters = new HashMap<>();
  private Instant now = Instant.MIN;
  private int kept;

  /// @param most how many charges are kept at once
  ReplayCounters(int most) {
    this.most = most;
  }

  private record Entry(Instant from, Instant until, BigInteger amount) {}

  private static final class Counter {
    private final PriorityQueue<Entry> later =
        new PriorityQueue<>(Comparator.comparing(Entry::from));
    private final PriorityQueue<Entry> counting =
        new PriorityQueue<>(Comparator.comparing(Entry::until));
    private BigInteger sum = BigInteger.ZERO;

    /// @return how many have ended
    int moveTo(Instant now) {
      int ended = 0;
      while (!later.isEmpty() && !later.element().from().isAfter(now)) {
        Entry begins = later.remove();
        counting.add(begins);
        sum = sum.add(begins.amount());
      }
      while (!counting.isEmpty() && !counting.element().until().isAfter(now)) {
        sum = sum.subtract(counting.remove().amount());
        ended++;
      }
      return ended;
    }
  }

  /// Goes on to `at`, unless it is there already.
  void moveTo(Instant at) {
    now = at.isAfter(now) ? at : now;
  }

  @Override
  public BigInteger spent(ScopeKey scope) {
    Counter counter = counters.get(scope);
    if (counter == null) {
      return BigInteger.ZERO;
    }
    kept -= counter.moveTo(now);
    return counter.sum;
  }

  /// @param from when it begins to count
  /// @param returned when it was given back, if it was
  /// @param windows of all scopes of `charges`
  /// @throws ReplayTooLargeException when there are too many to keep
  void charge(
      List<Charge> charges,
      Instant from,
      Optional<Instant> returned,
      Map<ScopeKey, LimitWindow> windows) {
    for (Charge charge : charges) {
      Instant ends =
          switch (windows.get(charge.scope())) {
            case LimitWindow.Sliding(Duration length) -> from.plus(length);
            case LimitWindow.Lifetime _ -> Instant.MAX;
            case null -> from;
          };
      Instant until = returned.filter(ends::isAfter).orElse(ends);
      counters
          .computeIfAbsent(charge.scope(), _ -> new Counter())
          .later
          .add(new Entry(from, until, charge.amount()));
      kept++;
    }
    if (kept > most) {
      counters.values().forEach(counter -> kept -= counter.moveTo(now));
      counters.values().removeIf(counter -> counter.later.isEmpty() && counter.counting.isEmpty());
      if (kept > most) {
        throw new ReplayTooLargeException(most);
      }
    }
  }
}
