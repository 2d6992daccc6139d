package dev.countersign.core.approval;

import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.evm.Envelope;
import dev.countersign.core.evm.EnvelopeCodec;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.FeeChoice;
import dev.countersign.core.model.Fees;
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
/// @param to nothing when it creates a contract
/// @param envelopeHash the Keccak-256 of the [EnvelopeCodec]'s encoding of the type and what only
/// that has, where the client insists on one; a fee for blobs counts as 0 there, since it is part
/// of the gas cost
/// @param fees how the fees are found, where the client says it
/// @param maximumGasCost the most that gas may cost: gas limit times maximum fee per gas, and blobs
public record ApprovedTransaction(
    WalletId wallet,
    Address account,
    ChainId chain,
    Optional<Address> to,
    Wei value,
    Digest32 dataHash,
    int dataSize,
    Optional<Digest32> envelopeHash,
    Optional<FeeChoice.ByMarket> fees,
    Wei maximumGasCost)
    implements ApprovedSubject {
  public ApprovedTransaction {
    if (dataSize < 0) {
      throw InvalidValueException.of("size of call data", Integer.toString(dataSize), "0 or more");
    }
  }

  public static ApprovedTransaction of(
      WalletId wallet,
      Address account,
      ChainId chain,
      CallEncoder.Call call,
      Optional<Envelope> envelope,
      FeeChoice fees,
      Wei maximumGasCost) {
    return new ApprovedTransaction(
        wallet,
        account,
        chain,
        call.to(),
        call.value(),
        Keccak.hash(call.data().toArray()),
        call.data().size(),
        envelope.map(ApprovedTransaction::hash),
        fees.byMarket(),
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
      return different("to", toText(to), toText(call.to()));
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
    if (!isOfType(transaction.envelope())) {
      return different(
          "type",
          envelopeHash.map(Digest32::hex).orElse("a plain one"),
          hash(transaction.envelope()));
    }
    if (transaction.mostGasCost().compareTo(maximumGasCost.value()) > 0) {
      return different("gas cost", "at most " + maximumGasCost + " wei", transaction.mostGasCost());
    }
    return fees.flatMap(choice -> otherFees(choice, transaction.fees()));
  }

  private static Optional<String> otherFees(FeeChoice.ByMarket choice, Fees found) {
    if (choice.cap().filter(cap -> found.maxFeePerGas().compareTo(cap) > 0).isPresent()) {
      return different(
          "fee per gas", "at most " + choice.cap().get() + " wei", found.maxFeePerGas());
    }
    return choice
        .gasLimit()
        .filter(limit -> !limit.equals(found.gasLimit()))
        .flatMap(limit -> different("gas limit", limit.units(), found.gasLimit().units()));
  }

  /// Where nothing was said of its type, it is one that carries nothing of its own.
  private boolean isOfType(Envelope envelope) {
    return envelopeHash.map(hash(envelope)::equals).orElseGet(envelope::isPlain);
  }

  private static Digest32 hash(Envelope envelope) {
    return Keccak.hash(EnvelopeCodec.encode(envelope.withoutFee()).toArray());
  }

  private static String toText(Optional<Address> to) {
    return to.map(Address::hex).orElse("nobody: it creates a contract");
  }

  private static Optional<String> different(String what, Object approved, Object found) {
    return Optional.of("%s: approved is %s, got %s".formatted(what, approved, found));
  }
}
