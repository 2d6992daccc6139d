package dev.countersign.server.metrics;

import dev.countersign.server.balance.BalanceWatching;
import dev.countersign.vault.balance.BalanceWatch;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/// For each chain, how long ago balances were read, and how many decreases nothing explained.
public final class BalanceMetrics {
  private static final String CHAIN = "chain";

  private BalanceMetrics() {}

  public static void register(BalanceWatching watching, MeterRegistry registry) {
    for (BalanceWatch watch : watching.watches()) {
      String chain = watch.terms().chain().caip2();
      Gauge.builder(
              "countersign.balance.observation.age",
              () -> watching.age(watch.terms().chain()).toSeconds())
          .description("Seconds since the balances of a chain were last read, by any instance")
          .baseUnit("seconds")
          .tag(CHAIN, chain)
          .register(registry);
      FunctionCounter.builder("countersign.balance.unexplained", watch, BalanceWatch::alarms)
          .description("Decreases of balances that nothing explained, found on this instance")
          .tag(CHAIN, chain)
          .register(registry);
    }
  }
}
