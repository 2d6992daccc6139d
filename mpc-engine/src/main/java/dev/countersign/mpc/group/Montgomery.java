package dev.countersign.mpc.group;

import java.math.BigInteger;
import java.util.Arrays;

/// Arithmetic modulo an odd prime of at most 256 bits, on four limbs of 64 bits, lowest first, in
/// Montgomery form: `x` stands for `x · 2^256`. Values are below the modulus. No branch and no
/// index depends on a value; there is nothing in here that allocates either, so that what is secret
/// stays in the arrays of whoever called, who wipes them.
final class Montgomery {
  static final int LIMBS = 4;

  private final BigInteger modulus;
  private final long m0;
  private final long m1;
  private final long m2;
  private final long m3;

  /// `-modulus⁻¹` modulo 2^64.
  private final long inverse;

  private final long[] one;
  private final long[] square;

  Montgomery(BigInteger modulus) {
    this.modulus = modulus;
    long[] limbs = limbs(modulus);
    this.m0 = limbs[0];
    this.m1 = limbs[1];
    this.m2 = limbs[2];
    this.m3 = limbs[3];
    BigInteger word = BigInteger.ONE.shiftLeft(Long.SIZE);
    this.inverse = modulus.modInverse(word).negate().longValue();
    BigInteger radix = BigInteger.ONE.shiftLeft(LIMBS * Long.SIZE);
    this.one = limbs(radix.mod(modulus));
    this.square = limbs(radix.multiply(radix).mod(modulus));
  }

  static long[] limbs(BigInteger value) {
    long[] limbs = new long[LIMBS];
    for (int i = 0; i < LIMBS; i++) {
      limbs[i] = value.shiftRight(i * Long.SIZE).longValue();
    }
    return limbs;
  }

  BigInteger modulus() {
    return modulus;
  }

  /// One, in Montgomery form.
  long[] one() {
    return one.clone();
  }

  /// One where `a + b` overflowed into `sum`.
  private static long carry(long a, long b, long sum) {
    return ((a & b) | ((a | b) & ~sum)) >>> 63;
  }

  /// One where `a - b` went below zero into `difference`.
  private static long borrow(long a, long b, long difference) {
    return ((~a & b) | ((~a | b) & difference)) >>> 63;
  }

  /// `out[o..] = a[i..] + b[j..]`; they may be the same places.
  void add(long[] out, int o, long[] a, int i, long[] b, int j) {
    long s0 = a[i] + b[j];
    long c = carry(a[i], b[j], s0);
    long t = a[i + 1] + b[j + 1];
    long s1 = t + c;
    c = carry(a[i + 1], b[j + 1], t) + carry(t, c, s1);
    t = a[i + 2] + b[j + 2];
    long s2 = t + c;
    c = carry(a[i + 2], b[j + 2], t) + carry(t, c, s2);
    t = a[i + 3] + b[j + 3];
    long s3 = t + c;
    c = carry(a[i + 3], b[j + 3], t) + carry(t, c, s3);
    reduce(out, o, s0, s1, s2, s3, c);
  }

  /// Takes the modulus away once, where the value has reached it.
  private void reduce(long[] out, int o, long s0, long s1, long s2, long s3, long top) {
    long d0 = s0 - m0;
    long b = borrow(s0, m0, d0);
    long t = s1 - m1;
    long d1 = t - b;
    b = borrow(s1, m1, t) | borrow(t, b, d1);
    t = s2 - m2;
    long d2 = t - b;
    b = borrow(s2, m2, t) | borrow(t, b, d2);
    t = s3 - m3;
    long d3 = t - b;
    b = borrow(s3, m3, t) | borrow(t, b, d3);
    // All ones where the difference is what counts.
    long take = -(top | (b ^ 1));
    out[o] = s0 ^ ((s0 ^ d0) & take);
    out[o + 1] = s1 ^ ((s1 ^ d1) & take);
    out[o + 2] = s2 ^ ((s2 ^ d2) & take);
    out[o + 3] = s3 ^ ((s3 ^ d3) & take);
  }

