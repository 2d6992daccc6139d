package dev.countersign.server.balance;

import dev.countersign.core.model.ChainId;
import dev.countersign.nonce.loop.BackgroundLoop;
import dev.countersign.vault.balance.BalanceWatch;
import dev.countersign.vault.balance.Balances;
import dev.countersign.vault.store.BalanceWatchTable.Last;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Watches the balances of every chain, each on a thread of its own. Of several instances one at a
/// time reads a chain; all of them know when that was last done.
public final class BalanceWatching implements AutoCloseable {
  /// Balances that were not looked at for so long, or for so many intervals, are a problem.
  private static final Duration LATE = Duration.ofMinutes(5);

  private static final int LATE_INTERVALS = 20;

  private final List<BalanceWatch> watches;
  private final List<BackgroundLoop> loops;
  private final Balances balances;
  private final InstantSource clock;
  private final Instant made;
  private final Map<ChainId, Instant> lastReads = new ConcurrentHashMap<>();

  public BalanceWatching(List<BalanceWatch> watches, Balances balances, InstantSource clock) {
    this.watches = List.copyOf(watches);
    this.balances = balances;
    this.clock = clock;
    this.made = clock.instant();
    this.loops =
        watches.stream()
            .map(watch -> new BackgroundLoop("balances " + chain(watch), () -> step(watch)))
            .toList();
  }

  private static ChainId chain(BalanceWatch watch) {
    return watch.terms().chain();
  }

  /// What others read is known before this one tries, as it may be alone in having no node.
  private Duration step(BalanceWatch watch) {
    for (Last last : balances.lastReads()) {
      lastReads.put(last.block().chain(), last.at());
    }
    watch.round();
    return watch.terms().interval();
  }

  public void start() {
    loops.forEach(BackgroundLoop::start);
  }

  public List<BalanceWatch> watches() {
    return watches;
  }

  /// How long the balances of a chain were not looked at: since they last were, by any instance, or
  /// since this one began.
  public Duration age(ChainId chain) {
    Duration age = Duration.between(lastReads.getOrDefault(chain, made), clock.instant());
    return age.isNegative() ? Duration.ZERO : age;
  }

  /// What keeps breakers on balances from seeing anything.
  public Optional<String> problem(BalanceWatch watch) {
    Duration age = age(chain(watch));
    Duration intervals = watch.terms().interval().multipliedBy(LATE_INTERVALS);
    return age.compareTo(LATE) > 0 && age.compareTo(intervals) > 0
        ? Optional.of(
            "not read for %d s: what leaves wallets is not seen, and no breaker on balances trips"
                .formatted(age.toSeconds()))
        : Optional.empty();
  }

  @Override
  public void close() {
    loops.forEach(BackgroundLoop::stop);
    loops.forEach(BackgroundLoop::close);
    watches.forEach(BalanceWatch::close);
  }
}
