package dev.countersign.core.model;

import java.util.Arrays;
import java.util.HexFormat;

/// An immutable byte string. Not for secrets: it prints as hex.
public final class Bytes {
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] value;

  private Bytes(byte[] value) {
    this.value = value;
  }

  /// A copy of `value`.
  public static Bytes of(byte[] value) {
    return value.length == 0 ? EMPTY : new Bytes(value.clone());
  }

  /// Reads `0x` and an even number of hex digits.
  ///
  /// @throws InvalidValueException when it is anything else
  public static Bytes fromHex(String text) {
    if (!text.startsWith("0x")) {
      throw InvalidValueException.of("bytes", text, "0x followed by hex digits");
    }
    try {
      return new Bytes(HexFormat.of().parseHex(text, 2, text.length()));
    } catch (IllegalArgumentException e) {
      throw InvalidValueException.of("bytes", text, "0x followed by an even number of hex digits");
    }
  }

  public byte[] toArray() {
    return value.clone();
  }

  public int size() {
    return value.length;
  }

  public boolean isEmpty() {
    return value.length == 0;
  }

  public byte get(int index) {
    return value[index];
  }

  /// The bytes from `start` to before `end`.
  public Bytes slice(int start, int end) {
    return of(Arrays.copyOfRange(value, start, end));
  }

  /// `0x` and lower-case hex digits.
  public String hex() {
    return "0x" + HexFormat.of().formatHex(value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(value, bytes.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return hex();
  }
}
