package dev.countersign.audit.checkpoint;

import dev.countersign.core.model.Bytes;
import java.util.Base64;
import java.util.Optional;

/// Base64 (RFC 4648, section 4) with exactly one text for the same bytes: what is signed or hashed
/// cannot be respelled.
public final class CanonicalBase64 {
  private CanonicalBase64() {}

  public static String encode(Bytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.toArray());
  }

  /// The bytes, or nothing when `text` is not what [#encode] gives for them.
  public static Optional<Bytes> decode(String text) {
    try {
      return Optional.of(Bytes.of(Base64.getDecoder().decode(text)))
          .filter(bytes -> encode(bytes).equals(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
