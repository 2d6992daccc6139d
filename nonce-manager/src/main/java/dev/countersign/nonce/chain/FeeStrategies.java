package dev.countersign.nonce.chain;

import dev.countersign.core.model.FeeStrategy;
import java.util.List;

/// What the fee strategies come to on one chain. None offers less than the one before it.
///
/// @param standard the one of whoever says nothing; not [FeeStrategy#FIXED_CAP], which needs a cap
/// @param blocks how many of the newest blocks tell what tips are paid
public record FeeStrategies(
    FeeStrategy standard, int blocks, Tier economy, Tier normal, Tier urgent) {
  public static final int MOST_BLOCKS = 100;

  public static final FeeStrategies DEFAULT =
      new FeeStrategies(
          FeeStrategy.NORMAL,
          10,
          new Tier(10, 125, 100),
          new Tier(50, 200, 110),
          new Tier(90, 300, 130));

  /// @param percentile of the tips that are paid in a block by gas, 0 to 100: what is offered is
  ///     the median of it over the blocks
  /// @param headroom how much of the next block's base fee is offered, in percent. It grows by at
  ///     most an eighth per block, so 125 lasts for one full block more, 200 for five
  /// @param gasPrice how much of the proposed price is offered where there is no base fee, in
  ///     percent
  public record Tier(int percentile, int headroom, int gasPrice) {
    public static final int LEAST_PERCENT = 100;
    public static final int MOST_PERCENT = 1_000;
    public static final int MOST_PERCENTILE = 100;

    public Tier {
      check("percentile", percentile, 0, MOST_PERCENTILE);
      check("headroom", headroom, LEAST_PERCENT, MOST_PERCENT);
      check("gasPrice", gasPrice, LEAST_PERCENT, MOST_PERCENT);
    }

    private static void check(String what, int value, int least, int most) {
      if (value < least || value > most) {
        throw new IllegalArgumentException(
            "%s: got %d, expected %d to %d".formatted(what, value, least, most));
      }
    }

    boolean isAtMost(Tier other) {
      return percentile <= other.percentile
          && headroom <= other.headroom
          && gasPrice <= other.gasPrice;
    }
  }

  public FeeStrategies {
    if (standard == FeeStrategy.FIXED_CAP) {
      throw new IllegalArgumentException(
          "fixed-cap cannot be what nobody asked for: it has no cap");
    }
    if (blocks < 1 || blocks > MOST_BLOCKS) {
      throw new IllegalArgumentException(
          "blocks: got %d, expected 1 to %d".formatted(blocks, MOST_BLOCKS));
    }
    if (!economy.isAtMost(normal) || !normal.isAtMost(urgent)) {
      throw new IllegalArgumentException(
          "economy may offer no more than normal, and normal no more than urgent");
    }
  }

  /// That of [FeeStrategy#FIXED_CAP] is that of [FeeStrategy#NORMAL].
  public Tier tier(FeeStrategy strategy) {
    return switch (strategy) {
      case ECONOMY -> economy;
      case NORMAL, FIXED_CAP -> normal;
      case URGENT -> urgent;
    };
  }

  /// The percentiles to ask for, ascending and each once, as nodes want them.
  public List<Integer> percentiles() {
    return List.of(economy, normal, urgent).stream().map(Tier::percentile).distinct().toList();
  }
}
