package dev.countersign.audit.checkpoint;

import dev.countersign.core.model.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// An Ed25519 key under a name, for one use (C2SP signed-note, "verifier keys"). The use is part of
/// the key's id: a signature made for one is never taken for the other.
///
/// @param publicKey the 32 bytes of RFC 8032
record NoteKey(Use use, String name, Bytes publicKey) {
  static final int KEY_SIZE = 32;

  /// What stands before the 32 bytes in an X.509 `SubjectPublicKeyInfo` of Ed25519 (RFC 8410).
  static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final Pattern NAME = Pattern.compile("[!-*,-~]{1,255}");

  /// What a key signs, and the byte that says so.
  enum Use {
    /// The text of a note itself (C2SP signed-note).
    NOTE(1, "a verifier key", "the name of a checkpoint key, which is its log's origin"),
    /// A statement about a checkpoint and a time (C2SP tlog-cosignature, v1).
    COSIGNATURE(4, "a witness's key", "the name of a witness");

    private final byte type;
    private final String what;
    private final String nameOfWhat;

    Use(int type, String what, String nameOfWhat) {
      this.type = (byte) type;
      this.what = what;
      this.nameOfWhat = nameOfWhat;
    }

    private String form() {
      return "name+8 hex digits+base64 of 0%d and 32 bytes".formatted(type);
    }
  }

  NoteKey {
    if (!NAME.matcher(name).matches()) {
      throw InvalidNoteException.of(
          use.nameOfWhat,
          "1 to 255 visible ASCII characters without +, such as example.com/custody",
          name);
    }
    if (publicKey.size() != KEY_SIZE) {
      throw InvalidNoteException.of(
          "an Ed25519 public key", "32 bytes", publicKey.size() + " bytes");
    }
  }

  /// Reads the text form: `name+id+key`.
  ///
  /// @throws InvalidNoteException when it is another form, for another use, or the id is wrong
  static NoteKey parse(Use use, String text) {
    String[] parts = text.split("\\+", 3);
    if (parts.length != 3) {
      throw InvalidNoteException.of(use.what, use.form(), text);
    }
    Bytes key =
        CanonicalBase64.decode(parts[2])
            .filter(bytes -> bytes.size() == 1 + KEY_SIZE && bytes.get(0) == use.type)
            .orElseThrow(() -> InvalidNoteException.of(use.what, use.form(), text));
    NoteKey parsed = new NoteKey(use, parts[0], key.slice(1, key.size()));
    if (!parsed.idHex().equals(parts[1])) {
      throw InvalidNoteException.of("the id of " + use.what, parsed.idHex(), parts[1]);
    }
    return parsed;
  }

  /// The first four bytes of SHA-256 over name, line feed, the use's byte and the key.
  int id() {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(name.getBytes(StandardCharsets.US_ASCII));
      sha256.update((byte) '\n');
      sha256.update(typedKey());
      return ByteBuffer.wrap(sha256.digest()).getInt();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }

  private String idHex() {
    return HexFormat.of().toHexDigits(id());
  }

  private byte[] typedKey() {
    ByteArrayOutputStream key = new ByteArrayOutputStream();
    key.write(use.type);
    key.writeBytes(publicKey.toArray());
    return key.toByteArray();
  }

  /// Whether `signature` is this key's over `message`.
  boolean verifies(byte[] message, byte[] signature) {
    try {
      ByteArrayOutputStream x509 = new ByteArrayOutputStream();
      x509.writeBytes(X509_PREFIX);
      x509.writeBytes(publicKey.toArray());
      PublicKey key =
          KeyFactory.getInstance("Ed25519")
              .generatePublic(new X509EncodedKeySpec(x509.toByteArray()));
      Signature ed25519 = Signature.getInstance("Ed25519");
      ed25519.initVerify(key);
      ed25519.update(message);
      return ed25519.verify(signature);
    } catch (GeneralSecurityException e) {
      return false; // not a point of the curve, or not the size of a signature
    }
  }

  /// The text form.
  @Override
  public String toString() {
    return name + "+" + idHex() + "+" + CanonicalBase64.encode(Bytes.of(typedKey()));
  }
}
