package dev.countersign.core.evm;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.InvalidValueException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

/// Reads the bytes of an unsigned transaction. Total: any bytes give an outcome, never an
/// exception.
public final class TransactionDecoder {
  private static final int FIRST_LIST = 0xc0;
  private static final int MOST_BYTES = 131_072;
  private static final int CHAIN_AND_TWO_ZEROS = 3;

  private TransactionDecoder() {}

  /// What came of decoding.
  public sealed interface Outcome {
    record Decoded(UnsignedTransaction transaction) implements Outcome {}

    record Undecodable(Problem problem, String detail) implements Outcome {}
  }

  /// Why bytes are not a transaction that is signed here.
  public enum Problem {
    MALFORMED,
    TOO_LARGE,
    /// Without a chain id the signature would be good on every chain (EIP-155).
    UNPROTECTED_LEGACY,
    UNSUPPORTED_TYPE,
    /// Decodes, but is not how these fields are encoded: two readers might see two transactions.
    NOT_CANONICAL
  }

  public static Outcome decode(Bytes payload) {
    if (payload.isEmpty()) {
      return undecodable(Problem.MALFORMED, "no bytes");
    }
    if (payload.size() > MOST_BYTES) {
      return undecodable(
          Problem.TOO_LARGE, payload.size() + " bytes, at most " + MOST_BYTES + " are read");
    }
    int first = payload.get(0) & 0xff;
    if (first >= FIRST_LIST) {
      return total(() -> legacy(payload));
    }
    return typeOf(first)
        .map(type -> total(() -> typed(type, payload)))
        .orElseGet(
            () ->
                undecodable(
                    Problem.UNSUPPORTED_TYPE,
                    "transaction type %d, expected a legacy transaction or type 1 to 4"
                        .formatted(first)));
  }

  static Optional<TransactionType> typeOf(int first) {
    return Arrays.stream(TransactionType.values())
        .filter(type -> type != TransactionType.LEGACY && type.number() == first)
        .findFirst();
  }

  /// The RLP reader throws unchecked exceptions of many kinds on bytes that are not RLP, and goes
  /// down as many levels as there are lists in lists.
  private static Outcome total(Supplier<Outcome> reading) {
    try {
      return reading.get();
    } catch (InvalidValueException e) {
      return undecodable(Problem.MALFORMED, String.valueOf(e.getMessage()));
    } catch (RuntimeException | StackOverflowError e) {
      return undecodable(Problem.MALFORMED, "not the RLP of a transaction");
    }
  }

  private static Outcome typed(TransactionType type, Bytes payload) {
    FieldsOfList fields = TransactionReader.behindType(payload);
    fields.expect(
        TransactionReader.fieldsOf(type), "unsigned transaction of type " + type.number());
    return canonical(TransactionReader.typed(type, fields), payload);
  }

  private static Outcome legacy(Bytes payload) {
    FieldsOfList fields = FieldsOfList.of(payload);
    if (fields.size() != TransactionReader.LEGACY_FIELDS + CHAIN_AND_TWO_ZEROS) {
      return undecodable(
          Problem.UNPROTECTED_LEGACY,
          "legacy transaction without a chain id (EIP-155): it could be replayed on any chain");
    }
    ChainId chain = ChainId.ofEip155(fields.number(TransactionReader.LEGACY_FIELDS));
    return canonical(TransactionReader.legacy(fields, chain), payload);
  }

  private static Outcome canonical(UnsignedTransaction transaction, Bytes payload) {
    return transaction.encode().equals(payload)
        ? new Outcome.Decoded(transaction)
        : undecodable(Problem.NOT_CANONICAL, "encodes to other bytes than it was read from");
  }

  private static Outcome undecodable(Problem problem, String detail) {
    return new Outcome.Undecodable(problem, detail);
  }
}
