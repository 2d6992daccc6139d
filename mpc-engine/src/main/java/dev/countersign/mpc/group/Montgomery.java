package dev.countersign.mpc.group;

import java.math.BigInteger;

/// A field whose values are in Montgomery form: `x` stands for `x · 2^256`.
final class Montgomery extends PrimeField {
  private final long m0;
  private final long m1;
  private final long m2;
  private final long m3;

  /// `-modulus⁻¹` modulo 2^64.
  private final long inverse;

  private final long[] one;
  private final long[] square;

  Montgomery(BigInteger modulus) {
    super(modulus);
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

  @Override
  long[] one() {
    return one.clone();
  }

  @Override
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

  @Override
  void enter(long[] value) {
    multiply(value, 0, value, 0, square, 0);
  }

  @Override
  void leave(long[] out, long[] value) {
    long[] plain = {1, 0, 0, 0};
    multiply(out, 0, value, 0, plain, 0);
  }
}
