package dev.countersign.core.typeddata;

import java.util.OptionalInt;

/// The type of a field of a struct.
sealed interface FieldType {

  /// `address`, `bool`, `string` or `bytes`.
  record Plain(Kind kind) implements FieldType {
    enum Kind {
      ADDRESS,
      BOOL,
      STRING,
      BYTES
    }
  }

  /// `bytes1` to `bytes32`.
  record FixedBytes(int size) implements FieldType {}

  /// `uint8` to `uint256` and `int8` to `int256`.
  record Whole(boolean signed, int bits) implements FieldType {}

  record Struct(String name) implements FieldType {}

  /// @param length where it is fixed
  record Array(FieldType item, OptionalInt length) implements FieldType {}
}
