package dev.countersign.core.approval;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import java.util.Base64;

/// The public half of an approver's key. Closed, so that whoever takes a key knows every kind.
public sealed interface ApproverKey permits Ed25519ApproverKey, P256ApproverKey {
  String FORM = "ed25519: and base64 of 32 bytes, or p256: and base64 of 33 bytes";

  /// The text before the `:`.
  String algorithm();

  /// Ed25519: 32 bytes (RFC 8032, section 5.1.5). P-256: 33 bytes, compressed (SEC 1, section
  /// 2.3.3).
  Bytes encoded();

  /// Whether `signature` is this key's, of exactly `message`. Total: whatever is no signature is
  /// not.
  boolean verifies(byte[] message, Bytes signature);

  /// `ed25519:` or `p256:` and base64 (RFC 4648, section 4) with its padding.
  default String text() {
    return algorithm() + ":" + Base64.getEncoder().encodeToString(encoded().toArray());
  }

  /// Reads [#text], and nothing that is not exactly what it gives.
  ///
  /// @throws InvalidValueException on another form, or a point that is none of the curve
  static ApproverKey parse(String text) {
    int colon = text.indexOf(':');
    String algorithm = colon < 0 ? "" : text.substring(0, colon);
    Bytes encoded = decode(text, colon + 1);
    ApproverKey key =
        switch (algorithm) {
          case Ed25519ApproverKey.ALGORITHM -> new Ed25519ApproverKey(encoded);
          case P256ApproverKey.ALGORITHM -> new P256ApproverKey(encoded);
          default -> throw invalid(text);
        };
    if (!key.text().equals(text)) { // base64 has more than one text for the same bytes
      throw invalid(text);
    }
    return key;
  }

  private static Bytes decode(String text, int from) {
    try {
      return Bytes.of(Base64.getDecoder().decode(text.substring(from)));
    } catch (IllegalArgumentException e) {
      throw invalid(text);
    }
  }

  private static InvalidValueException invalid(String text) {
    return InvalidValueException.of("approver key", text, FORM);
  }
}
