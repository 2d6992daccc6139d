package dev.countersign.mpc.group;

import java.math.BigInteger;
import java.util.Arrays;

/// A sum of products of scalars of secp256k1, which is reduced once. They may be secret: no branch
/// and no index depends on a value, and the sum's maker wipes it.
///
/// Products are made of limbs of 52 bits. A column of their sums has room for 128 products before
/// its carry has to go on.
final class WideSum {
  /// How many limbs of 52 bits a factor has.
  static final int FACTOR_LIMBS = 5;

  private static final int COLUMNS = 2 * FACTOR_LIMBS;
  private static final int BATCH = 128;
  private static final long MASK = (1L << 52) - 1;
  private static final Montgomery FIELD = ScalarField.SECP256K1.arithmetic();
  private static final long[] N = split(PrimeField.limbs(FIELD.modulus()));

  private static final long N0 = N[0];
  private static final long N1 = N[1];
  private static final long N2 = N[2];
  private static final long N3 = N[3];
  private static final long N4 = N[4];

  /// What 2^256 is: these two limbs, and then one.
  private static final long TOP_0 = FIELD.one()[0];

  private static final long TOP_1 = FIELD.one()[1];

  /// `-n⁻¹` modulo 2^52.
  private static final long INVERSE =
      FIELD.modulus().modInverse(BigInteger.ONE.shiftLeft(52)).negate().longValue() & MASK;

  private final long[] columns = new long[COLUMNS];
  private final long[] more = new long[PrimeField.LIMBS];

  /// From limbs of 64 bits.
  private static long[] split(long[] limbs) {
    return new long[] {
      limbs[0] & MASK,
      (limbs[0] >>> 52 | limbs[1] << 12) & MASK,
      (limbs[1] >>> 40 | limbs[2] << 24) & MASK,
      (limbs[2] >>> 28 | limbs[3] << 36) & MASK,
      limbs[3] >>> 16
    };
  }

  /// The scalar times 2^260 in limbs of 52 bits, as the factors of products are: [#reduce] divides
  /// by as much.
  static long[] factor(Scalar scalar) {
    long[] limbs = scalar.limbs().clone();
    for (int i = 0; i < 4; i++) {
      FIELD.add(limbs, 0, limbs, 0, limbs, 0);
    }
    long[] factor = split(limbs);
    Arrays.fill(limbs, 0);
    return factor;
  }

  /// Adds as many products as are asked for.
  ///
  /// @param a scalars out of Montgomery form, the first at `from`, four limbs each
  /// @param factors one after the other, the first at `at`
  void addProducts(long[] a, int from, long[] factors, int at, int count) {
    for (int done = 0; done < count; done += BATCH) {
      add(
          a,
          from + done * PrimeField.LIMBS,
          factors,
          at + done * FACTOR_LIMBS,
          Math.min(BATCH, count - done));
      for (int k = 0; k < COLUMNS - 1; k++) {
        columns[k + 1] += columns[k] >>> 52;
        columns[k] &= MASK;
      }
    }
  }

