package dev.countersign.core.model;

import java.math.BigInteger;
import java.util.regex.Pattern;

/// Reading of 256-bit unsigned integers; every amount is one.
final class Uint256 {
  private static final Pattern DECIMAL = Pattern.compile("0|[1-9][0-9]{0,77}");
  private static final int BITS = 256;

  private Uint256() {}

  /// Checks that `value` is in 0 to 2^256-1.
  static BigInteger check(String what, BigInteger value) {
    if (value.signum() < 0 || value.bitLength() > BITS) {
      throw InvalidValueException.of(what, value.toString(), "an integer from 0 to 2^256-1");
    }
    return value;
  }

  /// Reads a plain decimal integer: no sign, no leading zero, no fraction, no exponent.
  static BigInteger parse(String what, String text) {
    if (!DECIMAL.matcher(text).matches()) {
      throw InvalidValueException.of(what, text, "a decimal integer from 0 to 2^256-1");
    }
    return check(what, new BigInteger(text));
  }
}
