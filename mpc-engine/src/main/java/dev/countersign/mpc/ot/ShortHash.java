package dev.countersign.mpc.ot;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/// SHA-256 of 50 bytes, which is one block of it: 32 bytes that a transcript has made for this use
/// in this session, 16 bytes of a secret, a number of 16 bits. It does not allocate.
final class ShortHash {
  static final int HASH_BYTES = 32;
  private static final int SECRET = 32;
  private static final int NUMBER = 48;

  private final MessageDigest digest;
  private final byte[] block = new byte[NUMBER + 2];

  /// @param prefix 32 bytes, and others after them which are not looked at
  ShortHash(byte[] prefix) {
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    System.arraycopy(prefix, 0, block, 0, SECRET);
  }

  void secret(long[] words, int from) {
    Bits.store(block, SECRET, words, from, 2);
  }

  void hash(int number, byte[] out, int at) {
    block[NUMBER] = (byte) (number >>> 8);
    block[NUMBER + 1] = (byte) number;
    digest.update(block, 0, block.length);
    try {
      digest.digest(out, at, HASH_BYTES);
    } catch (DigestException e) {
      throw new IllegalStateException(e);
    }
  }

  void wipe() {
    Arrays.fill(block, (byte) 0);
  }
}
