package dev.countersign.core.replacement;

import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.Wei;
import java.math.BigInteger;
import java.util.Optional;

/// The fees of a replacement. Nodes take one that offers at least a tenth more in **both** fees of
/// EIP-1559 than what it replaces; a replacement that is not above what it replaces by that much
/// would be signed for nothing.
///
/// @param newest what is replaced
/// @param quote what the chain asks for now
/// @param percent by how much both fees grow at least
/// @param mostFeePerGas the most that the chain's definition lets it offer
/// @param requestCap the most per unit of gas that its client lets the request offer
/// @param gasCap the most that gas may cost in all, in wei, by what the request was admitted under;
///     what blobs cost, and room for what has to follow, is taken off already
public record FeeBump(
    Fees newest,
    FeeQuote quote,
    int percent,
    Optional<Wei> mostFeePerGas,
    Optional<Wei> requestCap,
    Optional<BigInteger> gasCap) {
  private static final BigInteger HUNDRED = BigInteger.valueOf(100);
  private static final BigInteger MOST = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);

  /// By how much all three fees of a transaction with blobs grow at least, in percent: `PriceBump`
  /// of geth's blob pool, and what the other clients ask for too.
  public static final int LEAST_OF_BLOBS = 100;

  /// What came of it.
  public sealed interface Outcome {
    record Agreed(Fees fees) implements Outcome {}

    /// What was asked for would not be taken by a node.
    ///
    /// @param field of the fees, as the API names it
    record TooLow(String field, String detail) implements Outcome {}

    /// What would be taken is more than may be offered.
    record Capped(String detail) implements Outcome {}
  }

  /// What somebody insists on.
  public record Wanted(Wei maxPriorityFeePerGas, Wei maxFeePerGas) {}

  /// @param wanted nothing for what the chain asks for now
  public Outcome of(GasLimit gasLimit, Optional<Wanted> wanted) {
    BigInteger leastTip = raised(newest.maxPriorityFeePerGas());
    BigInteger leastFee = raised(newest.maxFeePerGas());
    BigInteger cap = cap(gasLimit);
    if (leastFee.compareTo(cap) > 0 || leastTip.compareTo(cap) > 0) {
      return new Outcome.Capped(
          "a replacement must offer %s wei per gas or more, %d percent above the %s of what it replaces; %s"
              .formatted(leastFee, percent, newest.maxFeePerGas(), capWords(cap)));
    }
    return wanted
        .map(fees -> checked(fees, gasLimit, leastTip, leastFee, cap))
        .orElseGet(() -> quoted(gasLimit, leastTip, leastFee, cap));
  }

  private Outcome quoted(
      GasLimit gasLimit, BigInteger leastTip, BigInteger leastFee, BigInteger cap) {
    BigInteger fee = leastFee.max(quote.maxFeePerGas().value()).max(leastTip).min(cap);
    BigInteger tip = leastTip.max(quote.maxPriorityFeePerGas().value()).min(fee);
    return agreed(tip, fee, gasLimit);
  }

  private Outcome checked(
      Wanted fees, GasLimit gasLimit, BigInteger leastTip, BigInteger leastFee, BigInteger cap) {
    BigInteger tip = fees.maxPriorityFeePerGas().value();
    BigInteger fee = fees.maxFeePerGas().value();
    if (tip.compareTo(leastTip) < 0) {
      return tooLow("max_priority_fee_per_gas", tip, leastTip, newest.maxPriorityFeePerGas());
    }
    if (fee.compareTo(leastFee) < 0) {
      return tooLow("max_fee_per_gas", fee, leastFee, newest.maxFeePerGas());
    }
    if (tip.compareTo(fee) > 0) {
      return new Outcome.TooLow(
          "max_priority_fee_per_gas",
          "the tip is part of the maximum fee: got %s, expected at most %s".formatted(tip, fee));
    }
    if (fee.compareTo(cap) > 0) {
      return new Outcome.Capped("got %s wei per gas; %s".formatted(fee, capWords(cap)));
    }
    return agreed(tip, fee, gasLimit);
  }

  private Outcome tooLow(String field, BigInteger got, BigInteger least, Wei replaced) {
    return new Outcome.TooLow(
        field,
        "nodes take a replacement that offers %d percent more than the %s of what it replaces; got %s, expected %s or more"
            .formatted(percent, replaced, got, least));
  }

  private static Outcome agreed(BigInteger tip, BigInteger fee, GasLimit gasLimit) {
    try {
      return new Outcome.Agreed(new Fees(new Wei(tip), new Wei(fee), gasLimit));
    } catch (InvalidValueException e) {
      return new Outcome.Capped("fees that cannot be: " + e.getMessage());
    }
  }

  /// What a replacement offers for a unit of blob gas: what the market takes now, and enough more
  /// than the newest.
  public static Wei blobFee(Wei newest, FeeQuote quote, int percent) {
    return new Wei(raised(newest, percent).max(quote.maxFeePerBlobGas().value()).min(MOST));
  }

  /// The most per unit of gas that, once it has grown by so much, is no more than `raised`.
  public static BigInteger before(BigInteger raised, int percent) {
    return raised.multiply(HUNDRED).divide(BigInteger.valueOf(100L + percent));
  }

  private BigInteger raised(Wei fee) {
    return raised(fee, percent);
  }

  /// Rounded up, and more than before in any case: of nothing a tenth more is nothing, and geth
  /// takes no replacement whose tip is only the same.
  private static BigInteger raised(Wei fee, int percent) {
    return fee.value()
        .multiply(BigInteger.valueOf(100L + percent))
        .add(HUNDRED.subtract(BigInteger.ONE))
        .divide(HUNDRED)
        .max(fee.value().add(BigInteger.ONE));
  }

  private BigInteger cap(GasLimit gasLimit) {
    BigInteger byChain = mostFeePerGas.map(Wei::value).orElse(MOST);
    BigInteger byClient = requestCap.map(Wei::value).orElse(MOST);
    return gasCap
        .map(cap -> cap.divide(BigInteger.valueOf(gasLimit.units())))
        .orElse(MOST)
        .min(byChain)
        .min(byClient);
  }

  private String capWords(BigInteger cap) {
    if (requestCap.map(Wei::value).filter(cap::equals).isPresent()) {
      return "the request caps it at " + cap;
    }
    boolean byChain = mostFeePerGas.map(Wei::value).filter(cap::equals).isPresent();
    return byChain
        ? "the chain's replacement.maximumFeePerGas is " + cap
        : "gas may cost %s wei at most by what the request was admitted under, which is %s per gas"
            .formatted(gasCap.orElse(BigInteger.ZERO), cap);
  }
}
