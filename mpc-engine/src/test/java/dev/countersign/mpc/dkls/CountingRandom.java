package dev.countersign.mpc.dkls;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/// The same bytes each time, for golden bytes: a hash of a seed and a counter.
final class CountingRandom extends SecureRandom {
  private static final long serialVersionUID = 1L;

  private final long seed;
  private long counter;

  CountingRandom(long seed) {
    this.seed = seed;
  }

  @Override
  public void nextBytes(byte[] bytes) {
    for (int at = 0; at < bytes.length; at += 32) {
      byte[] block = sha256(ByteBuffer.allocate(16).putLong(seed).putLong(counter++).array());
      System.arraycopy(block, 0, bytes, at, Math.min(32, bytes.length - at));
    }
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
