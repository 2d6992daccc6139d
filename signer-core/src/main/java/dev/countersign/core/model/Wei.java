package dev.countersign.core.model;

import java.math.BigInteger;

/// An amount of a chain's native asset in its smallest unit, 0 to 2^256-1.
public record Wei(BigInteger value) implements Comparable<Wei> {
  public static final Wei ZERO = new Wei(BigInteger.ZERO);

  public Wei {
    Uint256.check("wei", value);
  }

  public static Wei of(long value) {
    return new Wei(BigInteger.valueOf(value));
  }

  /// Reads a plain decimal integer of wei.
  ///
  /// @throws InvalidValueException on a sign, a fraction, an exponent, or 2^256 and above
  public static Wei parse(String text) {
    return new Wei(Uint256.parse("wei", text));
  }

  @Override
  public int compareTo(Wei other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
