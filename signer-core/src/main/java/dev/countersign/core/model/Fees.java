package dev.countersign.core.model;

import java.math.BigInteger;

/// What a transaction may cost by EIP-1559, all per unit of gas but the limit.
///
/// @param maxPriorityFeePerGas the tip, at most `maxFeePerGas`
/// @param maxFeePerGas the most that base fee and tip together may be
public record Fees(Wei maxPriorityFeePerGas, Wei maxFeePerGas, GasLimit gasLimit) {
  public Fees {
    if (maxPriorityFeePerGas.compareTo(maxFeePerGas) > 0) {
      throw InvalidValueException.of(
          "max priority fee",
          maxPriorityFeePerGas.toString(),
          "at most the max fee " + maxFeePerGas);
    }
  }

  /// The most that gas may cost: the maximum fee per gas times the gas limit, in wei. It may be
  /// above 2^256.
  public BigInteger mostGasCost() {
    return maxFeePerGas.value().multiply(BigInteger.valueOf(gasLimit.units()));
  }
}
