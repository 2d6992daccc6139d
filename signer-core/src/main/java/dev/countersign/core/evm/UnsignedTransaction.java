package dev.countersign.core.evm;

import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.Keccak;
import dev.countersign.core.model.Nonce;
import java.math.BigInteger;

/// A transaction before it is signed.
///
/// @param fees where one price is paid for gas ([Envelope#hasOnePrice]), tip and maximum are that
/// @param envelope its type, and what only that has
public record UnsignedTransaction(
    ChainId chain, Nonce nonce, Fees fees, CallEncoder.Call call, Envelope envelope) {

  public UnsignedTransaction {
    if (envelope.hasOnePrice() && !fees.maxPriorityFeePerGas().equals(fees.maxFeePerGas())) {
      throw InvalidValueException.of(
          "max priority fee",
          fees.maxPriorityFeePerGas().toString(),
          "the max fee %s, since a %s transaction has one gas price"
              .formatted(fees.maxFeePerGas(), envelope.type().text()));
    }
    if (call.to().isEmpty() && !envelope.mayCreate()) {
      throw InvalidValueException.of(
          "recipient",
          "none",
          "one: a transaction of type %s creates no contract".formatted(envelope.type().text()));
    }
  }

  /// Of type 2, with an empty access list.
  public UnsignedTransaction(ChainId chain, Nonce nonce, Fees fees, CallEncoder.Call call) {
    this(chain, nonce, fees, call, Envelope.FeeMarket.PLAIN);
  }

  public static UnsignedTransaction of(
      ChainId chain, Nonce nonce, Fees fees, Intent.OfTransaction intent, Envelope envelope) {
    return new UnsignedTransaction(chain, nonce, fees, CallEncoder.encode(intent), envelope);
  }

  /// Of type 2, with an empty access list.
  public static UnsignedTransaction of(
      ChainId chain, Nonce nonce, Fees fees, Intent.OfTransaction intent) {
    return of(chain, nonce, fees, intent, Envelope.FeeMarket.PLAIN);
  }

  /// The bytes whose Keccak-256 is signed:
  ///
  /// | type | bytes |
  /// |---|---|
  /// | legacy (EIP-155) | `rlp([nonce, gasPrice, gasLimit, to, value, data, chainId, 0, 0])` |
  /// | EIP-2930 | `0x01 ‖ rlp([chainId, nonce, gasPrice, gasLimit, to, value, data, accessList])` |
  /// | EIP-1559 | `0x02 ‖ rlp([chainId, nonce, maxPriorityFeePerGas, maxFeePerGas, gasLimit, to,
  /// value, data, accessList])` |
  /// | EIP-4844 | `0x03 ‖ rlp([…, accessList, maxFeePerBlobGas, blobVersionedHashes])` |
  /// | EIP-7702 | `0x04 ‖ rlp([…, accessList, authorizationList])` |
  public Bytes encode() {
    return TransactionRlp.unsigned(this);
  }

  public Digest32 signingDigest() {
    return Keccak.hash(encode().toArray());
  }

  /// The most that gas and blobs may cost, in wei.
  public BigInteger mostGasCost() {
    return fees.mostGasCost().add(envelope.mostBlobCost());
  }

  /// The most it may take of its account, value and gas, in wei. A node refuses it when the account
  /// has less.
  public BigInteger mostCost() {
    return call.value().value().add(mostGasCost());
  }

  /// What it does, read off its own fields.
  public Intent.OfTransaction intent() {
    return CallDecoder.decode(call);
  }

  /// The bytes a node takes; with blobs, all but those.
  public SignedTransaction sign(RecoverableSignature signature) {
    return new SignedTransaction(TransactionRlp.signed(this, signature));
  }
}
