package dev.countersign.testenv.chain;

import java.time.Duration;

/// When the chain makes blocks.
public sealed interface Mining {
  /// A block for each transaction, at once.
  record Automatic() implements Mining {}

  /// A block every so often, empty or not; transactions wait for it.
  ///
  /// @param every the time between blocks, at least 100 ms
  record Interval(Duration every) implements Mining {
    public Interval {
      if (every.toMillis() < 100) {
        throw new IllegalArgumentException("block time " + every + ": expected at least 100 ms");
      }
    }
  }

  /// Only when told to ([ChainRpc#mine]).
  record OnDemand() implements Mining {}
}
