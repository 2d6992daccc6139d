package dev.countersign.server.grpc;

import dev.countersign.api.v1.MarketFees;
import dev.countersign.api.v1.MarketFees.Strategy;
import dev.countersign.core.model.FeeChoice;
import dev.countersign.core.model.FeeStrategy;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.Wei;
import dev.countersign.core.request.Refusal.Code;
import java.util.Optional;

/// How fees are to be found, as a message and back.
final class MarketFeeMessages {
  private static final String FIELD = "market_fees";

  private MarketFeeMessages() {}

  /// @throws RefusedException that names the first field that is wrong
  static FeeChoice.ByMarket read(MarketFees message, FieldReader fields) {
    Optional<FeeStrategy> strategy =
        switch (message.getStrategy()) {
          case STRATEGY_UNSPECIFIED -> Optional.empty();
          case STRATEGY_ECONOMY -> Optional.of(FeeStrategy.ECONOMY);
          case STRATEGY_NORMAL -> Optional.of(FeeStrategy.NORMAL);
          case STRATEGY_URGENT -> Optional.of(FeeStrategy.URGENT);
          case STRATEGY_FIXED_CAP -> Optional.of(FeeStrategy.FIXED_CAP);
          case UNRECOGNIZED ->
              throw fields.refused(
                  FIELD + ".strategy",
                  Code.MALFORMED,
                  "there is no strategy %d".formatted(message.getStrategyValue()));
        };
    Optional<Wei> cap =
        message.getMaxFeePerGas().isEmpty()
            ? Optional.empty()
            : Optional.of(
                fields.read(
                    FIELD + ".max_fee_per_gas",
                    Code.INVALID_AMOUNT,
                    message.getMaxFeePerGas(),
                    Wei::parse));
    Optional<GasLimit> limit =
        message.getGasLimit() == 0
            ? Optional.empty()
            : Optional.of(
                fields.check(
                    FIELD + ".gas_limit",
                    Code.INVALID_AMOUNT,
                    () -> new GasLimit(message.getGasLimit())));
    return fields.check(
        FIELD + ".max_fee_per_gas",
        Code.MALFORMED,
        () -> new FeeChoice.ByMarket(strategy, cap, limit));
  }

  static MarketFees of(FeeChoice.ByMarket choice) {
    MarketFees.Builder message =
        MarketFees.newBuilder()
            .setStrategy(
                choice.strategy().map(MarketFeeMessages::of).orElse(Strategy.STRATEGY_UNSPECIFIED));
    choice.cap().ifPresent(cap -> message.setMaxFeePerGas(cap.toString()));
    choice.gasLimit().ifPresent(limit -> message.setGasLimit(limit.units()));
    return message.build();
  }

  private static Strategy of(FeeStrategy strategy) {
    return switch (strategy) {
      case ECONOMY -> Strategy.STRATEGY_ECONOMY;
      case NORMAL -> Strategy.STRATEGY_NORMAL;
      case URGENT -> Strategy.STRATEGY_URGENT;
      case FIXED_CAP -> Strategy.STRATEGY_FIXED_CAP;
    };
  }
}
