package dev.countersign.core.secret;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;

/// A secret made of characters, such as a PIN. It has no text form, and is wiped when closed.
public final class SecretChars implements AutoCloseable {
  private final char[] value;
  private boolean closed;

  private SecretChars(char[] value) {
    this.value = value;
  }

  /// Takes a copy and wipes `value`.
  public static SecretChars taking(char[] value) {
    SecretChars secret = new SecretChars(value.clone());
    Arrays.fill(value, '\0');
    return secret;
  }

  /// Takes UTF-8 bytes, without a line end after them, and wipes `utf8`.
  public static SecretChars takingUtf8(byte[] utf8) {
    CharBuffer decoded = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(utf8));
    Arrays.fill(utf8, (byte) 0);
    int end = decoded.limit();
    while (end > 0 && (decoded.get(end - 1) == '\n' || decoded.get(end - 1) == '\r')) {
      end--;
    }
    SecretChars secret = new SecretChars(Arrays.copyOf(decoded.array(), end));
    Arrays.fill(decoded.array(), '\0');
    return secret;
  }

  /// Lends a copy to `use`, and wipes the copy after it.
  public synchronized <T> T use(Function<char[], T> use) {
    if (closed) {
      throw new IllegalStateException("this secret was wiped");
    }
    char[] copy = value.clone();
    try {
      return use.apply(copy);
    } finally {
      Arrays.fill(copy, '\0');
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    Arrays.fill(value, '\0');
  }
}
