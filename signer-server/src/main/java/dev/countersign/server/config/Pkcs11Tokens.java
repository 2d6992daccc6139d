package dev.countersign.server.config;

import dev.countersign.hsm.pkcs11.Pkcs11KeyBackend;
import java.util.List;

/// The tokens that are open, in the order of the settings.
record Pkcs11Tokens(List<Pkcs11KeyBackend> open) {
  Pkcs11Tokens {
    open = List.copyOf(open);
  }

  void close() {
    open.forEach(Pkcs11KeyBackend::close);
  }
}
