package dev.countersign.core.action;

import com.esaulpaugh.headlong.abi.Tuple;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.typeddata.TypedValue;
import java.lang.reflect.Array;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// A decoded argument.
public sealed interface AbiValue {

  record Account(Address address) implements AbiValue {
    @Override
    public String toString() {
      return address.checksummed();
    }
  }

  /// Of any width, signed or not.
  record Whole(BigInteger number) implements AbiValue {
    @Override
    public String toString() {
      return number.toString();
    }
  }

  record Flag(boolean flag) implements AbiValue {
    @Override
    public String toString() {
      return String.valueOf(flag);
    }
  }

  /// Bytes, of a fixed length or not.
  record Data(Bytes bytes) implements AbiValue {
    @Override
    public String toString() {
      return bytes.hex();
    }
  }

  record Text(String text) implements AbiValue {
    @Override
    public String toString() {
      return text;
    }
  }

  /// The elements of an array, or the members of a struct.
  record Many(List<AbiValue> values) implements AbiValue {
    public Many {
      values = List.copyOf(values);
    }

    @Override
    public String toString() {
      return values.toString();
    }
  }

  /// A value of typed data (EIP-712).
  static AbiValue of(TypedValue value) {
    return switch (value) {
      case TypedValue.Account(Address address) -> new Account(address);
      case TypedValue.Flag(boolean flag) -> new Flag(flag);
      case TypedValue.Text(String text) -> new Text(text);
      case TypedValue.Blob(Bytes bytes) -> new Data(bytes);
      case TypedValue.FixedBytes(Bytes bytes) -> new Data(bytes);
      case TypedValue.Whole(BigInteger number) -> new Whole(number);
      case TypedValue.Items(List<TypedValue> items) ->
          new Many(items.stream().map(AbiValue::of).toList());
      case TypedValue.Struct struct ->
          new Many(struct.values().stream().map(AbiValue::of).toList());
    };
  }

  /// @param value as the decoder gives it
  static AbiValue decoded(Object value) {
    return switch (value) {
      case com.esaulpaugh.headlong.abi.Address address -> new Account(Arguments.address(address));
      case BigInteger number -> new Whole(number);
      case Integer number -> new Whole(BigInteger.valueOf(number));
      case Long number -> new Whole(BigInteger.valueOf(number));
      case Boolean flag -> new Flag(flag);
      case byte[] bytes -> new Data(Bytes.of(bytes));
      case String text -> new Text(text);
      case Tuple tuple -> {
        List<AbiValue> members = new ArrayList<>(tuple.size());
        for (int i = 0; i < tuple.size(); i++) {
          members.add(decoded(tuple.<Object>get(i)));
        }
        yield new Many(members);
      }
      default -> {
        List<AbiValue> elements = new ArrayList<>();
        for (int i = 0; i < Array.getLength(value); i++) {
          elements.add(decoded(Array.get(value, i)));
        }
        yield new Many(elements);
      }
    };
  }
}
