package dev.countersign.core.approval;

import dev.countersign.core.model.Digest32;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// SHA-256 (FIPS 180-4).
final class Sha256 {
  private Sha256() {}

  static Digest32 hash(byte[] input) {
    try {
      return Digest32.of(MessageDigest.getInstance("SHA-256").digest(input));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }
}
