package dev.countersign.core.action;

import com.esaulpaugh.headlong.abi.Tuple;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
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

  /// @param value as the decoder gives it
  static AbiValue of(Object value) {
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
          members.add(of(tuple.<Object>get(i)));
        }
        yield new Many(members);
      }
      default -> {
        List<AbiValue> elements = new ArrayList<>();
        for (int i = 0; i < Array.getLength(value); i++) {
          elements.add(of(Array.get(value, i)));
        }
        yield new Many(elements);
      }
    };
  }
}
