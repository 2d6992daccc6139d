package dev.countersign.core.replacement;

import dev.countersign.core.evm.Envelope;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.Wei;

/// What a unit of gas costs on a chain now (EIP-1559), and one of blob gas (EIP-4844).
///
/// @param maxPriorityFeePerGas the tip that is paid now
/// @param maxFeePerGas what a new transaction would offer
/// @param nextBaseFee what the next block takes of each unit
/// @param maxFeePerBlobGas what a new transaction would offer for a unit of blob gas; 0 where there
///     are no blobs, or nobody tells
/// @param nextBlobPrice what the next block takes of a unit of blob gas; 0 likewise
public record FeeQuote(
    Wei maxPriorityFeePerGas,
    Wei maxFeePerGas,
    Wei nextBaseFee,
    Wei maxFeePerBlobGas,
    Wei nextBlobPrice) {

  /// Where there are no blobs.
  public FeeQuote(Wei maxPriorityFeePerGas, Wei maxFeePerGas, Wei nextBaseFee) {
    this(maxPriorityFeePerGas, maxFeePerGas, nextBaseFee, Wei.ZERO, Wei.ZERO);
  }

  /// The same, with what a new transaction would offer for a unit of blob gas, and what the next
  /// block takes of it.
  public FeeQuote withBlobs(Wei fee, Wei nextPrice) {
    return new FeeQuote(maxPriorityFeePerGas, maxFeePerGas, nextBaseFee, fee, nextPrice);
  }

  /// Whether this transaction has to wait until prices fall: the next block asks for more than it
  /// offers for gas or for blobs, or others tip better.
  public boolean isAbove(UnsignedTransaction waiting) {
    Wei maxFee = waiting.fees().maxFeePerGas();
    return maxFee.value().compareTo(nextBaseFee.value().add(maxPriorityFeePerGas.value())) < 0
        || waiting.fees().maxPriorityFeePerGas().compareTo(maxPriorityFeePerGas) < 0
        || (waiting.envelope() instanceof Envelope.Blobs blobs
            && blobs.maxFeePerBlobGas().compareTo(nextBlobPrice) < 0);
  }
}
