package dev.countersign.hsm.pkcs11;

import dev.countersign.core.decision.Permit;
import dev.countersign.core.decision.PermitInspector;
import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.port.KeyBackend;
import dev.countersign.core.port.KeyBackendException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keys in a PKCS#11 token. They are made there, sensitive and never extractable, and each is
/// proven by a signature before it is used for the first time after a login.
///
/// While the token or the connection to it is gone, signing gives `Unavailable` and the rest throws
/// a [KeyBackendException] of kind UNAVAILABLE, both at once; it comes back by itself. A wrong PIN
/// is tried once, and again only when the PIN file was written anew.
///
/// Two backends must not share a token: a token knows one login for each process.
public final class Pkcs11KeyBackend implements KeyBackend, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Pkcs11KeyBackend.class);

  private final BackendName name;
  private final PermitInspector inspector;
  private final TokenConnection connection;
  private final SigningLanes lanes;

  private Pkcs11KeyBackend(
      Pkcs11Config config, PermitInspector inspector, TokenConnection connection) {
    this.name = config.name();
    this.inspector = inspector;
    this.connection = connection;
    this.lanes = new SigningLanes(config.name(), config.parallelism());
  }

  /// Loads the library and logs in. A token that is not there yet is waited for in the background.
  ///
  /// @throws KeyBackendException of kind BROKEN when a person must correct something first: the
  /// library, the PIN or its file, a label that several tokens have
  public static Pkcs11KeyBackend open(Pkcs11Config config, PermitInspector inspector) {
    return new Pkcs11KeyBackend(config, inspector, new TokenConnection(config));
  }

  @Override
  public BackendName name() {
    return name;
  }

  /// Why the token cannot be used now, for health checks; nothing when it can, as far as is known.
  public Optional<String> unavailability() {
    return connection.unavailability();
  }

  @Override
  public BackendKey createKey(KeyId key) {
    return connection.use(session -> session.create(key)).description();
  }

  @Override
  public Optional<BackendKey> find(KeyId key) {
    return connection.use(session -> session.find(key)).map(HeldKey::description);
  }

  /// The keys that are named like ours and can be trusted; others are left alone, with a warning in
  /// the log.
  @Override
  public List<BackendKey> listKeys() {
    return connection.use(TokenSession::list).stream()
        .map(HeldKey::description)
        .sorted(Comparator.comparing(BackendKey::id))
        .toList();
  }

  @Override
  public List<SigningOutcome> sign(List<Permit> permits) {
    return lanes.each(permits, this::sign);
  }

  private SigningOutcome sign(Permit permit) {
    Optional<String> fault = inspector.fault(permit);
    if (fault.isPresent()) {
      return new SigningOutcome.Refused(fault.get());
    }
    if (!permit.terms().backend().equals(name)) {
      return new SigningOutcome.Refused(
          "the permit is for key backend %s, this is %s".formatted(permit.terms().backend(), name));
    }
    KeyId id = permit.terms().key();
    try {
      return connection.use(
          session -> {
            Optional<HeldKey> key = session.find(id);
            return key.isPresent()
                ? new SigningOutcome.Signed(key.get().sign(permit.signingDigest()))
                : missing(id, permit);
          });
    } catch (KeyBackendException e) {
      String reason = String.valueOf(e.getMessage());
      return switch (e.kind()) {
        case UNAVAILABLE -> new SigningOutcome.Unavailable(reason);
        case BROKEN, KEY_EXISTS -> new SigningOutcome.Refused(reason);
      };
    }
  }

  /// The key of this name that signs what a log publishes of itself; made when there is none. It is
  /// no wallet's key and never becomes one.
  ///
  /// @throws KeyBackendException of kind UNAVAILABLE while the token is gone; of kind BROKEN when
  /// the token cannot do Ed25519, or shows a key that could leave it
  public TokenLogKey openOrMakeLogKey(KeyId key) {
    return TokenLogKey.openOrMake(connection, key);
  }

  /// What seals the shares of a cosigner, by the key of this name; made when there is none.
  ///
  /// @param random for the IVs
  /// @throws KeyBackendException of kind UNAVAILABLE while the token is gone; of kind BROKEN when
  /// the token cannot do AES-256-GCM, or shows a key that could leave it
  public TokenShareSeal openOrMakeShareSeal(KeyId key, RandomGenerator random) {
    return TokenShareSeal.openOrMake(connection, key, random);
  }

  /// Loudly, since only a person can do something about it: whoever asks waits until then.
  private SigningOutcome missing(KeyId id, Permit permit) {
    LOG.error(
        "key backend {}: request {} waits for key {}, which the token does not have: is it the"
            + " right token, and restored as a whole?",
        name,
        permit.terms().request(),
        id);
    return new SigningOutcome.Unavailable("key backend " + name + " has no key " + id);
  }

  /// Logs out and forgets every handle.
  @Override
  public void close() {
    lanes.close();
    connection.close();
  }
}
