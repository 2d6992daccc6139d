package dev.countersign.audit.checkpoint;

import dev.countersign.core.model.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// Who signs a log's checkpoints: what an auditor pins. In text `name+id+key`: the key's name, its
/// id as eight hex digits, and the base64 of the byte 1 (Ed25519) and the public key.
///
/// @param name of the key, and origin of its log; such as `example.com/custody`
/// @param publicKey the 32 bytes of RFC 8032
public record VerifierKey(String name, Bytes publicKey) {
  static final int KEY_SIZE = 32;
  private static final byte ED25519 = 1;

  /// What stands before the 32 bytes in an X.509 `SubjectPublicKeyInfo` of Ed25519 (RFC 8410).
  static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final Pattern NAME = Pattern.compile("[!-*,-~]{1,255}");
  private static final String FORM = "name+8 hex digits+base64 of 01 and 32 bytes";

  public VerifierKey {
    if (!NAME.matcher(name).matches()) {
      throw InvalidNoteException.of(
          "the name of a checkpoint key, which is its log's origin",
          "1 to 255 visible ASCII characters without +, such as example.com/custody",
          name);
    }
    if (publicKey.size() != KEY_SIZE) {
      throw InvalidNoteException.of(
          "an Ed25519 public key", "32 bytes", publicKey.size() + " bytes");
    }
  }

  /// Reads the text form.
  ///
  /// @throws InvalidNoteException when it is another form, another algorithm, or the id is wrong
  public static VerifierKey parse(String text) {
    String[] parts = text.split("\\+", 3);
    if (parts.length != 3) {
      throw InvalidNoteException.of("a verifier key", FORM, text);
    }
    Bytes key =
        CanonicalBase64.decode(parts[2])
            .filter(bytes -> bytes.size() == 1 + KEY_SIZE && bytes.get(0) == ED25519)
            .orElseThrow(() -> InvalidNoteException.of("a verifier key", FORM, text));
    VerifierKey verifier = new VerifierKey(parts[0], key.slice(1, key.size()));
    if (!verifier.idHex().equals(parts[1])) {
      throw InvalidNoteException.of("the id of a verifier key", verifier.idHex(), parts[1]);
    }
    return verifier;
  }

  /// The first four bytes of SHA-256 over name, line feed, 1 and the key.
  int id() {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(name.getBytes(StandardCharsets.US_ASCII));
      sha256.update((byte) '\n');
      sha256.update(typedKey());
      byte[] hash = sha256.digest();
      return (hash[0] & 0xff) << 24
          | (hash[1] & 0xff) << 16
          | (hash[2] & 0xff) << 8
          | (hash[3] & 0xff);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }

  private String idHex() {
    return HexFormat.of().toHexDigits(id());
  }

  private byte[] typedKey() {
    ByteArrayOutputStream key = new ByteArrayOutputStream();
    key.write(ED25519);
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
