package dev.countersign.server.config;

import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.port.KeyBackendException;
import dev.countersign.hsm.pkcs11.Pkcs11KeyBackend;
import dev.countersign.hsm.pkcs11.TokenLogKey;
import java.util.List;

/// The tokens that are open, in the order of the settings.
record Pkcs11Tokens(List<Pkcs11KeyBackend> open) {
  Pkcs11Tokens {
    open = List.copyOf(open);
  }

  /// The key in this backend's token that signs checkpoints; made when there is none.
  ///
  /// @throws StartException when there is no such backend, or its token does not give the key now
  TokenLogKey logKey(BackendName backend, KeyId key) {
    Pkcs11KeyBackend token =
        open.stream()
            .filter(candidate -> candidate.name().equals(backend))
            .findFirst()
            .orElseThrow(
                () ->
                    new StartException(
                        "audit.key.backend is %s; expected one of %s"
                            .formatted(
                                backend, open.stream().map(Pkcs11KeyBackend::name).toList())));
    try {
      return token.openOrMakeLogKey(key);
    } catch (KeyBackendException e) {
      throw new StartException("the key of the audit log: " + e.getMessage(), e);
    }
  }

  void close() {
    open.forEach(Pkcs11KeyBackend::close);
  }
}
