package dev.countersign.core.action;

import static org.assertj.core.api.Assertions.assertThat;

import com.esaulpaugh.headlong.abi.Function;
import com.esaulpaugh.headlong.abi.Tuple;
import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wei;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;

/// Call data and transactions for tests.
final class Calls {
  static final Address WALLET = address(0xaa);
  static final Address ALICE = address(0xa1);
  static final Address MALLORY = address(0xbad);
  static final Address TOKEN = address(0x70ce);
  static final Address SAFE = address(0x5afe);
  static final Address CONTRACT = address(0xc0);
  static final Address MULTICALL3 = Address.parse("0xcA11bde05977b3631167028862bE2a173976CA11");
  static final Address MULTI_SEND = Address.parse("0x9641d764fc13c8B624c04430C7356C1C7C8102e2");
  static final Address ZERO = address(0);
  static final byte[] WORD = new byte[32];

  private Calls() {}

  static Address address(long number) {
    return new Address("0x%040x".formatted(number));
  }

  /// Call data; takes the types of this project and longs as arguments, nested in lists.
  static Bytes data(String signature, Object... arguments) {
    Function function = Function.parse(signature);
    Object[] theirs = new Object[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      theirs[i] = Abi.value(function.getInputs().get(i), arguments[i]);
    }
    return Bytes.of(function.encodeCall(Tuple.from(theirs)).array());
  }

  static Unpacking unpack(Address to, long value, Bytes data) {
    UnsignedTransaction transaction =
        new UnsignedTransaction(
            ChainId.ofEip155(1),
            new Nonce(0),
            new Fees(Wei.ZERO, Wei.ZERO, new GasLimit(21_000)),
            new CallEncoder.Call(to, Wei.of(value), data));
    return CallUnpacker.unpack(transaction.call(), WALLET);
  }

  static Unpacking unpack(Address to, Bytes data) {
    return unpack(to, 0, data);
  }

  static Unpacking typed(String json) {
    return TypedDataUnpacker.read(json, WALLET).unpacking();
  }

  static List<Action> actions(Unpacking unpacking) {
    assertThat(unpacking).isInstanceOf(Unpacking.Unpacked.class);
    return ((Unpacking.Unpacked) unpacking).actions();
  }

  static String reason(Unpacking unpacking) {
    assertThat(unpacking).isInstanceOf(Unpacking.Opaque.class);
    return ((Unpacking.Opaque) unpacking).reason();
  }

  static Action action(Address account, Deed deed, Integer... path) {
    return new Action(List.of(path), account, deed);
  }

  static Deed.ContractCall call(Address to, Bytes data) {
    return call(to, 0, data);
  }

  static Deed.ContractCall call(Address to, long value, Bytes data) {
    return new Deed.ContractCall(to, Wei.of(value), data);
  }

  static BigInteger units(long amount) {
    return BigInteger.valueOf(amount);
  }

  static Bytes transfer(Address to, long amount) {
    return data("transfer(address,uint256)", to, amount);
  }

  static Bytes multicall(List<Bytes> calls) {
    return data("multicall(bytes[])", calls);
  }

  static Bytes execTransaction(Address to, long value, Bytes data, int operation) {
    return data(
        "execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)",
        to,
        value,
        data,
        (long) operation,
        0L,
        0L,
        0L,
        ZERO,
        ZERO,
        Bytes.EMPTY);
  }

  /// One transaction in the packed form of MultiSend.
  static Bytes packed(int operation, Address to, long value, Bytes data) {
    return concat(
        Bytes.of(new byte[] {(byte) operation}), to.bytes(), word(value), word(data.size()), data);
  }

  static Bytes multiSend(Bytes... packed) {
    return data("multiSend(bytes)", concat(packed));
  }

  static Bytes word(long number) {
    return Bytes.fromHex("0x%064x".formatted(number));
  }

  static Bytes concat(Bytes... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(part -> all.writeBytes(part.toArray()));
    return Bytes.of(all.toByteArray());
  }

  /// `data` with one byte changed.
  static Bytes with(Bytes data, int index, int value) {
    byte[] changed = data.toArray();
    changed[index] = (byte) value;
    return Bytes.of(changed);
  }
}
