package dev.countersign.mpc.group;

import java.math.BigInteger;

/// A field whose modulus is next to a power of two, `2^256 - c` or `2^255 - c` with a small c: what
/// is above the power comes back times c. Values stand for themselves.
///
/// Products are made of limbs of 52 bits, whose sums need no carries in between.
final class PseudoMersenne extends PrimeField {
  private static final long MASK = (1L << 52) - 1;

  /// c.
  private final long excess;

  /// What 2^260 is.
  private final long fold;

  /// How many bits of the highest of five limbs are below the power of two.
  private final int topBits;

  /// @param bits 255 or 256
  /// @param excess below 2^33
  PseudoMersenne(int bits, long excess) {
    super(BigInteger.TWO.pow(bits).subtract(BigInteger.valueOf(excess)));
    this.excess = excess;
    this.topBits = bits - 4 * 52;
    this.fold = excess << (260 - bits);
  }

  @Override
  long[] one() {
    return new long[] {1, 0, 0, 0};
  }

  @Override
  void enter(long[] value) {
    multiply(value, 0, value, 0, one(), 0);
  }

  @Override
  void leave(long[] out, long[] value) {
    System.arraycopy(value, 0, out, 0, LIMBS);
  }

  @Override
  void multiply(long[] out, int o, long[] a, int i, long[] b, int j) {
    long a0 = a[i] & MASK;
    long a1 = (a[i] >>> 52 | a[i + 1] << 12) & MASK;
    long a2 = (a[i + 1] >>> 40 | a[i + 2] << 24) & MASK;
    long a3 = (a[i + 2] >>> 28 | a[i + 3] << 36) & MASK;
    long a4 = a[i + 3] >>> 16;
    long b0 = b[j] & MASK;
    long b1 = (b[j] >>> 52 | b[j + 1] << 12) & MASK;
    long b2 = (b[j + 1] >>> 40 | b[j + 2] << 24) & MASK;
    long b3 = (b[j + 2] >>> 28 | b[j + 3] << 36) & MASK;
    long b4 = b[j + 3] >>> 16;
    long c0 = 0;
    long c1 = 0;
    long c2 = 0;
    long c3 = 0;
    long c4 = 0;
    long c5 = 0;
    long c6 = 0;
    long c7 = 0;
    long c8 = 0;
    long c9 = 0;
    long x;
    long y;
    x = a0;
    y = x << 12;
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
    // Each below 2^52, so that the fold fits.
    c1 += c0 >>> 52;
    c0 &= MASK;
    c2 += c1 >>> 52;
    c1 &= MASK;
    c3 += c2 >>> 52;
    c2 &= MASK;
    c4 += c3 >>> 52;
    c3 &= MASK;
    c5 += c4 >>> 52;
    c4 &= MASK;
    c6 += c5 >>> 52;
    c5 &= MASK;
    c7 += c6 >>> 52;
    c6 &= MASK;
    c8 += c7 >>> 52;
    c7 &= MASK;
    c9 += c8 >>> 52;
    c8 &= MASK;
    c0 += c5 * fold & MASK;
    c1 += Math.unsignedMultiplyHigh(c5 << 12, fold);
    c1 += c6 * fold & MASK;
    c2 += Math.unsignedMultiplyHigh(c6 << 12, fold);
    c2 += c7 * fold & MASK;
    c3 += Math.unsignedMultiplyHigh(c7 << 12, fold);
    c3 += c8 * fold & MASK;
    c4 += Math.unsignedMultiplyHigh(c8 << 12, fold);
    c4 += c9 * fold & MASK;
    long over = Math.unsignedMultiplyHigh(c9 << 12, fold);
    c0 += over * fold & MASK;
    c1 += Math.unsignedMultiplyHigh(over << 12, fold);
    c1 += c0 >>> 52;
    c0 &= MASK;
    c2 += c1 >>> 52;
    c1 &= MASK;
    c3 += c2 >>> 52;
    c2 &= MASK;
    c4 += c3 >>> 52;
    c3 &= MASK;
    c0 += (c4 >>> topBits) * excess;
    c4 &= (1L << topBits) - 1;
    c1 += c0 >>> 52;
    c0 &= MASK;
    c2 += c1 >>> 52;
    c1 &= MASK;
    c3 += c2 >>> 52;
    c2 &= MASK;
    c4 += c3 >>> 52;
    c3 &= MASK;
    reduce(
        out,
        o,
        c0 | c1 << 52,
        c1 >>> 12 | c2 << 40,
        c2 >>> 24 | c3 << 28,
        c3 >>> 36 | c4 << 16,
        c4 >>> 48);
  }
}
