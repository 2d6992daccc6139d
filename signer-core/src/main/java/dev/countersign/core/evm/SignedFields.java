package dev.countersign.core.evm;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import java.math.BigInteger;
import java.util.Optional;

/// What signed bytes say, whoever says what they are.
public record SignedFields(UnsignedTransaction transaction, RecoverableSignature signature) {
  private static final int FIRST_LIST = 0xc0;
  private static final int SIGNATURE_FIELDS = 3;
  private static final BigInteger FIRST_V = BigInteger.valueOf(TransactionRlp.FIRST_PROTECTED_V);

  /// Total: any bytes give an answer.
  static Optional<SignedFields> read(Bytes bytes) {
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    int first = bytes.get(0) & 0xff;
    try {
      Optional<SignedFields> fields =
          first >= FIRST_LIST
              ? Optional.of(legacy(FieldsOfList.of(bytes)))
              : TransactionDecoder.typeOf(first)
                  .map(type -> typed(type, TransactionReader.behindType(bytes)));
      return fields.filter(
          read -> TransactionRlp.signed(read.transaction, read.signature).equals(bytes));
    } catch (RuntimeException | StackOverflowError e) {
      // As in TransactionDecoder: whatever the RLP reader makes of it.
      return Optional.empty();
    }
  }

  private static SignedFields typed(TransactionType type, FieldsOfList fields) {
    int count = TransactionReader.fieldsOf(type);
    fields.expect(count + SIGNATURE_FIELDS, "signed transaction of type " + type.number());
    return new SignedFields(
        TransactionReader.typed(type, fields),
        signature(fields, count + 1, Math.toIntExact(fields.number(count))));
  }

  private static SignedFields legacy(FieldsOfList fields) {
    int count = TransactionReader.LEGACY_FIELDS;
    fields.expect(count + SIGNATURE_FIELDS, "signed legacy transaction");
    BigInteger[] chainAndParity =
        fields.integer(count).subtract(FIRST_V).divideAndRemainder(BigInteger.TWO);
    return new SignedFields(
        TransactionReader.legacy(fields, ChainId.ofEip155(chainAndParity[0].longValueExact())),
        signature(fields, count + 1, chainAndParity[1].intValueExact()));
  }

  private static RecoverableSignature signature(FieldsOfList fields, int r, int parity) {
    return new RecoverableSignature(fields.integer(r), fields.integer(r + 1), parity);
  }
}
