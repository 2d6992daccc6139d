package dev.countersign.hsm.pkcs11;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.port.KeyBackendException;
import dev.countersign.core.port.KeyBackendException.Kind;
import dev.countersign.hsm.pkcs11.KeyLabel.Purpose;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.List;

/// An Ed25519 key in a token, which signs what a log publishes of itself. SunPKCS11 knows no
/// Ed25519, so this goes past it. Safe for concurrent use.
public final class TokenLogKey {
  /// The object identifier 1.3.101.112 (RFC 8410, section 3) in DER.
  private static final byte[] ED25519 = {0x06, 0x03, 0x2b, 0x65, 0x70};

  /// What comes before the 32 bytes of a key in X.509 (RFC 8410, section 4).
  private static final byte[] X509_PREFIX = {
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00
  };

  private static final int KEY_SIZE = 32;
  private static final byte[] PROOF =
      "countersign proof of a log key".getBytes(StandardCharsets.US_ASCII);

  private final TokenConnection connection;
  private final KeyLabel label;
  private final Bytes publicKey;

  private TokenLogKey(TokenConnection connection, KeyLabel label, Bytes publicKey) {
    this.connection = connection;
    this.label = label;
    this.publicKey = publicKey;
  }

  static TokenLogKey openOrMake(TokenConnection connection, KeyId id) {
    KeyLabel label = new KeyLabel(Purpose.LOG, id);
    Bytes publicKey =
        connection.use(
            session ->
                session.withObjects(
                    token -> {
                      if (token.privateKeys(label).isEmpty()) {
                        make(token, label);
                      }
                      return prove(token, label);
                    }));
    return new TokenLogKey(connection, label, publicKey);
  }

  private static void make(TokenObjects token, KeyLabel label) {
    Cryptoki.KeyPair pair =
        token.generateEdwardsKeyPair(
            label.publicKeyToMake(Attribute.EC_EDWARDS_KEY, ED25519),
            label.privateKeyToMake(Attribute.EC_EDWARDS_KEY));
    if (token.privateKeys(label).size() != 1) {
      // Safe to destroy: it is new, and has signed nothing.
      token.destroy(pair.privateKey());
      token.destroy(pair.publicKey());
      throw new KeyBackendException(
          Kind.UNAVAILABLE, "another process is making log key " + label.key() + "; try again");
    }
  }

  /// The public half, once the private one has signed for it.
  private static Bytes prove(TokenObjects token, KeyLabel label) {
    long privateKey = only(token.privateKeys(label), label, "private");
    long publicKey = only(token.publicKeys(label), label, "public");
    token.requireUnextractable(label, privateKey);
    byte[] point = token.attribute(publicKey, Attribute.EC_POINT).orElse(new byte[0]);
    // Plain, or in a DER OCTET STRING or BIT STRING, as the token likes it.
    if (point.length < KEY_SIZE || point.length > KEY_SIZE + 3) {
      throw broken(label, "a public key of 32 bytes", point.length + " bytes");
    }
    byte[] key = Arrays.copyOfRange(point, point.length - KEY_SIZE, point.length);
    if (!verifies(key, PROOF, token.signEd25519(privateKey, PROOF))) {
      throw broken(label, "a private key that signs for the public one", "another");
    }
    return Bytes.of(key);
  }

  private static long only(List<Long> objects, KeyLabel label, String half) {
    if (objects.size() != 1) {
      throw broken(label, "one " + half + " key", Integer.toString(objects.size()));
    }
    return objects.getFirst();
  }

  private static KeyBackendException broken(KeyLabel label, String expected, String found) {
    return new KeyBackendException(
        Kind.BROKEN,
        "log key %s on this token: expected %s, found %s".formatted(label.key(), expected, found));
  }

  private static boolean verifies(byte[] key, byte[] message, byte[] signature) {
    byte[] x509 = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + KEY_SIZE);
    System.arraycopy(key, 0, x509, X509_PREFIX.length, KEY_SIZE);
    try {
      PublicKey publicKey =
          KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(x509));
      Signature ed25519 = Signature.getInstance("Ed25519");
      ed25519.initVerify(publicKey);
      ed25519.update(message);
      return ed25519.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /// The public half as RFC 8032 has it: 32 bytes.
  public Bytes publicKey() {
    return publicKey;
  }

  /// The Ed25519 signature of `message` (RFC 8032, section 5.1.6): 64 bytes.
  ///
  /// @throws KeyBackendException of kind UNAVAILABLE while the token is gone; of kind BROKEN when
  /// the key on it is another one by now
  public byte[] sign(byte[] message) {
    byte[] signature =
        connection.use(
            session ->
                session.withObjects(
                    token ->
                        token.signEd25519(
                            only(token.privateKeys(label), label, "private"), message)));
    if (!verifies(publicKey.toArray(), message, signature)) {
      throw broken(label, "the key that was there before", "another");
    }
    return signature;
  }
}
