package dev.countersign.core.action;

import com.esaulpaugh.headlong.abi.Tuple;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Wei;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Decoded ABI values by their position, in the types that are used here.
final class Arguments {
  private static final int ADDRESS_SIZE = 20;

  private final Tuple values;

  Arguments(Tuple values) {
    this.values = values;
  }

  Address address(int index) {
    return address((com.esaulpaugh.headlong.abi.Address) values.get(index));
  }

  List<Address> addresses(int index) {
    com.esaulpaugh.headlong.abi.Address[] items = values.get(index);
    return Arrays.stream(items).map(Arguments::address).toList();
  }

  /// An unsigned integer of any width.
  BigInteger uint(int index) {
    Object number = values.get(index);
    return number instanceof BigInteger big
        ? big
        : BigInteger.valueOf(((Number) number).longValue());
  }

  List<BigInteger> uints(int index) {
    BigInteger[] items = values.get(index);
    return List.of(items);
  }

  Wei wei(int index) {
    return new Wei(uint(index));
  }

  boolean bool(int index) {
    return values.<Boolean>get(index);
  }

  Bytes bytes(int index) {
    return Bytes.of(values.<byte[]>get(index));
  }

  List<Bytes> bytesList(int index) {
    byte[][] items = values.get(index);
    return Arrays.stream(items).map(Bytes::of).toList();
  }

  Arguments struct(int index) {
    return new Arguments(values.get(index));
  }

  List<Arguments> structs(int index) {
    Tuple[] items = values.get(index);
    List<Arguments> structs = new ArrayList<>(items.length);
    for (Tuple item : items) {
      structs.add(new Arguments(item));
    }
    return structs;
  }

  Tuple tuple() {
    return values;
  }

  static Address address(com.esaulpaugh.headlong.abi.Address address) {
    byte[] number = address.value().toByteArray();
    byte[] padded = new byte[ADDRESS_SIZE];
    // A sign byte may stand in front of 20 others.
    int size = Math.min(number.length, ADDRESS_SIZE);
    System.arraycopy(number, number.length - size, padded, ADDRESS_SIZE - size, size);
    return Address.of(Bytes.of(padded));
  }
}
