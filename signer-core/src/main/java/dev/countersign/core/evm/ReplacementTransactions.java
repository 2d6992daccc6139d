package dev.countersign.core.evm;

import dev.countersign.core.evm.CallEncoder.Call;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.Wei;
import java.math.BigInteger;
import java.util.Optional;

/// The transactions that may take the place of another one on its nonce.
public final class ReplacementTransactions {
  private ReplacementTransactions() {}

  /// The same for other fees; the gas limit stays.
  public static UnsignedTransaction speedUp(UnsignedTransaction original, Fees fees) {
    return new UnsignedTransaction(
        original.chain(),
        original.nonce(),
        new Fees(tip(original, fees), fees.maxFeePerGas(), original.fees().gasLimit()),
        original.call(),
        original.envelope());
  }

  /// Nothing from the account to itself.
  public static UnsignedTransaction cancellation(
      UnsignedTransaction original, Address account, Fees fees) {
    return new UnsignedTransaction(
        original.chain(),
        original.nonce(),
        new Fees(tip(original, fees), fees.maxFeePerGas(), fees.gasLimit()),
        new Call(account, new Wei(BigInteger.ZERO), Bytes.EMPTY),
        original.envelope().hasOnePrice() ? new Envelope.Legacy() : Envelope.FeeMarket.PLAIN);
  }

  /// Where there is one gas price, it is that.
  private static Wei tip(UnsignedTransaction original, Fees fees) {
    return original.envelope().hasOnePrice() ? fees.maxFeePerGas() : fees.maxPriorityFeePerGas();
  }

  /// Why `replacement` is not `original` with higher fees; nothing when it is.
  public static Optional<String> speedUpFault(
      UnsignedTransaction original, UnsignedTransaction replacement) {
    return speedUp(original, replacement.fees()).encode().equals(replacement.encode())
        ? Optional.empty()
        : Optional.of("a speed-up has to be the same transaction but for its fees per gas");
  }

  /// Why `replacement` is not a cancellation of `original`; nothing when it is.
  ///
  /// @param account whose key signs both
  public static Optional<String> cancellationFault(
      UnsignedTransaction original, UnsignedTransaction replacement, Address account) {
    return cancellation(original, account, replacement.fees()).encode().equals(replacement.encode())
        ? Optional.empty()
        : Optional.of("a cancellation has to move nothing from the account to itself");
  }

  /// Whether both fees per gas are above those of `before`.
  public static boolean paysMore(UnsignedTransaction before, UnsignedTransaction replacement) {
    Fees old = before.fees();
    Fees now = replacement.fees();
    return now.maxFeePerGas().compareTo(old.maxFeePerGas()) > 0
        && now.maxPriorityFeePerGas().compareTo(old.maxPriorityFeePerGas()) >= 0;
  }
}
