package dev.countersign.nonce.fee;

import dev.countersign.core.model.FeeChoice;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.port.TransactionPricer.Answer;
import java.math.BigInteger;
import java.util.Optional;

/// The fees of a transaction: those its client insists on, once it is certain that nodes take them
/// now, or else what its choice comes to at this moment.
final class FeeTerms {
  static final BigInteger TRANSFER = BigInteger.valueOf(GasLimit.TRANSFER.units());

  /// State moves between estimate and inclusion, and gas use with it.
  private static final BigInteger MARGIN_PERCENT = BigInteger.valueOf(120);

  private static final BigInteger HUNDRED = BigInteger.valueOf(100);

  private FeeTerms() {}

  sealed interface Outcome {
    record Agreed(Fees fees) implements Outcome {}

    record Refused(Answer answer) implements Outcome {}
  }

  /// How much gas a transaction uses.
  ///
  /// @param isExact whether nothing can make it use more
  record GasUse(BigInteger estimate, boolean isExact) {
    static final GasUse OF_TRANSFER = new GasUse(TRANSFER, true);
  }

  /// @param onePrice whether the transaction has one gas price, and no tip apart
  static Outcome of(FeeChoice choice, GasPrice price, GasUse use, boolean onePrice) {
    return switch (choice) {
      case FeeChoice.Exact(Fees fees) -> checked(fees, price, use, onePrice);
      case FeeChoice.ByMarket market ->
          switch (price.offer(market)) {
            case GasPrice.Outcome.AboveCap above ->
                new Outcome.Refused(
                    new Answer.MarketAboveCap(
                        "the chain takes %s wei per gas or more now, the request is capped at %s; try again later, or with a higher cap"
                            .formatted(above.least(), above.cap())));
            case GasPrice.Outcome.Offered(GasPrice.Offer offer) ->
                market
                    .gasLimit()
                    .map(limit -> limited(limit, offer, price, use, onePrice))
                    .orElseGet(() -> quoted(offer, price, use, onePrice));
          };
    };
  }

  private static Outcome limited(
      GasLimit limit, GasPrice.Offer offer, GasPrice price, GasUse use, boolean onePrice) {
    return badLimit(limit, price, use).orElseGet(() -> agreed(offer, limit, onePrice));
  }

  private static Outcome agreed(GasPrice.Offer offer, GasLimit limit, boolean onePrice) {
    return new Outcome.Agreed(new Fees(onePrice ? offer.max() : offer.tip(), offer.max(), limit));
  }

  private static Outcome quoted(
      GasPrice.Offer offer, GasPrice price, GasUse use, boolean onePrice) {
    BigInteger wanted =
        use.isExact()
            ? use.estimate()
            : use.estimate().multiply(MARGIN_PERCENT).add(HUNDRED).divide(HUNDRED);
    BigInteger limit = wanted.min(price.blockGasLimit());
    if (limit.compareTo(use.estimate()) < 0
        || limit.bitLength() >= Long.SIZE
        || limit.compareTo(TRANSFER) < 0) {
      return new Outcome.Refused(
          new Answer.NodeUnavailable(
              "the node estimates %s gas, and a block holds %s"
                  .formatted(use.estimate(), price.blockGasLimit())));
    }
    return agreed(offer, new GasLimit(limit.longValueExact()), onePrice);
  }

  private static Outcome checked(Fees fees, GasPrice price, GasUse use, boolean onePrice) {
    if (onePrice && !fees.maxPriorityFeePerGas().equals(fees.maxFeePerGas())) {
      return refused(
          "max_priority_fee_per_gas",
          "the transaction has one gas price; got %s, expected that of max_fee_per_gas, %s"
              .formatted(fees.maxPriorityFeePerGas(), fees.maxFeePerGas()));
    }
    Optional<Outcome> badLimit = badLimit(fees.gasLimit(), price, use);
    if (badLimit.isPresent()) {
      return badLimit.get();
    }
    if (fees.maxFeePerGas().compareTo(price.nextBaseFee()) < 0) {
      return refused(
          "max_fee_per_gas",
          "the next block takes a base fee of %s wei per gas; got %s, expected that much or more"
              .formatted(price.nextBaseFee(), fees.maxFeePerGas()));
    }
    boolean noTip = fees.maxPriorityFeePerGas().value().signum() == 0;
    if (noTip && price.proposedTip().value().signum() > 0) {
      // Geth and others keep no transaction without a tip, by default.
      return refused(
          "max_priority_fee_per_gas",
          "the chain's node proposes a tip of %s wei per gas; got 0, expected 1 or more"
              .formatted(price.proposedTip()));
    }
    return new Outcome.Agreed(fees);
  }

  private static Optional<Outcome> badLimit(GasLimit given, GasPrice price, GasUse use) {
    BigInteger limit = BigInteger.valueOf(given.units());
    if (limit.compareTo(use.estimate()) < 0) {
      return Optional.of(
          refused(
              "gas_limit",
              "the transaction uses %s gas by the node's estimate; got %s, expected that much or more"
                  .formatted(use.estimate(), limit)));
    }
    if (limit.compareTo(price.blockGasLimit()) > 0) {
      return Optional.of(
          refused(
              "gas_limit",
              "a block of the chain holds %s gas; got %s, expected that much or less"
                  .formatted(price.blockGasLimit(), limit)));
    }
    return Optional.empty();
  }

  private static Outcome refused(String field, String detail) {
    return new Outcome.Refused(new Answer.UnusableFees(field, detail));
  }
}
