package dev.countersign.core.port;

import dev.countersign.core.decision.Permit;
import dev.countersign.core.evm.RecoverableSignature;
import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.model.PublicKey;
import java.util.List;
import java.util.Optional;

/// Holds secp256k1 keys and signs with them, against a permit only. Safe for concurrent use.
public interface KeyBackend {

  BackendName name();

  /// Makes a key that cannot leave the backend. Durable when this returns, and proven to sign.
  ///
  /// @throws KeyBackendException when the name is taken, or the backend cannot be reached
  BackendKey createKey(KeyId key);

  Optional<BackendKey> find(KeyId key);

  /// All keys, by name.
  List<BackendKey> listKeys();

  record BackendKey(KeyId id, PublicKey publicKey) {}

  /// Signs the digest of each permit's payload, as far as the backend can side by side. Signing one
  /// permit again gives another signature of the same payload.
  ///
  /// @return one outcome for each permit, in order; it never throws for one bad permit
  List<SigningOutcome> sign(List<Permit> permits);

  /// What came of one signing.
  sealed interface SigningOutcome {
    /// Low-s, and recovers to the key's public key.
    record Signed(RecoverableSignature signature) implements SigningOutcome {}

    /// Never: the permit is not genuine or not for this backend.
    record Refused(String reason) implements SigningOutcome {}

    /// Not now: the token, the connection to it or the key is gone. The wallet was stored with the
    /// key, so another instance has it, or this one's token is not the right one or not restored
    /// yet. The same permit may be tried again.
    record Unavailable(String reason) implements SigningOutcome {}
  }
}
