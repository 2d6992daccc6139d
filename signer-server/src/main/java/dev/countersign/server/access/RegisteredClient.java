package dev.countersign.server.access;

import dev.countersign.core.model.ClientId;
import java.util.Set;

/// A client as the configuration registers it.
///
/// @param certificates SHA-256 of each of its certificates; two while one replaces the other
public record RegisteredClient(
    ClientId id, Set<CertificateFingerprint> certificates, Set<Role> roles) {
  public RegisteredClient {
    certificates = Set.copyOf(certificates);
    roles = Set.copyOf(roles);
  }
}
