package dev.countersign.mpc.group;

import java.math.BigInteger;
import java.util.Arrays;

/// Points that nobody knows the logarithm of, from a message: the suite
/// `secp256k1_XMD:SHA-256_SSWU_RO_` of RFC 9380, section 8.7. No branch and no index depends on the
/// message.
public final class HashToCurve {
  static final PseudoMersenne FIELD = new PseudoMersenne(256, (1L << 32) + 977);

  private static final BigInteger P = FIELD.modulus();

  /// Bytes of uniform output that make one element of the field.
  private static final int ELEMENT_BYTES = 48;

  private static final int HALF_BYTES = 32;

  /// Of the curve that the map goes to first: y² = x³ + A·x + B.
  private static final long[] A =
      constant("3f8731abdd661adca08a5558f0f5d272e953d363cb6f0e5d405447c01a444533");

  private static final long[] B = constant("6eb");
  private static final BigInteger MINUS_Z = BigInteger.valueOf(11);
  private static final long[] Z = constant(P.subtract(MINUS_Z).toString(16));

  /// (p - 3) / 4.
  private static final BigInteger ROOT_EXPONENT = P.subtract(BigInteger.valueOf(3)).shiftRight(2);

  /// The square root of -Z: p is 3 modulo 4.
  private static final long[] ROOT_OF_MINUS_Z =
      constant(MINUS_Z.modPow(P.add(BigInteger.ONE).shiftRight(2), P).toString(16));

  /// 2^256.
  private static final long[] RADIX = constant("1000003d1");

  private static final long[] ONE = FIELD.one();
  private static final long[] ZERO = new long[PrimeField.LIMBS];

  /// From there to secp256k1 by the isogeny of appendix E.1: coefficients, lowest first.
  private static final long[][] X_NUMERATOR = {
    constant("8e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38daaaaa8c7"),
    constant("07d3d4c80bc321d5b9f315cea7fd44c5d595d2fc0bf63b92dfff1044f17c6581"),
    constant("534c328d23f234e6e2a413deca25caece4506144037c40314ecbd0b53d9dd262"),
    constant("8e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38daaaaa88c")
  };

  private static final long[][] X_DENOMINATOR = {
    constant("d35771193d94918a9ca34ccbb7b640dd86cd409542f8487d9fe6b745781eb49b"),
    constant("edadc6f64383dc1df7c4b2d51b54225406d36b641f5e41bbc52a56612a8c6d14"),
    ONE
  };

  private static final long[][] Y_NUMERATOR = {
    constant("4bda12f684bda12f684bda12f684bda12f684bda12f684bda12f684b8e38e23c"),
    constant("c75e0c32d5cb7c0fa9d0a54b12a0a6d5647ab046d686da6fdffc90fc201d71a3"),
    constant("29a6194691f91a73715209ef6512e576722830a201be2018a765e85a9ecee931"),
    constant("2f684bda12f684bda12f684bda12f684bda12f684bda12f684bda12f38e38d84")
  };

  private static final long[][] Y_DENOMINATOR = {
    constant("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffff93b"),
    constant("7a06534bb8bdb49fd5e9e6632722c2989467c1bfc8e8d978dfb425d2685c2573"),
    constant("6484aa716545ca2cf3a70c3fa8fe337e0a3d21162f0d6299a7bf8192bfd2a76f"),
    ONE
  };

  private HashToCurve() {}

  private static long[] constant(String hex) {
    long[] limbs = PrimeField.limbs(new BigInteger(hex, 16));
    FIELD.enter(limbs);
    return limbs;
  }

  /// A point of secp256k1, uniform as far as anybody can tell.
  ///
  /// @param tag of 1 to 255 bytes, which keeps the uses of one hash apart
  public static Secp256k1Point secp256k1(byte[] message, String tag) {
    byte[] uniform = ExpandedMessage.of(message, tag, 2 * ELEMENT_BYTES);
    long[] first = element(uniform, 0);
    long[] second = element(uniform, ELEMENT_BYTES);
    Arrays.fill(uniform, (byte) 0);
    Secp256k1Point sum = sum(fractions(first), fractions(second));
    Arrays.fill(first, 0);
    Arrays.fill(second, 0);
    return sum;
  }

  /// One inversion for both.
  private static Secp256k1Point sum(Fractions a, Fractions b) {
    long[] inverse = new long[PrimeField.LIMBS];
    FIELD.invert(inverse, times(a.denominator, b.denominator));
    return a.point(times(inverse, b.denominator)).plus(b.point(times(inverse, a.denominator)));
  }

  /// A point whose coordinates are `x / d` and `y / d`.
  private static final class Fractions {
    private final long[] x;
    private final long[] y;
    private final long[] denominator;

    private Fractions(long[] x, long[] y, long[] denominator) {
      this.x = x;
      this.y = y;
      this.denominator = denominator;
    }

    private Secp256k1Point point(long[] inverse) {
      // What the isogeny takes to the identity; nobody finds a message that does.
      return same(inverse, ZERO) != 0
          ? Secp256k1Point.IDENTITY
          : Secp256k1Point.ofAffine(plain(times(x, inverse)), plain(times(y, inverse)));
    }
  }

