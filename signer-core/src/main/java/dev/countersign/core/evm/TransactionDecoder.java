package dev.countersign.core.evm;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wei;
import java.util.List;
import org.web3j.rlp.RlpDecoder;
import org.web3j.rlp.RlpList;
import org.web3j.rlp.RlpString;
import org.web3j.rlp.RlpType;

/// Reads the bytes of an unsigned transaction. Total: any bytes give an outcome, never an
/// exception.
public final class TransactionDecoder {
  private static final int FIRST_LEGACY_LIST = 0xc0;
  private static final int LEGACY_FIELDS_WITH_CHAIN = 9;
  private static final int MOST_BYTES = 131_072;
  private static final int FIELDS = 9;

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
    CONTRACT_CREATION,
    ACCESS_LIST,
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
    int type = payload.get(0) & 0xff;
    if (type >= FIRST_LEGACY_LIST) {
      return legacy(payload);
    }
    if (type != TransactionRlp.TYPE) {
      return undecodable(
          Problem.UNSUPPORTED_TYPE, "transaction type " + type + ", expected 2 (EIP-1559)");
    }
    try {
      return typed(payload);
    } catch (InvalidValueException e) {
      return undecodable(Problem.MALFORMED, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      // The RLP reader throws unchecked exceptions of many kinds on bytes that are not RLP.
      return undecodable(Problem.MALFORMED, "not the RLP of a transaction");
    }
  }

  private static Outcome typed(Bytes payload) {
    List<RlpType> fields = list(payload.slice(1, payload.size()));
    if (fields.size() != FIELDS) {
      return undecodable(
          Problem.MALFORMED, fields.size() + " fields, an unsigned EIP-1559 transaction has 9");
    }
    if (string(fields, 5).getBytes().length == 0) {
      return undecodable(Problem.CONTRACT_CREATION, "no recipient: creates a contract");
    }
    if (!((RlpList) fields.get(8)).getValues().isEmpty()) {
      return undecodable(Problem.ACCESS_LIST, "access lists are not supported");
    }
    UnsignedTransaction transaction = read(fields);
    if (!transaction.encode().equals(payload)) {
      return undecodable(Problem.NOT_CANONICAL, "encodes to other bytes than it was read from");
    }
    CallDecoder.decode(transaction.call());
    return new Outcome.Decoded(transaction);
  }

  private static UnsignedTransaction read(List<RlpType> fields) {
    return new UnsignedTransaction(
        ChainId.ofEip155(number(fields, 0)),
        new Nonce(number(fields, 1)),
        new Fees(
            new Wei(TransactionRlp.integer(string(fields, 2))),
            new Wei(TransactionRlp.integer(string(fields, 3))),
            new GasLimit(number(fields, 4))),
        new CallEncoder.Call(
            Address.of(Bytes.of(string(fields, 5).getBytes())),
            new Wei(TransactionRlp.integer(string(fields, 6))),
            Bytes.of(string(fields, 7).getBytes())));
  }

  private static Outcome legacy(Bytes payload) {
    try {
      return list(payload).size() == LEGACY_FIELDS_WITH_CHAIN
          ? undecodable(Problem.UNSUPPORTED_TYPE, "legacy transaction, expected type 2 (EIP-1559)")
          : undecodable(
              Problem.UNPROTECTED_LEGACY,
              "legacy transaction without a chain id (EIP-155): it could be replayed on any chain");
    } catch (RuntimeException e) {
      // As above: whatever the RLP reader makes of it, it is not a transaction.
      return undecodable(Problem.MALFORMED, "not the RLP of a transaction");
    }
  }

  private static List<RlpType> list(Bytes rlp) {
    List<RlpType> outer = RlpDecoder.decode(rlp.toArray()).getValues();
    if (outer.size() != 1) {
      throw InvalidValueException.of("transaction", outer.size() + " RLP items", "one RLP list");
    }
    return ((RlpList) outer.getFirst()).getValues();
  }

  private static RlpString string(List<RlpType> fields, int index) {
    return (RlpString) fields.get(index);
  }

  private static long number(List<RlpType> fields, int index) {
    return TransactionRlp.integer(string(fields, index)).longValueExact();
  }

  private static Outcome undecodable(Problem problem, String detail) {
    return new Outcome.Undecodable(problem, detail);
  }
}
