package dev.countersign.core.action;

import com.esaulpaugh.headlong.abi.Function;
import com.esaulpaugh.headlong.abi.Tuple;
import com.esaulpaugh.headlong.abi.TupleType;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Wei;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// The transactions that Safe's MultiSend and MultiSendCallOnly take in one byte string, packed:
/// operation (1 byte), to (20), value (32), length of the data (32), data.
final class MultiSend {
  static final String SIGNATURE = "multiSend(bytes)";

  private static final Function FUNCTION = Function.parse(SIGNATURE);
  private static final Bytes SELECTOR = Bytes.of(FUNCTION.selector());
  private static final TupleType<Tuple> INPUTS = FUNCTION.getInputs();
  private static final Address ZERO = new Address("0x" + "0".repeat(40));
  private static final int TO = 1;
  private static final int VALUE = TO + 20;
  private static final int LENGTH = VALUE + 32;
  private static final int DATA = LENGTH + 32;

  private MultiSend() {}

  static boolean isCalledBy(Bytes data) {
    return data.size() >= Call.SELECTOR_SIZE && data.slice(0, Call.SELECTOR_SIZE).equals(SELECTOR);
  }

  /// Of call data that [#isCalledBy] says is one.
  ///
  /// @param account who makes the calls within
  static List<Step> stepsOfCallData(Address account, Bytes data) throws OpaqueException {
    Bytes arguments = data.slice(Call.SELECTOR_SIZE, data.size());
    return steps(account, StrictAbi.decode(SIGNATURE, INPUTS, arguments).bytes(0));
  }

  /// @param account who makes the calls within
  static List<Step> steps(Address account, Bytes packed) throws OpaqueException {
    List<Step> steps = new ArrayList<>();
    int at = 0;
    while (at < packed.size()) {
      int rest = packed.size() - at;
      if (rest < DATA) {
        throw new OpaqueException(
            "multiSend: expected %d bytes or more of a transaction, got %d".formatted(DATA, rest));
      }
      BigInteger size = number(packed, at + LENGTH, at + DATA);
      if (size.compareTo(BigInteger.valueOf(rest - DATA)) > 0) {
        throw new OpaqueException(
            "multiSend: expected %s bytes of data, got %d".formatted(size, rest - DATA));
      }
      int end = at + DATA + size.intValueExact();
      steps.add(step(account, packed.slice(at, at + DATA), packed.slice(at + DATA, end)));
      at = end;
    }
    return steps;
  }

  private static Step step(Address account, Bytes head, Bytes data) throws OpaqueException {
    Address to = Address.of(head.slice(TO, VALUE));
    if (to.equals(ZERO)) {
      // From MultiSend 1.5.0 on the zero address stands for the Safe itself; before, for nobody.
      throw new OpaqueException("multiSend: expected a target, got the zero address");
    }
    return SafeFunctions.transaction(
        account, to, new Wei(number(head, VALUE, LENGTH)), data, number(head, 0, TO));
  }

  private static BigInteger number(Bytes bytes, int start, int end) {
    return new BigInteger(1, bytes.slice(start, end).toArray());
  }
}
