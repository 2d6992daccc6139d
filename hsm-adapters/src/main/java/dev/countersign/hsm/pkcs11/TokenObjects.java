package dev.countersign.hsm.pkcs11;

import dev.countersign.core.port.KeyBackendException;
import dev.countersign.core.port.KeyBackendException.Kind;
import dev.countersign.core.secret.SecretChars;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The objects of one token, seen through a session of our own. That session stays open as long as
/// this is in use: a token logs its user out when the last session closes. Not for concurrent use.
final class TokenObjects implements AutoCloseable {
  private static final long AES_KEY_GEN = 0x1080;
  private static final long EC_KEY_PAIR_GEN = 0x1040;
  private static final long ECDSA = 0x1041;
  private static final long EC_EDWARDS_KEY_PAIR_GEN = 0x1055;
  private static final long EDDSA = 0x1057;
  private static final int SIGNATURE_SIZE = 64;
  private static final int MOST_UTF8_BYTES = 3;

  private final Cryptoki cryptoki;
  private final long session;

  private TokenObjects(Cryptoki cryptoki, long session) {
    this.cryptoki = cryptoki;
    this.session = session;
  }

  static TokenObjects open(Cryptoki cryptoki, long slot) {
    return new TokenObjects(cryptoki, cryptoki.openSession(slot));
  }

  void logIn(SecretChars pin) {
    pin.use(
        chars -> {
          ByteBuffer utf8 = ByteBuffer.allocate(chars.length * MOST_UTF8_BYTES);
          StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(chars), utf8, true);
          byte[] bytes = Arrays.copyOf(utf8.array(), utf8.position());
          try {
            cryptoki.logIn(session, bytes);
          } finally {
            Arrays.fill(bytes, (byte) 0);
            Arrays.fill(utf8.array(), (byte) 0);
          }
          return true;
        });
  }

  /// Whether the session has survived.
  boolean isAlive() {
    try {
      cryptoki.checkSession(session);
      return true;
    } catch (CryptokiException e) {
      return false;
    }
  }

  /// Closes the session; a session that is gone already is closed enough.
  @Override
  public void close() {
    try {
      cryptoki.closeSession(session);
    } catch (CryptokiException e) {
      if (isAlive()) {
        throw e;
      }
    }
  }

  List<Long> privateKeys(KeyLabel label) {
    return cryptoki.find(session, label.objects(Attribute.PRIVATE_KEY_CLASS));
  }

  List<Long> publicKeys(KeyLabel label) {
    return cryptoki.find(session, label.objects(Attribute.PUBLIC_KEY_CLASS));
  }

  List<Long> secretKeys(KeyLabel label) {
    return cryptoki.find(session, label.objects(Attribute.SECRET_KEY_CLASS));
  }

  List<Long> certificates(KeyLabel label) {
    return cryptoki.find(session, label.objects(Attribute.CERTIFICATE_CLASS));
  }

  /// The `CKA_ID` of every private key that is on the token and has one.
  List<byte[]> privateKeyIds() {
    List<byte[]> ids = new ArrayList<>();
    for (long key : cryptoki.find(session, Template.ofTokenObject(Attribute.PRIVATE_KEY_CLASS))) {
      attribute(key, Attribute.ID).ifPresent(ids::add);
    }
    return ids;
  }

  Optional<byte[]> attribute(long object, Attribute attribute) {
    return cryptoki.attribute(session, object, attribute);
  }

  Cryptoki.KeyPair generateEcKeyPair(Template publicKey, Template privateKey) {
    return cryptoki.generateKeyPair(session, EC_KEY_PAIR_GEN, publicKey, privateKey);
  }

  /// r and s of a signature of `digest`, 32 bytes each.
  byte[] sign(long key, byte[] digest) {
    return cryptoki.sign(session, ECDSA, key, digest, SIGNATURE_SIZE);
  }

  Cryptoki.KeyPair generateEdwardsKeyPair(Template publicKey, Template privateKey) {
    return cryptoki.generateKeyPair(session, EC_EDWARDS_KEY_PAIR_GEN, publicKey, privateKey);
  }

  /// The Ed25519 signature of `message` (RFC 8032, section 5.1.6): 64 bytes.
  byte[] signEd25519(long key, byte[] message) {
    return cryptoki.sign(session, EDDSA, key, message, SIGNATURE_SIZE);
  }

  long generateAesKey(Template key) {
    return cryptoki.generateKey(session, AES_KEY_GEN, key);
  }

  byte[] encrypt(long key, GcmParameters gcm, byte[] plain) {
    return cryptoki.encrypt(session, gcm, key, plain);
  }

  byte[] decrypt(long key, GcmParameters gcm, byte[] encrypted) {
    return cryptoki.decrypt(session, gcm, key, encrypted);
  }

  long create(Template object) {
    return cryptoki.createObject(session, object);
  }

  void destroy(long object) {
    cryptoki.destroyObject(session, object);
  }

  /// Insists that the token itself says the key cannot leave it and never could (PKCS #11 v2.40,
  /// section 4.9).
  ///
  /// @throws KeyBackendException of kind BROKEN when it says otherwise, or nothing
  void requireUnextractable(KeyLabel label, long key) {
    require(label, key, Attribute.SENSITIVE, true);
    require(label, key, Attribute.EXTRACTABLE, false);
    require(label, key, Attribute.ALWAYS_SENSITIVE, true);
    require(label, key, Attribute.NEVER_EXTRACTABLE, true);
  }

  private void require(KeyLabel label, long key, Attribute attribute, boolean expected) {
    String found =
        attribute(key, attribute)
            .filter(value -> value.length == 1)
            .map(value -> Boolean.toString(value[0] != 0))
            .orElse("nothing");
    if (!found.equals(Boolean.toString(expected))) {
      throw new KeyBackendException(
          Kind.BROKEN,
          "key %s is not safe on this token: CKA_%s should be %s, the token says %s"
              .formatted(label.key(), attribute, expected, found));
    }
  }
}
