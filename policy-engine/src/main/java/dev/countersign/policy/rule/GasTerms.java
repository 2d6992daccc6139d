package dev.countersign.policy.rule;

import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.Wei;
import java.math.BigInteger;
import java.util.Optional;

/// What a payload may burn, in wei.
///
/// @param mostCost the most that all of its gas, its blobs, and the parent chain may cost
/// @param mostPrice the most that a unit of gas may cost
public record GasTerms(BigInteger mostCost, BigInteger mostPrice) {
  public static GasTerms of(UnsignedTransaction transaction) {
    return new GasTerms(transaction.mostGasCost(), transaction.fees().maxFeePerGas().value());
  }

  /// The same, once its fees have risen to all that they may: a fee cap is judged, and not the
  /// price that happens to be offered below it.
  public GasTerms upTo(Optional<Wei> cap, Fees fees) {
    return cap.map(Wei::value)
        .filter(most -> most.compareTo(mostPrice) > 0)
        .map(
            most ->
                new GasTerms(
                    mostCost.add(
                        most.subtract(fees.maxFeePerGas().value())
                            .multiply(BigInteger.valueOf(fees.gasLimit().units()))),
                    most))
        .orElse(this);
  }

  /// The same, and what the parent chain takes.
  public GasTerms with(Wei parentFee) {
    return new GasTerms(mostCost.add(parentFee.value()), mostPrice);
  }
}
