package dev.countersign.mpc.group;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/// Uniform bytes from a message, by `expand_message_xmd` of RFC 9380 section 5.3.1 with SHA-256.
public final class ExpandedMessage {
  private static final int HASH_BYTES = 32;
  private static final int BLOCK_BYTES = 64;
  private static final int LONGEST_TAG = 255;
  private static final int MOST_BLOCKS = 255;

  /// Of a number modulo an order of 256 bits, so that it is biased by less than a part in 2^128.
  private static final int SCALAR_BYTES = 48;

  private ExpandedMessage() {}

  /// A scalar of secp256k1, by `hash_to_field` of RFC 9380 section 5.2.
  public static Scalar secp256k1Scalar(byte[] message, String tag) {
    byte[] wide = new byte[2 * ScalarField.BYTES];
    byte[] uniform = of(message, tag, SCALAR_BYTES);
    System.arraycopy(uniform, 0, wide, wide.length - SCALAR_BYTES, SCALAR_BYTES);
    return ScalarField.SECP256K1.reduce(wide);
  }

  /// @param tag of 1 to 255 bytes, which keeps the uses of one hash apart
  public static byte[] of(byte[] message, String tag, int length) {
    byte[] domain = tag.getBytes(StandardCharsets.US_ASCII);
    int blocks = (length + HASH_BYTES - 1) / HASH_BYTES;
    if (domain.length == 0 || domain.length > LONGEST_TAG || blocks > MOST_BLOCKS) {
      throw new IllegalArgumentException(
          "a tag of %d bytes for %d bytes: expected 1 to %d, and at most %d"
              .formatted(domain.length, length, LONGEST_TAG, MOST_BLOCKS * HASH_BYTES));
    }
    ByteArrayOutputStream first = new ByteArrayOutputStream();
    first.writeBytes(new byte[BLOCK_BYTES]);
    first.writeBytes(message);
    first.write(length >>> 8);
    first.write(length);
    first.write(0);
    first.writeBytes(domain);
    first.write(domain.length);
    byte[] zeroth = sha256(first.toByteArray());
    byte[] uniform = new byte[blocks * HASH_BYTES];
    byte[] block = new byte[HASH_BYTES];
    for (int i = 1; i <= blocks; i++) {
      ByteArrayOutputStream next = new ByteArrayOutputStream();
      for (int k = 0; k < HASH_BYTES; k++) {
        next.write(zeroth[k] ^ block[k]);
      }
      next.write(i);
      next.writeBytes(domain);
      next.write(domain.length);
      block = sha256(next.toByteArray());
      System.arraycopy(block, 0, uniform, (i - 1) * HASH_BYTES, HASH_BYTES);
    }
    return Arrays.copyOf(uniform, length);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
