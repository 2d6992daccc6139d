package dev.countersign.policy.rule;

import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.Wei;
import java.math.BigInteger;

/// What a payload may burn, in wei.
///
/// @param mostCost the most that all of its gas, its blobs, and the parent chain may cost
/// @param mostPrice the most that a unit of gas may cost
public record GasTerms(BigInteger mostCost, BigInteger mostPrice) {
  public static GasTerms of(UnsignedTransaction transaction) {
    return new GasTerms(transaction.mostGasCost(), transaction.fees().maxFeePerGas().value());
  }

  /// The same, and what the parent chain takes.
  public GasTerms with(Wei parentFee) {
    return new GasTerms(mostCost.add(parentFee.value()), mostPrice);
  }
}
