package dev.countersign.mpc.group;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;

/// The subgroup of prime order of edwards25519, by RFC 8032 section 5.1. Points are encoded with 32
/// bytes.
public final class Ed25519Group implements Group<Ed25519Point> {
  private static final BigInteger P = Ed25519Point.FIELD.modulus();

  /// A square root of minus one.
  private static final long[] ROOT_OF_MINUS_ONE =
      Ed25519Point.constant(BigInteger.TWO.modPow(P.subtract(BigInteger.ONE).shiftRight(2), P));

  private static final BigInteger GENERATOR_Y =
      BigInteger.valueOf(4).multiply(BigInteger.valueOf(5).modInverse(P)).mod(P);

  public static final Ed25519Group INSTANCE = new Ed25519Group();

  private final Ed25519Point generator;
  private final long[] tables;

  private Ed25519Group() {
    byte[] encoded = ScalarField.ED25519.bytes(PrimeField.limbs(GENERATOR_Y));
    try {
      this.generator = decompress(encoded);
    } catch (MalformedElementException e) {
      throw new ExceptionInInitializerError(e);
    }
    this.tables = generator.tables();
  }

  @Override
  public ScalarField scalars() {
    return ScalarField.ED25519;
  }

  @Override
  public int pointBytes() {
    return ScalarField.BYTES;
  }

  @Override
  public Ed25519Point identity() {
    return Ed25519Point.IDENTITY;
  }

  @Override
  public Ed25519Point generator() {
    return generator;
  }

  @Override
  public Ed25519Point generate(Scalar scalar) {
    return Ed25519Point.combined(tables, scalar);
  }

  @Override
  public Ed25519Point decode(byte[] encoded) throws MalformedElementException {
    Ed25519Point point = decompress(encoded);
    if (point.isIdentity()) {
      throw new MalformedElementException("the identity of edwards25519");
    }
    if (!point.isInPrimeOrderSubgroup()) {
      throw new MalformedElementException(
          "a point of edwards25519 outside the subgroup of prime order");
    }
    return point;
  }

  @Override
  public Ed25519Point sumOfProducts(List<Ed25519Point> points, List<Scalar> scalars) {
    return Ed25519Point.publicSum(points, scalars);
  }

  /// By RFC 8032 section 5.1.3.
  private static Ed25519Point decompress(byte[] encoded) throws MalformedElementException {
    if (encoded.length != ScalarField.BYTES) {
      throw new MalformedElementException(
          "a point of edwards25519 has %d bytes, expected %d"
              .formatted(encoded.length, ScalarField.BYTES));
    }
    PseudoMersenne field = Ed25519Point.FIELD;
    byte[] cleared = encoded.clone();
    cleared[31] &= 0x7f;
    boolean isOdd = (encoded[31] & 0x80) != 0;
    long[] y = littleEndian(cleared);
    if (!field.isReduced(y)) {
      throw new MalformedElementException(
          "a point of edwards25519 whose y is not below 2^255 - 19");
    }
    field.enter(y);
    long[] u = new long[PrimeField.LIMBS];
    long[] v = new long[PrimeField.LIMBS];
    field.multiply(u, 0, y, 0, y, 0);
    field.multiply(v, 0, u, 0, Ed25519Point.D, 0);
    field.subtract(u, 0, u, 0, field.one(), 0);
    field.add(v, 0, v, 0, field.one(), 0);
    long[] x = root(u, v);
    long[] plain = new long[PrimeField.LIMBS];
    field.leave(plain, x);
    boolean isZero = Arrays.equals(plain, new long[PrimeField.LIMBS]);
    if (isZero && isOdd) {
      throw new MalformedElementException(
          "a point of edwards25519 with x = 0 and its sign bit set");
    }
    if ((plain[0] & 1) != 0 != isOdd) {
      field.subtract(x, 0, new long[PrimeField.LIMBS], 0, x, 0);
    }
    return Ed25519Point.ofAffine(x, y);
  }

  /// The root of u/v: u·v³·(u·v⁷)^((p-5)/8), or that times a root of minus one.
  private static long[] root(long[] u, long[] v) throws MalformedElementException {
    PseudoMersenne field = Ed25519Point.FIELD;
    long[] cube = new long[PrimeField.LIMBS];
    field.multiply(cube, 0, v, 0, v, 0);
    field.multiply(cube, 0, cube, 0, v, 0);
    long[] base = new long[PrimeField.LIMBS];
    field.multiply(base, 0, cube, 0, cube, 0);
    field.multiply(base, 0, base, 0, v, 0);
    field.multiply(base, 0, base, 0, u, 0);
    long[] x = field.power(base, P.subtract(BigInteger.valueOf(5)).shiftRight(3));
    field.multiply(x, 0, x, 0, cube, 0);
    field.multiply(x, 0, x, 0, u, 0);
    long[] square = new long[PrimeField.LIMBS];
    field.multiply(square, 0, x, 0, x, 0);
    field.multiply(square, 0, square, 0, v, 0);
    if (Arrays.equals(square, u)) {
      return x;
    }
    long[] minus = new long[PrimeField.LIMBS];
    field.subtract(minus, 0, minus, 0, u, 0);
    if (!Arrays.equals(square, minus)) {
      throw new MalformedElementException("32 bytes that are no point of edwards25519");
    }
    field.multiply(x, 0, x, 0, ROOT_OF_MINUS_ONE, 0);
    return x;
  }

  private static long[] littleEndian(byte[] bytes) {
    long[] limbs = new long[PrimeField.LIMBS];
    for (int i = 0; i < bytes.length; i++) {
      limbs[i >>> 3] |= (bytes[i] & 0xffL) << (8 * (i & 7));
    }
    return limbs;
  }
}
