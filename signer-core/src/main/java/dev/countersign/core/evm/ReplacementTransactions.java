package dev.countersign.core.evm;

import dev.countersign.core.evm.CallEncoder.Call;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.Wei;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/// The transactions that may take the place of another one on its nonce.
public final class ReplacementTransactions {
  private ReplacementTransactions() {}

  /// The same for other fees; the gas limit stays.
  public static UnsignedTransaction speedUp(UnsignedTransaction original, Fees fees) {
    return speedUp(original, fees, Wei.ZERO);
  }

  /// The same for other fees; the gas limit stays, and so do the blobs.
  ///
  /// @param blobFee the most for a unit of blob gas; of no meaning without blobs
  public static UnsignedTransaction speedUp(UnsignedTransaction original, Fees fees, Wei blobFee) {
    return new UnsignedTransaction(
        original.chain(),
        original.nonce(),
        new Fees(tip(original, fees), fees.maxFeePerGas(), original.fees().gasLimit()),
        original.call(),
        original.envelope() instanceof Envelope.Blobs blobs
            ? blobs.offering(blobFee)
            : original.envelope());
  }

  /// Nothing from the account to itself.
  public static UnsignedTransaction cancellation(
      UnsignedTransaction original, Address account, Fees fees) {
    return cancellation(original, account, fees, Wei.ZERO);
  }

  /// Nothing from the account to itself; with one blob of zeros where the original has blobs, since
  /// nodes let nothing but blobs take the place of blobs.
  ///
  /// @param blobFee the most for a unit of blob gas; of no meaning without blobs
  public static UnsignedTransaction cancellation(
      UnsignedTransaction original, Address account, Fees fees, Wei blobFee) {
    return new UnsignedTransaction(
        original.chain(),
        original.nonce(),
        new Fees(tip(original, fees), fees.maxFeePerGas(), fees.gasLimit()),
        new Call(account, new Wei(BigInteger.ZERO), Bytes.EMPTY),
        switch (original.envelope()) {
          case Envelope.Legacy _, Envelope.OnePrice _ -> new Envelope.Legacy();
          case Envelope.FeeMarket _, Envelope.SetCode _ -> Envelope.FeeMarket.PLAIN;
          case Envelope.Blobs _ -> ofZeros(blobFee);
        });
  }

  /// What a cancellation of blobs carries.
  ///
  /// @param fee the most for a unit of blob gas
  public static Envelope.Blobs ofZeros(Wei fee) {
    return new Envelope.Blobs(AccessList.NONE, fee, List.of(BlobSidecar.ZERO_HASH));
  }

  /// Where there is one gas price, it is that.
  private static Wei tip(UnsignedTransaction original, Fees fees) {
    return original.envelope().hasOnePrice() ? fees.maxFeePerGas() : fees.maxPriorityFeePerGas();
  }

  /// Why `replacement` is not `original` with higher fees; nothing when it is.
  public static Optional<String> speedUpFault(
      UnsignedTransaction original, UnsignedTransaction replacement) {
    return speedUp(original, replacement.fees(), blobFee(replacement))
            .encode()
            .equals(replacement.encode())
        ? Optional.empty()
        : Optional.of("a speed-up has to be the same transaction but for its fees per gas");
  }

  /// Why `replacement` is not a cancellation of `original`; nothing when it is.
  ///
  /// @param account whose key signs both
  public static Optional<String> cancellationFault(
      UnsignedTransaction original, UnsignedTransaction replacement, Address account) {
    return cancellation(original, account, replacement.fees(), blobFee(replacement))
            .encode()
            .equals(replacement.encode())
        ? Optional.empty()
        : Optional.of("a cancellation has to move nothing from the account to itself");
  }

  /// What is offered for a unit of blob gas; nothing without blobs.
  public static Wei blobFee(UnsignedTransaction transaction) {
    return transaction.envelope() instanceof Envelope.Blobs blobs
        ? blobs.maxFeePerBlobGas()
        : Wei.ZERO;
  }

  /// Whether all fees are above those of `before`.
  public static boolean paysMore(UnsignedTransaction before, UnsignedTransaction replacement) {
    Fees old = before.fees();
    Fees now = replacement.fees();
    return now.maxFeePerGas().compareTo(old.maxFeePerGas()) > 0
        && now.maxPriorityFeePerGas().compareTo(old.maxPriorityFeePerGas()) >= 0
        && (!(before.envelope() instanceof Envelope.Blobs)
            || blobFee(replacement).compareTo(blobFee(before)) > 0);
  }
}
