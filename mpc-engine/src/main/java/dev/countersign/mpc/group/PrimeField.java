package dev.countersign.mpc.group;

import java.math.BigInteger;
import java.util.Arrays;

/// Arithmetic modulo an odd prime of 255 or 256 bits, on four limbs of 64 bits, lowest first, in a
/// form of the field's own. Values are below the modulus. No branch and no index depends on a
/// value; nothing in here that takes a secret leaves a copy of it, so that what is secret stays in
/// the arrays of whoever called, who wipes them.
abstract sealed class PrimeField permits Montgomery, PseudoMersenne {
  static final int LIMBS = 4;

  /// Of an exponent, taken together.
  private static final int WINDOW = 4;

  private final BigInteger modulus;
  private final long m0;
  private final long m1;
  private final long m2;
  private final long m3;

  PrimeField(BigInteger modulus) {
    this.modulus = modulus;
    long[] limbs = limbs(modulus);
    this.m0 = limbs[0];
    this.m1 = limbs[1];
    this.m2 = limbs[2];
    this.m3 = limbs[3];
  }

  static long[] limbs(BigInteger value) {
    long[] limbs = new long[LIMBS];
    for (int i = 0; i < LIMBS; i++) {
      limbs[i] = value.shiftRight(i * Long.SIZE).longValue();
    }
    return limbs;
  }

  final BigInteger modulus() {
    return modulus;
  }

  /// One, in the form of the field.
  abstract long[] one();

  /// `out[o..] = a[i..] · b[j..]`; they may be the same places.
  abstract void multiply(long[] out, int o, long[] a, int i, long[] b, int j);

  /// Into the form of the field; the value may be any of 256 bits.
  abstract void enter(long[] value);

  /// Out of the form of the field.
  abstract void leave(long[] out, long[] value);

  /// One where `a + b` overflowed into `sum`.
  static long carry(long a, long b, long sum) {
    return ((a & b) | ((a | b) & ~sum)) >>> 63;
  }

  /// One where `a - b` went below zero into `difference`.
  static long borrow(long a, long b, long difference) {
    return ((~a & b) | ((~a | b) & difference)) >>> 63;
  }

  /// `out[o..] = a[i..] + b[j..]`; they may be the same places.
  final void add(long[] out, int o, long[] a, int i, long[] b, int j) {
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
  final void reduce(long[] out, int o, long s0, long s1, long s2, long s3, long top) {
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
  final void subtract(long[] out, int o, long[] a, int i, long[] b, int j) {
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

  /// Whether the limbs, in no form of the field, are below the modulus.
  final boolean isReduced(long[] value) {
    long b = borrow(value[0], m0, value[0] - m0);
    long t = value[1] - m1;
    b = borrow(value[1], m1, t) | borrow(t, b, t - b);
    t = value[2] - m2;
    b = borrow(value[2], m2, t) | borrow(t, b, t - b);
    t = value[3] - m3;
    b = borrow(value[3], m3, t) | borrow(t, b, t - b);
    return b == 1;
  }

  /// `out = value⁻¹`, and zero for zero: by Fermat.
  final void invert(long[] out, long[] value) {
    long[] inverse = power(value, modulus.subtract(BigInteger.TWO));
    System.arraycopy(inverse, 0, out, 0, LIMBS);
    Arrays.fill(inverse, 0);
  }

  /// Four bits of the exponent at a time.
  ///
  /// @param exponent which everybody may know
  final long[] power(long[] value, BigInteger exponent) {
    long[] powers = new long[LIMBS << WINDOW];
    System.arraycopy(one(), 0, powers, 0, LIMBS);
    for (int at = LIMBS; at < powers.length; at += LIMBS) {
      multiply(powers, at, powers, at - LIMBS, value, 0);
    }
    long[] power = one();
    for (int at = (exponent.bitLength() - 1) / WINDOW * WINDOW; at >= 0; at -= WINDOW) {
      for (int i = 0; i < WINDOW; i++) {
        multiply(power, 0, power, 0, power, 0);
      }
      int digit = exponent.shiftRight(at).intValue() & ((1 << WINDOW) - 1);
      if (digit != 0) {
        multiply(power, 0, power, 0, powers, digit * LIMBS);
      }
    }
    Arrays.fill(powers, 0);
    return power;
  }
}
