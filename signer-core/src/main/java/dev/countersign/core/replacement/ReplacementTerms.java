package dev.countersign.core.replacement;

import dev.countersign.core.model.Wei;
import java.time.Duration;
import java.util.Optional;

/// How transactions are replaced on one chain.
///
/// @param after how long after it was signed a transaction that is not mined may be stuck
/// @param isAutomatic whether what is stuck is sped up without anybody asking
/// @param bumpPercent by how much both fees grow at least, in percent; 10 or more, as nodes demand
/// @param maximumFeePerGas the most that a replacement offers for a unit of gas; nothing for what
///     policy allows
public record ReplacementTerms(
    Duration after, boolean isAutomatic, int bumpPercent, Optional<Wei> maximumFeePerGas) {
  public static final int LEAST_BUMP = 10;
  public static final ReplacementTerms DEFAULT =
      new ReplacementTerms(Duration.ofMinutes(2), false, LEAST_BUMP, Optional.empty());

  public ReplacementTerms {
    if (bumpPercent < LEAST_BUMP) {
      throw new IllegalArgumentException(
          "a bump of %d percent, expected %d or more".formatted(bumpPercent, LEAST_BUMP));
    }
  }
}
