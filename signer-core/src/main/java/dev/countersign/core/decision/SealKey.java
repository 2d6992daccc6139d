package dev.countersign.core.decision;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The secret behind everything a deployment seals: the same in all its instances, of no other
/// deployment, and never in the database. Only [PermitMint], [PolicySeals] and [ThawSeals]
/// can seal with it. It has no text form, and is wiped when closed. Safe for concurrent use.
public final class SealKey implements AutoCloseable {
  /// Bytes of the secret.
  public static final int SIZE = 32;

  private static final String ALGORITHM = "HmacSHA256";
  private static final int HEX = 16;

  private final byte[] key;
  private boolean closed;

  private SealKey(byte[] key) {
    this.key = key;
  }

  /// One that nobody else has.
  public static SealKey random(SecureRandom random) {
    byte[] bytes = new byte[SIZE];
    random.nextBytes(bytes);
    return new SealKey(bytes);
  }

  /// @param digits stays the caller's, who wipes it
  /// @throws InvalidValueException when it is not 64 hexadecimal digits; it does not show them
  public static SealKey ofHex(char[] digits) {
    byte[] bytes = new byte[SIZE];
    boolean right = digits.length == 2 * SIZE;
    for (int i = 0; right && i < SIZE; i++) {
      int high = Character.digit(digits[2 * i], HEX);
      int low = Character.digit(digits[2 * i + 1], HEX);
      right = high >= 0 && low >= 0;
      bytes[i] = (byte) (high * HEX + low);
    }
    if (!right) {
      Arrays.fill(bytes, (byte) 0);
      throw InvalidValueException.of(
          "permit key", digits.length + " characters", "64 hexadecimal digits, which are 32 bytes");
    }
    return new SealKey(bytes);
  }

  /// HMAC-SHA256 over the purpose, behind its length, and the content: a seal for one purpose is
  /// none for another.
  synchronized Bytes seal(String purpose, byte[] content) {
    if (closed) {
      throw new IllegalStateException("the seal key was wiped: the server is stopping");
    }
    byte[] label = purpose.getBytes(StandardCharsets.US_ASCII);
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, label.length));
      mac.update(label);
      return Bytes.of(mac.doFinal(content));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC-SHA256 is part of every JDK", e);
    }
  }

  /// In constant time.
  boolean isSeal(Bytes seal, String purpose, byte[] content) {
    return MessageDigest.isEqual(seal.toArray(), seal(purpose, content).toArray());
  }

  @Override
  public synchronized void close() {
    closed = true;
    Arrays.fill(key, (byte) 0);
  }
}