  /// `hash_to_field` of section 5.2.
  static long[] element(byte[] uniform, int from) {
    byte[] high = new byte[ScalarField.BYTES];
    int highBytes = ELEMENT_BYTES - HALF_BYTES;
    System.arraycopy(uniform, from, high, HALF_BYTES - highBytes, highBytes);
    byte[] low = Arrays.copyOfRange(uniform, from + highBytes, from + ELEMENT_BYTES);
    long[] element = limbs(high);
    long[] rest = limbs(low);
    FIELD.enter(element);
    FIELD.multiply(element, 0, element, 0, RADIX, 0);
    FIELD.enter(rest);
    FIELD.add(element, 0, element, 0, rest, 0);
    Arrays.fill(high, (byte) 0);
    Arrays.fill(low, (byte) 0);
    Arrays.fill(rest, 0);
    return element;
  }

  private static long[] limbs(byte[] bytes) {
    return ScalarField.SECP256K1.limbs(bytes, 0);
  }

  private static long[] times(long[] a, long[] b) {
    long[] product = new long[PrimeField.LIMBS];
    FIELD.multiply(product, 0, a, 0, b, 0);
    return product;
  }

  private static long[] plus(long[] a, long[] b) {
    long[] sum = new long[PrimeField.LIMBS];
    FIELD.add(sum, 0, a, 0, b, 0);
    return sum;
  }

  private static long[] negated(long[] a) {
    long[] negated = new long[PrimeField.LIMBS];
    FIELD.subtract(negated, 0, ZERO, 0, a, 0);
    return negated;
  }

  /// All ones where they are the same, else zero.
  private static long same(long[] a, long[] b) {
    long difference = 0;
    for (int i = 0; i < PrimeField.LIMBS; i++) {
      difference |= a[i] ^ b[i];
    }
    return ((difference | -difference) >>> 63) - 1;
  }

  /// `b` where the mask is all ones, `a` where it is zero.
  private static long[] select(long[] a, long[] b, long mask) {
    long[] selected = new long[PrimeField.LIMBS];
    for (int i = 0; i < PrimeField.LIMBS; i++) {
      selected[i] = a[i] ^ ((a[i] ^ b[i]) & mask);
    }
    return selected;
  }

  /// `sgn0` of section 4.1.
  private static long sign(long[] a) {
    long[] plain = new long[PrimeField.LIMBS];
    FIELD.leave(plain, a);
    return plain[0] & 1;
  }

  /// The simplified map of Shallue, van de Woestijne and Ulas, as in appendix F.2, then the
  /// isogeny.
  private static Fractions fractions(long[] u) {
    long[] zu = times(Z, times(u, u));
    long[] sum = plus(times(zu, zu), zu);
    long[] x1 = times(B, plus(sum, ONE));
    long[] denominator = times(A, select(negated(sum), Z, same(sum, ZERO)));
    long[] square = times(denominator, denominator);
    long[] cube = times(square, denominator);
    long[] value = times(plus(times(x1, x1), times(A, square)), x1);
    value = plus(value, times(B, cube));
    long[] root = new long[PrimeField.LIMBS];
    long isSquare = rootOfRatio(root, value, cube);
    long[] x = select(times(zu, x1), x1, isSquare);
    long[] y = select(times(times(zu, u), root), root, isSquare);
    y = select(y, negated(y), -(sign(u) ^ sign(y)));
    return isogeny(x, denominator, y);
  }

  /// One of the two points that are added up.
  static Secp256k1Point map(long[] u) {
    Fractions point = fractions(u);
    long[] inverse = new long[PrimeField.LIMBS];
    FIELD.invert(inverse, point.denominator);
    return point.point(inverse);
  }

  /// `sqrt_ratio` of appendix F.2.1.2.
  ///
  /// @return all ones where `u / v` is a square, whose root is in `root`; else zero, and the root
  /// is that of Z times it
  private static long rootOfRatio(long[] root, long[] u, long[] v) {
    long[] uv = times(u, v);
    long[] power = FIELD.power(times(times(v, v), uv), ROOT_EXPONENT);
    long[] first = times(power, uv);
    long isSquare = same(times(times(first, first), v), u);
    long[] selected = select(times(first, ROOT_OF_MINUS_Z), first, isSquare);
    System.arraycopy(selected, 0, root, 0, PrimeField.LIMBS);
    return isSquare;
  }

  /// Of `x / z` and y. The polynomials are made homogeneous by powers of z.
  private static Fractions isogeny(long[] x, long[] z, long[] y) {
    long[] xDenominator = times(polynomial(X_DENOMINATOR, x, z), z);
    long[] yDenominator = polynomial(Y_DENOMINATOR, x, z);
    return new Fractions(
        times(polynomial(X_NUMERATOR, x, z), yDenominator),
        times(times(y, polynomial(Y_NUMERATOR, x, z)), xDenominator),
        times(xDenominator, yDenominator));
  }

  private static long[] polynomial(long[][] coefficients, long[] x, long[] z) {
    long[] value = coefficients[coefficients.length - 1];
    long[] power = z;
    for (int i = coefficients.length - 2; i >= 0; i--) {
      value = plus(times(value, x), times(coefficients[i], power));
      power = times(power, z);
    }
    return value;
  }

  private static byte[] plain(long[] element) {
    long[] plain = new long[PrimeField.LIMBS];
    FIELD.leave(plain, element);
    return ScalarField.SECP256K1.bytes(plain);
  }
}
