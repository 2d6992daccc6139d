package dev.countersign.cli.request;

import dev.countersign.api.v1.MarketFees;
import dev.countersign.api.v1.MarketFees.Strategy;
import dev.countersign.cli.CommandException;
import dev.countersign.core.model.FeeStrategy;
import dev.countersign.core.model.InvalidValueException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that say how fees are found.
final class FeeOptions {
  @Option(
      names = "--fee",
      paramLabel = "STRATEGY",
      description =
          "How much of what the chain takes when the transaction gets its nonce: economy, normal,"
              + " urgent, or fixed-cap, which offers --fee-cap itself. Default: the chain's own")
  private @Nullable String strategy;

  @Option(
      names = "--fee-cap",
      paramLabel = "AMOUNT",
      converter = Amount.Converter.class,
      description =
          "The most to offer per unit of gas, such as 40gwei. Policy and approvers judge it; while"
              + " the chain takes more, nothing is signed.")
  private @Nullable Amount cap;

  /// {@return nothing when neither option is there}
  Optional<MarketFees> fees() {
    if (strategy == null && cap == null) {
      return Optional.empty();
    }
    var fees = MarketFees.newBuilder();
    if (strategy != null) {
      fees.setStrategy(chosen(strategy));
    }
    if (cap != null) {
      fees.setMaxFeePerGas(cap.value().toString());
    }
    return Optional.of(fees.build());
  }

  private Strategy chosen(String name) {
    try {
      return switch (FeeStrategy.parse(name)) {
        case ECONOMY -> Strategy.STRATEGY_ECONOMY;
        case NORMAL -> Strategy.STRATEGY_NORMAL;
        case URGENT -> Strategy.STRATEGY_URGENT;
        case FIXED_CAP -> {
          if (cap == null) {
            throw CommandException.usage(
                "--fee fixed-cap needs --fee-cap, such as --fee-cap 40gwei");
          }
          yield Strategy.STRATEGY_FIXED_CAP;
        }
      };
    } catch (InvalidValueException e) {
      throw CommandException.usage("--fee " + name + ": expected " + e.expected());
    }
  }
}
