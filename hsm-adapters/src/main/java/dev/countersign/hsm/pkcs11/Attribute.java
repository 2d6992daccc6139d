package dev.countersign.hsm.pkcs11;

/// Object attributes (PKCS #11 v2.40, `CKA_`).
enum Attribute {
  CLASS(0x00),
  TOKEN(0x01),
  PRIVATE(0x02),
  LABEL(0x03),
  VALUE(0x11),
  CERTIFICATE_TYPE(0x80),
  ISSUER(0x81),
  SERIAL_NUMBER(0x82),
  KEY_TYPE(0x100),
  SUBJECT(0x101),
  ID(0x102),
  SENSITIVE(0x103),
  ENCRYPT(0x104),
  DECRYPT(0x105),
  WRAP(0x106),
  UNWRAP(0x107),
  SIGN(0x108),
  VERIFY(0x10A),
  DERIVE(0x10C),
  VALUE_LEN(0x161),
  EXTRACTABLE(0x162),
  NEVER_EXTRACTABLE(0x164),
  ALWAYS_SENSITIVE(0x165),
  EC_PARAMS(0x180),
  EC_POINT(0x181);

  /// Values of [#CLASS].
  static final long CERTIFICATE_CLASS = 1;

  static final long PUBLIC_KEY_CLASS = 2;
  static final long PRIVATE_KEY_CLASS = 3;
  static final long SECRET_KEY_CLASS = 4;

  /// The value of [#KEY_TYPE] for elliptic curves.
  static final long EC_KEY = 3;

  /// The value of [#KEY_TYPE] for Edwards curves (PKCS #11 v3.0).
  static final long EC_EDWARDS_KEY = 0x40;

  /// The value of [#KEY_TYPE] for AES.
  static final long AES_KEY = 0x1F;

  /// The value of [#CERTIFICATE_TYPE] for X.509.
  static final long X509 = 0;

  private final long type;

  Attribute(long type) {
    this.type = type;
  }

  long type() {
    return type;
  }
}
