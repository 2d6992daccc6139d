package dev.countersign.hsm.pkcs11;

import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.port.KeyBackendException;
import dev.countersign.core.port.KeyBackendException.Kind;
import dev.countersign.core.secret.SecretChars;
import java.io.IOException;
import java.nio.file.Path;
import java.security.AuthProvider;
import java.security.GeneralSecurityException;
import java.security.InvalidParameterException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import javax.security.auth.login.LoginException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One login to a token, and the keys found in it. When the login is lost, it ends for good and
/// another one takes its place.
///
/// Called under the shared lock of its [Pkcs11Library] only; [#retire] alone. Within that, safe for
/// concurrent use: finding a held key and signing take no lock, the rest takes turns.
final class TokenSession {
  private static final Logger LOG = LoggerFactory.getLogger(TokenSession.class);

  private final AuthProvider provider;
  private final KeyStore keyStore;
  private final TokenObjects objects;
  private final Map<KeyId, HeldKey> held = new ConcurrentHashMap<>();
  private final Set<String> warnedOf = ConcurrentHashMap.newKeySet();
  private volatile boolean retired;

  private TokenSession(AuthProvider provider, KeyStore keyStore, TokenObjects objects) {
    this.provider = provider;
    this.keyStore = keyStore;
    this.objects = objects;
  }

  /// Finds the token, logs in, and loads what SunPKCS11 wants to know of every key.
  static TokenSession open(Pkcs11Library library, Pkcs11Config config)
      throws GeneralSecurityException, IOException {
    Cryptoki.TokenInfo token = library.token(config.tokenLabel());
    TokenObjects objects = TokenObjects.open(library.cryptoki(), token.slot());
    AuthProvider provider = null;
    try {
      provider = configure(config, library.path(), token.slot());
      KeyStore keyStore = KeyStore.getInstance("PKCS11", provider);
      try (SecretChars pin = new PinFile(config.pinFile()).read()) {
        // Ours first: a wrong PIN is tried once, and not by both bindings.
        objects.logIn(pin);
        logIn(keyStore, pin);
      }
      return new TokenSession(provider, keyStore, objects);
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
      if (provider != null) {
        logOut(provider);
      }
      objects.close();
      throw e;
    }
  }

  private static AuthProvider configure(Pkcs11Config config, Path library, long slot) {
    Provider template = Security.getProvider("SunPKCS11");
    if (template == null) {
      throw new KeyBackendException(
          Kind.BROKEN, "this JDK has no SunPKCS11; use one with the module jdk.crypto.cryptoki");
    }
    // Destroying the token after the logout takes every old session out of the hands of the garbage
    // collector, which would otherwise close them by number long after those numbers named others.
    String text =
        """
        --name = "%s"
        library = "%s"
        slot = %d
        destroyTokenAfterLogout = true
        """
            .formatted(config.name(), library.toString().replace("\\", "\\\\"), slot);
    try {
      return (AuthProvider) template.configure(text);
    } catch (InvalidParameterException e) {
      throw new KeyBackendException(
          Kind.BROKEN, "SunPKCS11 takes neither path nor slot: %s, %d".formatted(library, slot), e);
    }
  }

  private static void logIn(KeyStore keyStore, SecretChars pin) throws IOException {
    Optional<Exception> failure = pin.use(chars -> load(keyStore, chars));
    if (failure.isPresent()) {
      throw new IOException("loading the keys of a token", failure.get());
    }
  }

  private static Optional<Exception> load(KeyStore keyStore, char[] pin) {
    try {
      keyStore.load(null, pin);
      return Optional.empty();
    } catch (GeneralSecurityException | IOException e) {
      return Optional.of(e);
    }
  }

  /// The key of this name, proven; nothing when the token has none.
  ///
  /// @throws KeyBackendException of kind BROKEN when the token has one that cannot be trusted
  Optional<HeldKey> find(KeyId id) throws GeneralSecurityException, IOException {
    HeldKey key = held.get(id);
    return key != null ? Optional.of(key) : loadKey(new KeyLabel(id));
  }

