package dev.countersign.mpc.group;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/// Uniform bytes from a message, by `expand_message_xmd` of RFC 9380 section 5.3.1 with SHA-256.
/// The message may be a secret: what is made of it on the way is wiped.
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
    try {
      return ScalarField.SECP256K1.reduce(wide);
    } finally {
      Arrays.fill(uniform, (byte) 0);
      Arrays.fill(wide, (byte) 0);
    }
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
    MessageDigest digest = sha256();
    digest.update(new byte[BLOCK_BYTES]);
    digest.update(message);
    digest.update(new byte[] {(byte) (length >>> 8), (byte) length, 0});
    digest.update(domain);
    byte[] zeroth = digest.digest(new byte[] {(byte) domain.length});
    byte[] uniform = new byte[blocks * HASH_BYTES];
    byte[] block = new byte[HASH_BYTES];
    for (int i = 1; i <= blocks; i++) {
      for (int k = 0; k < HASH_BYTES; k++) {
        block[k] ^= zeroth[k];
      }
      digest.update(block);
      Arrays.fill(block, (byte) 0);
      digest.update((byte) i);
      digest.update(domain);
      block = digest.digest(new byte[] {(byte) domain.length});
      System.arraycopy(block, 0, uniform, (i - 1) * HASH_BYTES, HASH_BYTES);
    }
    byte[] expanded = Arrays.copyOf(uniform, length);
    Arrays.fill(zeroth, (byte) 0);
    Arrays.fill(block, (byte) 0);
    Arrays.fill(uniform, (byte) 0);
    return expanded;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
