package dev.countersign.core.decision;

import dev.countersign.core.model.AssetId;
import dev.countersign.core.price.SignedPrice;
import java.math.BigInteger;
import java.util.List;

/// What policy saw when it allowed: together with its rule it shows why.
///
/// @param asset what leaves the wallet, besides gas
/// @param amount how much of it, in its smallest unit
/// @param gasCost the most that gas may cost, in wei
/// @param limits each limit that was charged
/// @param prices each price that an amount of a currency was compared by; none where rules have no
///     such amounts
public record Observed(
    AssetId asset,
    BigInteger amount,
    BigInteger gasCost,
    List<LimitUse> limits,
    List<SignedPrice> prices) {
  public Observed {
    limits = List.copyOf(limits);
    prices = List.copyOf(prices);
  }

  /// Where no price mattered.
  public Observed(AssetId asset, BigInteger amount, BigInteger gasCost, List<LimitUse> limits) {
    this(asset, amount, gasCost, limits, List.of());
  }

  /// A limit, and what this charge made of it, in the asset's smallest unit, in 10^-18 of a
  /// currency, or in actions where it counts those.
  ///
  /// @param counter the limit's rule and name, its asset, currency or `actions`, and what it counts
  ///     apart
  /// @param before how much its window held, reserved and committed together
  /// @param after how much it holds from then on
  public record LimitUse(
      String counter,
      LimitWindow window,
      BigInteger maximum,
      BigInteger before,
      BigInteger after) {}
}