  /// `out[o..] = a[i..] - b[j..]`; they may be the same places.
  void subtract(long[] out, int o, long[] a, int i, long[] b, int j) {
    long d0 = a[i] - b[j];
    long w = borrow(a[i], b[j], d0);
    long t = a[i + 1] - b[j + 1];
    long d1 = t - w;
    w = borrow(a[i + 1], b[j + 1], t) | borrow(t, w, d1);
    t = a[i + 2] - b[j + 2];
    long d2 = t - w;
    w = borrow(a[i + 2], b[j + 2], t) | borrow(t, w, d2);
    t = a[i + 3] - b[j + 3];
    long d3 = t - w;
    w = borrow(a[i + 3], b[j + 3], t) | borrow(t, w, d3);
    long give = -w;
    long p0 = m0 & give;
    long p1 = m1 & give;
    long p2 = m2 & give;
    long p3 = m3 & give;
    long s0 = d0 + p0;
    long c = carry(d0, p0, s0);
    t = d1 + p1;
    long s1 = t + c;
    c = carry(d1, p1, t) + carry(t, c, s1);
    t = d2 + p2;
    long s2 = t + c;
    c = carry(d2, p2, t) + carry(t, c, s2);
    out[o] = s0;
    out[o + 1] = s1;
    out[o + 2] = s2;
    out[o + 3] = d3 + p3 + c;
  }

  /// `out[o..] = a[i..] · b[j..]`; they may be the same places.
  void multiply(long[] out, int o, long[] a, int i, long[] b, int j) {
    long b0 = b[j];
    long b1 = b[j + 1];
    long b2 = b[j + 2];
    long b3 = b[j + 3];
    long t0 = 0;
    long t1 = 0;
    long t2 = 0;
    long t3 = 0;
    long t4 = 0;
    for (int k = 0; k < LIMBS; k++) {
      long x = a[i + k];
      // t += x · b
      long lo = x * b0;
      long s = t0 + lo;
      long c = Math.unsignedMultiplyHigh(x, b0) + carry(t0, lo, s);
      t0 = s;
      lo = x * b1;
      s = t1 + lo;
      long h = Math.unsignedMultiplyHigh(x, b1) + carry(t1, lo, s);
      t1 = s + c;
      c = h + carry(s, c, t1);
      lo = x * b2;
      s = t2 + lo;
      h = Math.unsignedMultiplyHigh(x, b2) + carry(t2, lo, s);
      t2 = s + c;
      c = h + carry(s, c, t2);
      lo = x * b3;
      s = t3 + lo;
      h = Math.unsignedMultiplyHigh(x, b3) + carry(t3, lo, s);
      t3 = s + c;
      c = h + carry(s, c, t3);
      s = t4 + c;
      long t5 = carry(t4, c, s);
      t4 = s;
      // t = (t + m · modulus) / 2^64
      long m = t0 * inverse;
      lo = m * m0;
      s = t0 + lo;
      c = Math.unsignedMultiplyHigh(m, m0) + carry(t0, lo, s);
      lo = m * m1;
      s = t1 + lo;
      h = Math.unsignedMultiplyHigh(m, m1) + carry(t1, lo, s);
      t0 = s + c;
      c = h + carry(s, c, t0);
      lo = m * m2;
      s = t2 + lo;
      h = Math.unsignedMultiplyHigh(m, m2) + carry(t2, lo, s);
      t1 = s + c;
      c = h + carry(s, c, t1);
      lo = m * m3;
      s = t3 + lo;
      h = Math.unsignedMultiplyHigh(m, m3) + carry(t3, lo, s);
      t2 = s + c;
      c = h + carry(s, c, t2);
      t3 = t4 + c;
      t4 = t5 + carry(t4, c, t3);
    }
    reduce(out, o, t0, t1, t2, t3, t4);
  }

  /// Whether the limbs, not in Montgomery form, are below the modulus.
  boolean isReduced(long[] value) {
    long b = borrow(value[0], m0, value[0] - m0);
    long t = value[1] - m1;
    b = borrow(value[1], m1, t) | borrow(t, b, t - b);
    t = value[2] - m2;
    b = borrow(value[2], m2, t) | borrow(t, b, t - b);
    t = value[3] - m3;
    b = borrow(value[3], m3, t) | borrow(t, b, t - b);
    return b == 1;
  }

  /// Into Montgomery form; the value may be any of 256 bits.
  void enter(long[] value) {
    multiply(value, 0, value, 0, square, 0);
  }

  /// Out of Montgomery form.
  void leave(long[] out, long[] value) {
    long[] plain = {1, 0, 0, 0};
    multiply(out, 0, value, 0, plain, 0);
  }

  /// `out = value⁻¹`, and zero for zero: by Fermat.
  void invert(long[] out, long[] value) {
    long[] inverse = power(value, modulus.subtract(BigInteger.TWO));
    System.arraycopy(inverse, 0, out, 0, LIMBS);
    Arrays.fill(inverse, 0);
  }

  /// @param exponent which everybody may know
  long[] power(long[] value, BigInteger exponent) {
    long[] power = one();
    for (int bit = exponent.bitLength() - 1; bit >= 0; bit--) {
      multiply(power, 0, power, 0, power, 0);
      if (exponent.testBit(bit)) {
        multiply(power, 0, power, 0, value, 0);
      }
    }
    return power;
  }
}