  List<HeldKey> list() throws GeneralSecurityException, IOException {
    List<byte[]> ids;
    synchronized (objects) {
      ids = objects.privateKeyIds();
    }
    List<HeldKey> keys = new ArrayList<>();
    for (byte[] id : ids) {
      Optional<KeyLabel> label = KeyLabel.parse(id);
      if (label.isEmpty()) {
        warnOnce(HexFormat.of().formatHex(id), "is not named like one of ours; left alone");
        continue;
      }
      if (label.get().purpose() != KeyLabel.Purpose.WALLET) {
        continue;
      }
      try {
        find(label.get().key()).ifPresent(keys::add);
      } catch (KeyBackendException e) {
        warnOnce(label.get().text(), String.valueOf(e.getMessage()));
      }
    }
    return keys;
  }

  /// Works on the token's objects while nobody else does.
  <T> T withObjects(Function<TokenObjects, T> work) {
    synchronized (objects) {
      return work.apply(objects);
    }
  }

  HeldKey create(KeyId id) throws GeneralSecurityException, IOException {
    KeyLabel label = new KeyLabel(id);
    synchronized (objects) {
      new KeyMaker(objects).make(label);
      return loadKey(label)
          .orElseThrow(
              () -> new KeyBackendException(Kind.BROKEN, "key " + id + " was made and is gone"));
    }
  }

  /// Keys made by other processes appear here when they are asked for.
  private Optional<HeldKey> loadKey(KeyLabel label) throws GeneralSecurityException, IOException {
    synchronized (objects) {
      HeldKey known = held.get(label.key());
      if (known != null) {
        return Optional.of(known);
      }
      List<Long> privateKeys = objects.privateKeys(label);
      List<Long> certificates = objects.certificates(label);
      if (privateKeys.isEmpty()) {
        return Optional.empty();
      }
      if (certificates.isEmpty()) {
        warnOnce(label.text(), "has no certificate; creating it again completes it");
        return Optional.empty();
      }
      if (privateKeys.size() > 1 || certificates.size() > 1) {
        throw new KeyBackendException(
            Kind.BROKEN,
            "key %s should be on this token once, and is there with %d private keys, %d certificates"
                .formatted(label.key(), privateKeys.size(), certificates.size()));
      }
      objects.requireUnextractable(label, privateKeys.getFirst());
      HeldKey key = prove(label, certificates.getFirst());
      held.put(label.key(), key);
      return Optional.of(key);
    }
  }

  private HeldKey prove(KeyLabel label, long certificate)
      throws GeneralSecurityException, IOException {
    byte[] encoded = objects.attribute(certificate, Attribute.VALUE).orElse(new byte[0]);
    try {
      return HeldKey.proven(
          label, SelfSignedCertificate.publicKey(encoded), handle(label), provider);
    } catch (InvalidValueException e) {
      throw new KeyBackendException(Kind.BROKEN, "key " + label.key() + ": " + e.getMessage(), e);
    }
  }

  private PrivateKey handle(KeyLabel label) throws GeneralSecurityException, IOException {
    if (!keyStore.containsAlias(label.text())) {
      // No PIN: the login still holds, and this only looks at the token's objects again.
      keyStore.load(null, null);
    }
    Key key = keyStore.getKey(label.text(), null);
    if (key instanceof PrivateKey privateKey) {
      return privateKey;
    }
    throw new KeyBackendException(
        Kind.BROKEN,
        "SunPKCS11 shows no private key '%s' although the token has one with a certificate"
            .formatted(label.text()));
  }

  private void warnOnce(String label, String what) {
    if (warnedOf.add(label)) {
      LOG.warn("token {}: key {} {}", provider.getName(), label, what);
    }
  }

  boolean isRetired() {
    return retired;
  }

  boolean isAlive() {
    synchronized (objects) {
      return !retired && objects.isAlive();
    }
  }

  /// Logs out and closes every session, as far as the token still listens.
  void retire() {
    retired = true;
    held.clear();
    logOut(provider);
    try {
      objects.close();
    } catch (CryptokiException e) {
      LOG.debug("closing a session: {}", e.getMessage());
    }
  }

  private static void logOut(AuthProvider provider) {
    try {
      provider.logout();
    } catch (LoginException | RuntimeException e) {
      LOG.debug("logging out of a token that is gone: {}", e.getMessage());
    }
  }
}
