package dev.countersign.hsm.pkcs11;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.port.KeyBackendException;
import dev.countersign.core.port.KeyBackendException.Kind;
import dev.countersign.core.port.ShareSeal;
import dev.countersign.hsm.pkcs11.KeyLabel.Purpose;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// [ShareSeal] with an AES-256-GCM key that a token makes and keeps. What is sealed is the version,
/// 1; the IV, 12 bytes, random; the ciphertext; the tag, 16 bytes. Safe for concurrent use.
public final class TokenShareSeal implements ShareSeal {
  private static final byte VERSION = 1;
  private static final int HEADER = 1 + GcmParameters.IV_SIZE;
  private static final byte[] PROOF =
      "countersign proof of a share seal".getBytes(StandardCharsets.US_ASCII);

  private final TokenConnection connection;
  private final KeyLabel label;
  private final RandomGenerator random;

  private TokenShareSeal(TokenConnection connection, KeyLabel label, RandomGenerator random) {
    this.connection = connection;
    this.label = label;
    this.random = random;
  }

  static TokenShareSeal openOrMake(TokenConnection connection, KeyId id, RandomGenerator random) {
    KeyLabel label = new KeyLabel(Purpose.SHARE, id);
    TokenShareSeal seal = new TokenShareSeal(connection, label, random);
    connection.use(
        session ->
            session.withObjects(
                token -> {
                  if (token.secretKeys(label).isEmpty()) {
                    make(token, label);
                  }
                  token.requireUnextractable(label, seal.key(token));
                  return true;
                }));
    seal.prove();
    return seal;
  }

  private static void make(TokenObjects token, KeyLabel label) {
    long key = token.generateAesKey(label.secretKeyToMake());
    if (token.secretKeys(label).size() != 1) {
      // Safe to destroy: it is new, and has sealed nothing.
      token.destroy(key);
      throw new KeyBackendException(
          Kind.UNAVAILABLE, "another process is making seal key " + label.key() + "; try again");
    }
  }

  /// Some tokens take the parameters of GCM and pass over the associated data.
  private void prove() {
    Bytes proof = Bytes.of(PROOF);
    Bytes sealed = seal(PROOF, proof);
    if (!Arrays.equals(unseal(sealed, proof), PROOF) || opens(sealed, Bytes.EMPTY)) {
      throw broken("AES-256-GCM with associated data", "something else");
    }
  }

  private boolean opens(Bytes sealed, Bytes context) {
    try {
      unseal(sealed, context);
      return true;
    } catch (KeyBackendException e) {
      return false;
    }
  }

  private long key(TokenObjects token) {
    List<Long> keys = token.secretKeys(label);
    if (keys.size() != 1) {
      throw broken("one key", Integer.toString(keys.size()));
    }
    return keys.getFirst();
  }

  private KeyBackendException broken(String expected, String found) {
    return new KeyBackendException(
        Kind.BROKEN,
        "seal key %s on this token: expected %s, found %s".formatted(label.key(), expected, found));
  }

  @Override
  public Bytes seal(byte[] share, Bytes context) {
    var gcm = new GcmParameters(iv(), context);
    byte[] encrypted =
        connection.use(
            session -> session.withObjects(token -> token.encrypt(key(token), gcm, share)));
    byte[] sealed = new byte[HEADER + encrypted.length];
    sealed[0] = VERSION;
    System.arraycopy(gcm.iv().toArray(), 0, sealed, 1, GcmParameters.IV_SIZE);
    System.arraycopy(encrypted, 0, sealed, HEADER, encrypted.length);
    return Bytes.of(sealed);
  }

  @Override
  public byte[] unseal(Bytes sealed, Bytes context) {
    if (sealed.size() < HEADER + GcmParameters.TAG_SIZE || sealed.get(0) != VERSION) {
      throw notOurs("it has another length or version");
    }
    var gcm = new GcmParameters(sealed.slice(1, HEADER), context);
    byte[] encrypted = sealed.slice(HEADER, sealed.size()).toArray();
    return connection.use(
        session ->
            session.withObjects(
                token -> {
                  long key = key(token);
                  try {
                    return token.decrypt(key, gcm, encrypted);
                  } catch (CryptokiException e) {
                    if (ReturnValue.isNotAuthentic(e.code()) && isAtWork(token, key)) {
                      throw notOurs(ReturnValue.describe(e.code()));
                    }
                    throw e;
                  }
                }));
  }

  /// Tokens say the same of a wrong tag as of themselves when they cannot go on.
  private boolean isAtWork(TokenObjects token, long key) {
    GcmParameters gcm = new GcmParameters(iv(), Bytes.EMPTY);
    try {
      return Arrays.equals(token.decrypt(key, gcm, token.encrypt(key, gcm, PROOF)), PROOF);
    } catch (CryptokiException e) {
      return false;
    }
  }

  private Bytes iv() {
    byte[] iv = new byte[GcmParameters.IV_SIZE];
    random.nextBytes(iv);
    return Bytes.of(iv);
  }

  private KeyBackendException notOurs(String detail) {
    return new KeyBackendException(
        Kind.BROKEN,
        "seal key %s: what is to be unsealed was altered, or sealed for something else or by another key: %s"
            .formatted(label.key(), detail));
  }
}
