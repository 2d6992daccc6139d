package dev.countersign.hsm.pkcs11;

import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.KeyId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// What a key is called on the token: its purpose's prefix and its id, both as `CKA_LABEL` and as
/// `CKA_ID`, on the private key, the public key and the certificate. The prefix keeps apart keys
/// that others made on the same token.
record KeyLabel(Purpose purpose, KeyId key) {

  /// What a key is for. No key ever serves another purpose.
  enum Purpose {
    /// Signs transactions, against a permit.
    WALLET("countersign:"),

    /// Signs what a log publishes of itself, and nothing else.
    LOG("countersign-log:"),

    /// Seals the key shares of a cosigner, and nothing else.
    SHARE("countersign-share:");

    private final String prefix;

    Purpose(String prefix) {
      this.prefix = prefix;
    }
  }

  /// The label of a wallet's key.
  KeyLabel(KeyId key) {
    this(Purpose.WALLET, key);
  }

  /// The key that an object with this `CKA_ID` belongs to, or nothing when it is not one of ours.
  static Optional<KeyLabel> parse(byte[] id) {
    String text = new String(id, StandardCharsets.UTF_8);
    for (Purpose purpose : Purpose.values()) {
      if (text.startsWith(purpose.prefix)) {
        try {
          return Optional.of(
              new KeyLabel(purpose, new KeyId(text.substring(purpose.prefix.length()))));
        } catch (InvalidValueException e) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  String text() {
    return purpose.prefix + key.value();
  }

  byte[] bytes() {
    return text().getBytes(StandardCharsets.UTF_8);
  }

  /// Objects of this name and of `CKO_` class `type`.
  Template objects(long type) {
    return Template.ofTokenObject(type).with(Attribute.ID, bytes());
  }

  /// The public half of a key pair to make, for everybody to read.
  ///
  /// @param keyType a value of [Attribute#KEY_TYPE]
  /// @param curve its object identifier in DER
  Template publicKeyToMake(long keyType, byte[] curve) {
    return objects(Attribute.PUBLIC_KEY_CLASS)
        .with(Attribute.KEY_TYPE, keyType)
        .with(Attribute.EC_PARAMS, curve)
        .with(Attribute.LABEL, bytes())
        .with(Attribute.PRIVATE, false)
        .with(Attribute.VERIFY, true);
  }

  /// The private half: it signs, does nothing else, and cannot leave the token.
  ///
  /// @param keyType a value of [Attribute#KEY_TYPE]
  Template privateKeyToMake(long keyType) {
    return objects(Attribute.PRIVATE_KEY_CLASS)
        .with(Attribute.KEY_TYPE, keyType)
        .with(Attribute.LABEL, bytes())
        .with(Attribute.PRIVATE, true)
        .with(Attribute.SENSITIVE, true)
        .with(Attribute.EXTRACTABLE, false)
        .with(Attribute.SIGN, true)
        .with(Attribute.DECRYPT, false)
        .with(Attribute.UNWRAP, false)
        .with(Attribute.DERIVE, false);
  }

  /// A key of AES-256 that encrypts and decrypts, does nothing else, and cannot leave the token.
  Template secretKeyToMake() {
    return objects(Attribute.SECRET_KEY_CLASS)
        .with(Attribute.KEY_TYPE, Attribute.AES_KEY)
        .with(Attribute.VALUE_LEN, 32L)
        .with(Attribute.LABEL, bytes())
        .with(Attribute.PRIVATE, true)
        .with(Attribute.SENSITIVE, true)
        .with(Attribute.EXTRACTABLE, false)
        .with(Attribute.ENCRYPT, true)
        .with(Attribute.DECRYPT, true)
        .with(Attribute.SIGN, false)
        .with(Attribute.VERIFY, false)
        .with(Attribute.WRAP, false)
        .with(Attribute.UNWRAP, false)
        .with(Attribute.DERIVE, false);
  }
}
