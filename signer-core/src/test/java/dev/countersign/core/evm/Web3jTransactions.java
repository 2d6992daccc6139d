package dev.countersign.core.evm;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import java.math.BigInteger;
import java.util.List;
import org.web3j.crypto.AccessListObject;
import org.web3j.crypto.AuthorizationTuple;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.Sign;
import org.web3j.crypto.TransactionEncoder;
import org.web3j.crypto.transaction.type.ITransaction;
import org.web3j.crypto.transaction.type.Transaction2930;
import org.web3j.crypto.transaction.type.Transaction4844;
import org.web3j.crypto.transaction.type.Transaction7702;
import org.web3j.utils.Numeric;

/// The same transactions, encoded by web3j.
final class Web3jTransactions {
  private Web3jTransactions() {}

  static Bytes unsigned(UnsignedTransaction transaction) {
    RawTransaction raw = raw(transaction);
    return Bytes.of(
        transaction.envelope() instanceof Envelope.Legacy
            ? TransactionEncoder.encode(raw, transaction.chain().eip155())
            : TransactionEncoder.encode(raw));
  }

  static Bytes signed(UnsignedTransaction transaction, RecoverableSignature signature) {
    BigInteger v =
        transaction.envelope() instanceof Envelope.Legacy
            ? BigInteger.valueOf(transaction.chain().eip155())
                .multiply(BigInteger.TWO)
                .add(BigInteger.valueOf(35L + signature.yParity()))
            : BigInteger.valueOf(27L + signature.yParity());
    return Bytes.of(
        TransactionEncoder.encode(
            raw(transaction),
            new Sign.SignatureData(v.toByteArray(), padded(signature.r()), padded(signature.s()))));
  }

  private static byte[] padded(BigInteger number) {
    return Numeric.toBytesPadded(number, 32);
  }

  private static RawTransaction raw(UnsignedTransaction transaction) {
    long chain = transaction.chain().eip155();
    BigInteger nonce = BigInteger.valueOf(transaction.nonce().value());
    BigInteger gas = BigInteger.valueOf(transaction.fees().gasLimit().units());
    BigInteger most = transaction.fees().maxFeePerGas().value();
    BigInteger tip = transaction.fees().maxPriorityFeePerGas().value();
    String to = transaction.call().to().map(Address::hex).orElse("");
    BigInteger value = transaction.call().value().value();
    String data = transaction.call().data().hex();
    List<AccessListObject> list = list(transaction.envelope().accessList());
    return switch (transaction.envelope()) {
      case Envelope.Legacy _ -> RawTransaction.createTransaction(nonce, most, gas, to, value, data);
      case Envelope.OnePrice _ ->
          new Raw(
              Transaction2930.createTransaction(chain, nonce, most, gas, to, value, data, list));
      case Envelope.FeeMarket _ ->
          RawTransaction.createTransaction(chain, nonce, gas, to, value, data, tip, most, list);
      case Envelope.Blobs blobs ->
          new Raw(
              Transaction4844.createTransaction(
                  null,
                  null,
                  null,
                  chain,
                  nonce,
                  tip,
                  most,
                  gas,
                  to,
                  value,
                  data,
                  blobs.maxFeePerBlobGas().value(),
                  blobs.versionedHashes().stream()
                      .map(hash -> org.apache.tuweni.bytes.Bytes.fromHexString(hash.hex()))
                      .toList(),
                  list));
      case Envelope.SetCode code ->
          new Raw(
              Transaction7702.createTransaction(
                  chain,
                  nonce,
                  tip,
                  most,
                  gas,
                  to,
                  value,
                  data,
                  list,
                  code.authorizations().stream().map(Web3jTransactions::tuple).toList()));
    };
  }

  private static List<AccessListObject> list(AccessList accessList) {
    return accessList.entries().stream()
        .map(
            entry ->
                new AccessListObject(
                    entry.account().hex(), entry.slots().stream().map(slot -> slot.hex()).toList()))
        .toList();
  }

  private static AuthorizationTuple tuple(SignedAuthorization one) {
    return new AuthorizationTuple(
        BigInteger.valueOf(one.chain().map(ChainId::eip155).orElse(0L)),
        one.delegate().hex(),
        BigInteger.valueOf(one.nonce().value()),
        BigInteger.valueOf(one.signature().yParity()),
        one.signature().r(),
        one.signature().s());
  }

  /// Its constructor is open to heirs alone.
  private static final class Raw extends RawTransaction {
    Raw(ITransaction transaction) {
      super(transaction);
    }
  }
}
