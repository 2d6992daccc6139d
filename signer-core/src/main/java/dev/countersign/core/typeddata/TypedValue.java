package dev.countersign.core.typeddata;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import java.math.BigInteger;
import java.util.List;

/// A value that has been checked against its declared type.
public sealed interface TypedValue {
  record Account(Address value) implements TypedValue {}

  record Flag(boolean value) implements TypedValue {}

  record Text(String value) implements TypedValue {}

  /// Bytes of any number.
  record Blob(Bytes value) implements TypedValue {}

  /// `bytes1` to `bytes32`, as many as the type says.
  record FixedBytes(Bytes value) implements TypedValue {}

  /// In the range of its type.
  record Whole(BigInteger value) implements TypedValue {}

  record Items(List<TypedValue> values) implements TypedValue {
    public Items {
      values = List.copyOf(values);
    }
  }

  /// @param values one for each field, in declared order
  record Struct(String type, List<TypedValue> values) implements TypedValue {
    public Struct {
      values = List.copyOf(values);
    }

    public Address address(int field) {
      return ((Account) values.get(field)).value();
    }

    public boolean flag(int field) {
      return ((Flag) values.get(field)).value();
    }

    public String text(int field) {
      return ((Text) values.get(field)).value();
    }

    public Bytes bytes(int field) {
      return ((Blob) values.get(field)).value();
    }

    public BigInteger whole(int field) {
      return ((Whole) values.get(field)).value();
    }

    public Struct struct(int field) {
      return (Struct) values.get(field);
    }

    public List<Struct> structs(int field) {
      return ((Items) values.get(field)).values().stream().map(Struct.class::cast).toList();
    }
  }
}
