package dev.countersign.policy.breaker;

import dev.countersign.core.balance.BalanceChange;
import dev.countersign.core.port.BalanceHistory.Seen;
import java.math.BigInteger;
import java.time.Duration;

/// Freezes a scope when more than `maximum` of one balance went within the last `window`.
///
/// @param scope what is frozen; each balance is judged apart whatever it is
/// @param maximum the most that does not trip it
public record BalanceBreaker(
    String name,
    BreakerScope scope,
    BalanceCount counts,
    BreakerAsset asset,
    BreakerMaximum maximum,
    Duration window) {

  /// For whoever is stopped by the freeze.
  ///
  /// @param from the most that was there
  public String dropped(BalanceChange change, Seen from) {
    return "breaker %s: %s of %s fell from %s in block %d to %s in block %d within %s, at most %s"
        .formatted(
            name,
            change.asset(),
            change.wallet().id(),
            from.amount(),
            from.block(),
            change.after(),
            change.block().number(),
            window,
            maximum);
  }

  /// For whoever is stopped by the freeze.
  ///
  /// @param missing in the window, this change included
  public String unexplained(BalanceChange change, BigInteger missing) {
    return "breaker %s: %s of %s left %s unexplained within %s, at most %s; expected %s in block %d, found %s"
        .formatted(
            name,
            missing,
            change.asset(),
            change.wallet().id(),
            window,
            maximum,
            change.expected(),
            change.block().number(),
            change.after());
  }
}
