package dev.countersign.core.approval;

import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.Keccak;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.model.Wei;
import java.util.Optional;

/// All that is fixed of a transaction once it is approved. Nonce and fees are not: nonces are given
/// when it is signed, and fees may be others as long as gas costs no more than the cap.
///
/// @param account the wallet's own account
/// @param dataHash the Keccak-256 of the call data, also when there is none
/// @param dataSize how many bytes of call data there are
/// @param maximumGasCost the most that gas may cost: gas limit times maximum fee per gas
public record ApprovedTransaction(
    WalletId wallet,
    Address account,
    ChainId chain,
    Address to,
    Wei value,
    Digest32 dataHash,
    int dataSize,
    Wei maximumGasCost) {
  public ApprovedTransaction {
    if (dataSize < 0) {
      throw InvalidValueException.of("size of call data", Integer.toString(dataSize), "0 or more");
    }
  }

  public static ApprovedTransaction of(
      WalletId wallet, Address account, ChainId chain, CallEncoder.Call call, Wei maximumGasCost) {
    return new ApprovedTransaction(
        wallet,
        account,
        chain,
        call.to(),
        call.value(),
        Keccak.hash(call.data().toArray()),
        call.data().size(),
        maximumGasCost);
  }

  /// In what a transaction that is about to be signed is another than the one approved: what was
  /// approved and what is there, in words. Nothing when it is the same.
  ///
  /// @param sender the account whose key would sign it
  public Optional<String> difference(UnsignedTransaction transaction, Address sender) {
    CallEncoder.Call call = transaction.call();
    if (!sender.equals(account)) {
      return different("account", account, sender);
    }
    if (!transaction.chain().equals(chain)) {
      return different("chain", chain, transaction.chain());
    }
    if (!call.to().equals(to)) {
      return different("to", to, call.to());
    }
    if (!call.value().equals(value)) {
      return different("value", value, call.value());
    }
    Digest32 hash = Keccak.hash(call.data().toArray());
    if (!hash.equals(dataHash) || call.data().size() != dataSize) {
      return different(
          "data",
          dataHash + " of " + dataSize + " bytes",
          hash + " of " + call.data().size() + " bytes");
    }
    if (transaction.fees().mostGasCost().compareTo(maximumGasCost.value()) > 0) {
      return different(
          "gas cost", "at most " + maximumGasCost + " wei", transaction.fees().mostGasCost());
    }
    return Optional.empty();
  }

  private static Optional<String> different(String what, Object approved, Object found) {
    return Optional.of("%s: approved is %s, got %s".formatted(what, approved, found));
  }
}
