package dev.countersign.hsm.pkcs11;

import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.KeyId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// What a key is called on the token: `countersign:` and its id, both as `CKA_LABEL` and as
/// `CKA_ID`, on the private key, the public key and the certificate. The prefix keeps apart keys
/// that others made on the same token.
record KeyLabel(KeyId key) {
  private static final String PREFIX = "countersign:";

  /// The key that an object with this `CKA_ID` belongs to, or nothing when it is not one of ours.
  static Optional<KeyLabel> parse(byte[] id) {
    String text = new String(id, StandardCharsets.UTF_8);
    if (!text.startsWith(PREFIX)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new KeyLabel(new KeyId(text.substring(PREFIX.length()))));
    } catch (InvalidValueException e) {
      return Optional.empty();
    }
  }

  String text() {
    return PREFIX + key.value();
  }

  byte[] bytes() {
    return text().getBytes(StandardCharsets.UTF_8);
  }

  /// Objects of this name and of `CKO_` class `type`.
  Template objects(long type) {
    return Template.ofTokenObject(type).with(Attribute.ID, bytes());
  }
}
