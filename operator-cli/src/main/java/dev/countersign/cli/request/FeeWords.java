package dev.countersign.cli.request;

import dev.countersign.api.v1.MarketFees;
import dev.countersign.core.model.FeeChoice;
import dev.countersign.core.model.FeeStrategy;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.Wei;
import java.util.Optional;

/// How fees are found, read and in words.
public final class FeeWords {
  private FeeWords() {}

  /// Reads what a server sent.
  ///
  /// @throws InvalidValueException when it is nothing that this version knows
  public static FeeChoice.ByMarket read(MarketFees message) {
    return new FeeChoice.ByMarket(
        switch (message.getStrategy()) {
          case STRATEGY_UNSPECIFIED -> Optional.empty();
          case STRATEGY_ECONOMY -> Optional.of(FeeStrategy.ECONOMY);
          case STRATEGY_NORMAL -> Optional.of(FeeStrategy.NORMAL);
          case STRATEGY_URGENT -> Optional.of(FeeStrategy.URGENT);
          case STRATEGY_FIXED_CAP -> Optional.of(FeeStrategy.FIXED_CAP);
          case UNRECOGNIZED ->
              throw InvalidValueException.of(
                  "fee strategy",
                  Integer.toString(message.getStrategyValue()),
                  "one that this version knows");
        },
        message.getMaxFeePerGas().isEmpty()
            ? Optional.empty()
            : Optional.of(Wei.parse(message.getMaxFeePerGas())),
        message.getGasLimit() == 0
            ? Optional.empty()
            : Optional.of(new GasLimit(message.getGasLimit())));
  }

  /// {@return what a server sent, in words}
  static String shown(MarketFees message) {
    try {
      return of(read(message));
    } catch (InvalidValueException _) {
      return "something this version does not know";
    }
  }

  /// {@return such as `urgent, at most 40000000000 wei per gas`}
  public static String of(FeeChoice.ByMarket choice) {
    return choice.strategy().map(FeeStrategy::text).orElse("the chain's own strategy")
        + choice.cap().map(", at most %s wei per gas"::formatted).orElse("")
        + choice.gasLimit().map(limit -> ", gas limit " + limit.units()).orElse("");
  }
}
