package dev.countersign.mpc.group;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;

/// The integers modulo the prime order of a group.
public final class ScalarField {
  /// By SEC 2, section 2.4.1; encoded with the highest byte first.
  public static final ScalarField SECP256K1 =
      new ScalarField(
          "secp256k1", "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", true);

  /// By RFC 8032, section 5.1; encoded with the lowest byte first.
  public static final ScalarField ED25519 =
      new ScalarField(
          "edwards25519",
          "1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed",
          false);

  /// Of an encoded scalar.
  public static final int BYTES = 32;

  private final String group;
  private final Montgomery arithmetic;
  private final boolean highestFirst;

  private ScalarField(String group, String order, boolean highestFirst) {
    this.group = group;
    this.arithmetic = new Montgomery(new BigInteger(order, 16));
    this.highestFirst = highestFirst;
  }

  Montgomery arithmetic() {
    return arithmetic;
  }

  public BigInteger order() {
    return arithmetic.modulus();
  }

  public Scalar zero() {
    return new Scalar(this, new long[Montgomery.LIMBS]);
  }

  public Scalar one() {
    return new Scalar(this, arithmetic.one());
  }

  /// A small number, such as the identifier of a party.
  public Scalar of(int number) {
    if (number < 0) {
      throw new IllegalArgumentException("expected no number below zero, got " + number);
    }
    long[] limbs = {number, 0, 0, 0};
    arithmetic.enter(limbs);
    return new Scalar(this, limbs);
  }

  /// Reads what [Scalar#encode] writes, and nothing else.
  ///
  /// @throws MalformedElementException when it has not 32 bytes or is not below the order
  public Scalar decode(byte[] encoded) throws MalformedElementException {
    if (encoded.length != BYTES) {
      throw new MalformedElementException(
          "a scalar of %s has %d bytes, expected %d".formatted(this, encoded.length, BYTES));
    }
    long[] limbs = limbs(encoded, 0);
    if (!arithmetic.isReduced(limbs)) {
      Arrays.fill(limbs, 0);
      throw new MalformedElementException("a scalar of %s is not below the order".formatted(this));
    }
    arithmetic.enter(limbs);
    return new Scalar(this, limbs);
  }

  /// A number of 64 bytes modulo the order, in this field's order of bytes. Uniform where they are,
  /// but for a part in 2^128 or less.
  public Scalar reduce(byte[] wide) {
    if (wide.length != 2 * BYTES) {
      throw new IllegalArgumentException(
          "expected %d bytes, got %d".formatted(2 * BYTES, wide.length));
    }
    long[] high = limbs(wide, highestFirst ? 0 : BYTES);
    long[] low = limbs(wide, highestFirst ? BYTES : 0);
    // In Montgomery form once more is times 2^256.
    arithmetic.enter(high);
    arithmetic.enter(high);
    arithmetic.enter(low);
    arithmetic.add(low, 0, low, 0, high, 0);
    Arrays.fill(high, 0);
    return new Scalar(this, low);
  }

  /// Uniform, and not zero.
  public Scalar random(SecureRandom random) {
    byte[] wide = new byte[2 * BYTES];
    while (true) {
      random.nextBytes(wide);
      Scalar scalar = reduce(wide);
      Arrays.fill(wide, (byte) 0);
      if (!scalar.isZero()) {
        return scalar;
      }
    }
  }

  /// 32 bytes of this field's order as limbs, not reduced and not in Montgomery form.
  long[] limbs(byte[] bytes, int from) {
    long[] limbs = new long[Montgomery.LIMBS];
    for (int i = 0; i < BYTES; i++) {
      int place = highestFirst ? BYTES - 1 - i : i;
      limbs[place >>> 3] |= (bytes[from + i] & 0xffL) << (8 * (place & 7));
    }
    return limbs;
  }

  byte[] bytes(long[] limbs) {
    byte[] bytes = new byte[BYTES];
    for (int i = 0; i < BYTES; i++) {
      int place = highestFirst ? BYTES - 1 - i : i;
      bytes[i] = (byte) (limbs[place >>> 3] >>> (8 * (place & 7)));
    }
    return bytes;
  }

  /// The name of the group.
  @Override
  public String toString() {
    return group;
  }
}
