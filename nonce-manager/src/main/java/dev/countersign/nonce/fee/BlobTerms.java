package dev.countersign.nonce.fee;

import dev.countersign.core.evm.Envelope;
import dev.countersign.core.model.FeeChoice;
import dev.countersign.core.model.FeeStrategy;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.TransactionPricer.Answer;
import dev.countersign.nonce.chain.FeeStrategies;
import java.math.BigInteger;

/// The fee for blobs: the one its client insists on, once it is certain that the next block takes
/// it, or else what its choice comes to at this moment. Of it the chain takes no more than its
/// price for blobs is.
final class BlobTerms {
  private static final BigInteger HUNDRED = BigInteger.valueOf(100);
  private static final BigInteger MOST = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);

  private BlobTerms() {}

  sealed interface Outcome {
    record Agreed(Envelope.Blobs envelope) implements Outcome {}

    record Refused(Answer answer) implements Outcome {}
  }

  /// @param price what the next block takes for a unit of blob gas
  static Outcome of(
      Envelope.Blobs asked, FeeChoice choice, FeeStrategies strategies, BigInteger price) {
    if (asked.leavesFee()) {
      return new Outcome.Agreed(
          asked.offering(
              offer(
                  choice
                      .byMarket()
                      .flatMap(FeeChoice.ByMarket::strategy)
                      .orElse(strategies.standard()),
                  strategies,
                  price)));
    }
    if (asked.maxFeePerBlobGas().value().compareTo(price) >= 0) {
      return new Outcome.Agreed(asked);
    }
    return new Outcome.Refused(
        choice.exact().isPresent()
            ? new Answer.UnusableFees(
                Answer.BLOB_FEE,
                "the next block takes %s wei per blob gas; got %s, expected that much or more"
                    .formatted(price, asked.maxFeePerBlobGas()))
            : new Answer.MarketAboveCap(
                Answer.BLOB_FEE,
                "the chain takes %s wei per blob gas now, the request is capped at %s; try again later, or with a higher cap"
                    .formatted(price, asked.maxFeePerBlobGas())));
  }

  /// As much above the price as the strategy goes above the base fee, and 1 wei at least: the price
  /// for blobs moves by an eighth per block at most too.
  static Wei offer(FeeStrategy strategy, FeeStrategies strategies, BigInteger price) {
    int headroom = strategies.tier(strategy).headroom();
    BigInteger offered =
        price
            .multiply(BigInteger.valueOf(headroom))
            .add(HUNDRED.subtract(BigInteger.ONE))
            .divide(HUNDRED);
    return new Wei(offered.max(BigInteger.ONE).min(MOST));
  }
}
