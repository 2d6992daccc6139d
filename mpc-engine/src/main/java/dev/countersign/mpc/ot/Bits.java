package dev.countersign.mpc.ot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Bits in words of 64, the first in the lowest place, and as bytes, the first in the lowest place
/// of the first byte.
final class Bits {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Bits() {}

  static void load(long[] words, int to, byte[] bytes, int from, int count) {
    for (int i = 0; i < count; i++) {
      words[to + i] = (long) WORD.get(bytes, from + Long.BYTES * i);
    }
  }

  static void store(byte[] bytes, int to, long[] words, int from, int count) {
    for (int i = 0; i < count; i++) {
      WORD.set(bytes, to + Long.BYTES * i, words[from + i]);
    }
  }

  /// Exchanges the rows and the columns of 64 words of 64 bits, in place. The halves of ever
  /// smaller squares change places: Warren, Hacker's Delight, section 7-3.
  static void transpose(long[] square) {
    long mask = 0x00000000ffffffffL;
    for (int width = 32; width != 0; width >>>= 1, mask ^= mask << width) {
      for (int i = 0; i < 64; i = (i + width + 1) & ~width) {
        long t = ((square[i] >>> width) ^ square[i + width]) & mask;
        square[i + width] ^= t;
        square[i] ^= t << width;
      }
    }
  }
}
