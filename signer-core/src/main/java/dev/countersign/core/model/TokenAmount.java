package dev.countersign.core.model;

import java.math.BigInteger;

/// An amount of a token in its smallest unit (`uint256` of ERC-20), 0 to 2^256-1.
public record TokenAmount(BigInteger value) implements Comparable<TokenAmount> {
  public TokenAmount {
    Uint256.check("token amount", value);
  }

  /// Reads a plain decimal integer of base units.
  ///
  /// @throws InvalidValueException on a sign, a fraction, an exponent, or 2^256 and above
  public static TokenAmount parse(String text) {
    return new TokenAmount(Uint256.parse("token amount", text));
  }

  @Override
  public int compareTo(TokenAmount other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
