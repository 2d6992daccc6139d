package dev.countersign.core.evm;

import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.Keccak;
import dev.countersign.core.model.Nonce;
import java.math.BigInteger;

/// A transaction of type 2 (EIP-1559) before it is signed.
public record UnsignedTransaction(ChainId chain, Nonce nonce, Fees fees, CallEncoder.Call call) {

  public static UnsignedTransaction of(ChainId chain, Nonce nonce, Fees fees, Intent intent) {
    return new UnsignedTransaction(chain, nonce, fees, CallEncoder.encode(intent));
  }

  /// The bytes whose Keccak-256 is signed: `0x02 ‖ rlp([chainId, nonce, maxPriorityFeePerGas,
  /// maxFeePerGas, gasLimit, to, value, data, accessList])`, with an empty access list.
  public Bytes encode() {
    return TransactionRlp.unsigned(this);
  }

  public Digest32 signingDigest() {
    return Keccak.hash(encode().toArray());
  }

  /// The most it may take of its account, value and gas, in wei. A node refuses it when the account
  /// has less.
  public BigInteger mostCost() {
    return call.value().value().add(fees.mostGasCost());
  }

  /// What it does, read off its own fields.
  public Intent intent() {
    return CallDecoder.decode(call);
  }

  /// The bytes a node takes.
  public SignedTransaction sign(RecoverableSignature signature) {
    return new SignedTransaction(TransactionRlp.signed(this, signature));
  }
}
