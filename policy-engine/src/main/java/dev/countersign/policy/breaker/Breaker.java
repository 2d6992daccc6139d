package dev.countersign.policy.breaker;

import java.math.BigInteger;
import java.time.Duration;

/// Freezes a scope when more than `maximum` was counted of it within the last `window`.
///
/// @param scope what is counted apart, and frozen
/// @param maximum the most that does not trip it
public record Breaker(
    String name, BreakerScope scope, BreakerCount counts, BigInteger maximum, Duration window) {

  /// For whoever is stopped by the freeze.
  public String tripped(BigInteger counted) {
    return "breaker %s: %s %s in %s, at most %s"
        .formatted(name, counted, counts.unit(), window, maximum);
  }
}
