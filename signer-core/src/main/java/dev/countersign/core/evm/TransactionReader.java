package dev.countersign.core.evm;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wei;

/// The fields of a transaction, as far as they come before its signature.
final class TransactionReader {
  /// How many of them there are before those that say for which chain it is signed.
  static final int LEGACY_FIELDS = 6;

  private TransactionReader() {}

  /// How many fields a type has before its signature.
  static int fieldsOf(TransactionType type) {
    return switch (type) {
      case LEGACY -> LEGACY_FIELDS;
      case EIP2930 -> 8;
      case EIP1559 -> 9;
      case EIP4844 -> 11;
      case EIP7702 -> 10;
    };
  }

  static UnsignedTransaction legacy(FieldsOfList fields, ChainId chain) {
    return new UnsignedTransaction(
        chain,
        new Nonce(fields.number(0)),
        onePrice(fields.wei(1), fields.number(2)),
        call(fields, 3),
        new Envelope.Legacy());
  }

  static UnsignedTransaction typed(TransactionType type, FieldsOfList fields) {
    ChainId chain = ChainId.ofEip155(fields.number(0));
    Nonce nonce = new Nonce(fields.number(1));
    boolean hasOnePrice = type == TransactionType.EIP2930;
    // Of two prices the second is one field further.
    int limit = hasOnePrice ? 3 : 4;
    Fees fees =
        hasOnePrice
            ? onePrice(fields.wei(2), fields.number(limit))
            : new Fees(fields.wei(2), fields.wei(3), new GasLimit(fields.number(limit)));
    int accessList = limit + 4;
    return new UnsignedTransaction(
        chain,
        nonce,
        fees,
        call(fields, limit + 1),
        EnvelopeCodec.read(
            type, AccessList.read(fields.list(accessList)), fields.from(accessList + 1)));
  }

  private static Fees onePrice(Wei price, long gasLimit) {
    return new Fees(price, price, new GasLimit(gasLimit));
  }

  private static CallEncoder.Call call(FieldsOfList fields, int first) {
    CallEncoder.Call call =
        new CallEncoder.Call(
            fields.addressOrNone(first), fields.wei(first + 1), fields.bytes(first + 2));
    // Refuses what no call can be.
    CallDecoder.decode(call);
    return call;
  }

  /// What comes behind the first byte of `bytes`.
  static FieldsOfList behindType(Bytes bytes) {
    return FieldsOfList.of(bytes.slice(1, bytes.size()));
  }
}