  private void add(long[] a, int from, long[] b, int at, int count) {
    long c0 = columns[0];
    long c1 = columns[1];
    long c2 = columns[2];
    long c3 = columns[3];
    long c4 = columns[4];
    long c5 = columns[5];
    long c6 = columns[6];
    long c7 = columns[7];
    long c8 = columns[8];
    long c9 = columns[9];
    for (int item = 0; item < count; item++) {
      int i = from + item * PrimeField.LIMBS;
      int j = at + item * FACTOR_LIMBS;
      long a0 = a[i] & MASK;
      long a1 = (a[i] >>> 52 | a[i + 1] << 12) & MASK;
      long a2 = (a[i + 1] >>> 40 | a[i + 2] << 24) & MASK;
      long a3 = (a[i + 2] >>> 28 | a[i + 3] << 36) & MASK;
      long a4 = a[i + 3] >>> 16;
      long b0 = b[j + 0];
      long b1 = b[j + 1];
      long b2 = b[j + 2];
      long b3 = b[j + 3];
      long b4 = b[j + 4];
      long x = a0;
      long y = x << 12;
      c0 += (x * b0 & MASK);
      c1 += (x * b1 & MASK) + Math.unsignedMultiplyHigh(y, b0);
      c2 += (x * b2 & MASK) + Math.unsignedMultiplyHigh(y, b1);
      c3 += (x * b3 & MASK) + Math.unsignedMultiplyHigh(y, b2);
      c4 += (x * b4 & MASK) + Math.unsignedMultiplyHigh(y, b3);
      c5 += Math.unsignedMultiplyHigh(y, b4);
      x = a1;
      y = x << 12;
      c1 += (x * b0 & MASK);
      c2 += (x * b1 & MASK) + Math.unsignedMultiplyHigh(y, b0);
      c3 += (x * b2 & MASK) + Math.unsignedMultiplyHigh(y, b1);
      c4 += (x * b3 & MASK) + Math.unsignedMultiplyHigh(y, b2);
      c5 += (x * b4 & MASK) + Math.unsignedMultiplyHigh(y, b3);
      c6 += Math.unsignedMultiplyHigh(y, b4);
      x = a2;
      y = x << 12;
      c2 += (x * b0 & MASK);
      c3 += (x * b1 & MASK) + Math.unsignedMultiplyHigh(y, b0);
      c4 += (x * b2 & MASK) + Math.unsignedMultiplyHigh(y, b1);
      c5 += (x * b3 & MASK) + Math.unsignedMultiplyHigh(y, b2);
      c6 += (x * b4 & MASK) + Math.unsignedMultiplyHigh(y, b3);
      c7 += Math.unsignedMultiplyHigh(y, b4);
      x = a3;
      y = x << 12;
      c3 += (x * b0 & MASK);
      c4 += (x * b1 & MASK) + Math.unsignedMultiplyHigh(y, b0);
      c5 += (x * b2 & MASK) + Math.unsignedMultiplyHigh(y, b1);
      c6 += (x * b3 & MASK) + Math.unsignedMultiplyHigh(y, b2);
      c7 += (x * b4 & MASK) + Math.unsignedMultiplyHigh(y, b3);
      c8 += Math.unsignedMultiplyHigh(y, b4);
      x = a4;
      y = x << 12;
      c4 += (x * b0 & MASK);
      c5 += (x * b1 & MASK) + Math.unsignedMultiplyHigh(y, b0);
      c6 += (x * b2 & MASK) + Math.unsignedMultiplyHigh(y, b1);
      c7 += (x * b3 & MASK) + Math.unsignedMultiplyHigh(y, b2);
      c8 += (x * b4 & MASK) + Math.unsignedMultiplyHigh(y, b3);
      c9 += Math.unsignedMultiplyHigh(y, b4);
    }
    columns[0] = c0;
    columns[1] = c1;
    columns[2] = c2;
    columns[3] = c3;
    columns[4] = c4;
    columns[5] = c5;
    columns[6] = c6;
    columns[7] = c7;
    columns[8] = c8;
    columns[9] = c9;
  }

  /// `out[o..]` becomes the sum divided by 2^260, out of Montgomery form, and the sum zero.
  void reduce(long[] out, int o) {
    long t0 = columns[0];
    long t1 = columns[1];
    long t2 = columns[2];
    long t3 = columns[3];
    long t4 = columns[4];
    for (int k = 0; k < FACTOR_LIMBS; k++) {
      long m = t0 * INVERSE & MASK;
      long y = m << 12;
      long carry = (t0 + (m * N0 & MASK)) >>> 52;
      t0 = t1 + carry + (m * N1 & MASK) + Math.unsignedMultiplyHigh(y, N0);
      t1 = t2 + (m * N2 & MASK) + Math.unsignedMultiplyHigh(y, N1);
      t2 = t3 + (m * N3 & MASK) + Math.unsignedMultiplyHigh(y, N2);
      t3 = t4 + (m * N4 & MASK) + Math.unsignedMultiplyHigh(y, N3);
      t4 = columns[FACTOR_LIMBS + k] + Math.unsignedMultiplyHigh(y, N4);
    }
    t1 += t0 >>> 52;
    t2 += t1 >>> 52;
    t3 += t2 >>> 52;
    t4 += t3 >>> 52;
    t1 &= MASK;
    t2 &= MASK;
    t3 &= MASK;
    // Of many products some bits are left above 2^256: as much times what 2^256 is, 129 bits.
    long over = t4 >>> 48;
    long high = Math.unsignedMultiplyHigh(over, TOP_0);
    long middle = over * TOP_1;
    more[0] = over * TOP_0;
    more[1] = middle + high;
    more[2] =
        over + Math.unsignedMultiplyHigh(over, TOP_1) + PrimeField.carry(middle, high, more[1]);
    FIELD.reduce(
        out,
        o,
        (t0 & MASK) | t1 << 52,
        t1 >>> 12 | t2 << 40,
        t2 >>> 24 | t3 << 28,
        t3 >>> 36 | t4 << 16,
        0);
    FIELD.add(out, o, out, o, more, 0);
    wipe();
  }

  /// Makes it zero.
  void wipe() {
    Arrays.fill(columns, 0);
    Arrays.fill(more, 0);
  }
}
