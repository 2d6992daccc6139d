package dev.countersign.server.access;

import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.InvalidValueException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The registered clients by their certificates. Whoever is not in it is nobody.
public final class ClientRegistry {
  private final Map<CertificateFingerprint, RegisteredClient> byCertificate;
  private final Map<ClientId, RegisteredClient> byId;

  /// @throws InvalidValueException when two clients share a certificate
  public ClientRegistry(List<RegisteredClient> clients) {
    Map<CertificateFingerprint, RegisteredClient> found = new HashMap<>();
    for (RegisteredClient client : clients) {
      for (CertificateFingerprint certificate : client.certificates()) {
        RegisteredClient other = found.putIfAbsent(certificate, client);
        if (other != null) {
          throw InvalidValueException.of(
              "client certificate",
              certificate.sha256(),
              "one client for each, not both %s and %s".formatted(other.id(), client.id()));
        }
      }
    }
    this.byCertificate = Map.copyOf(found);
    Map<ClientId, RegisteredClient> named = new HashMap<>();
    clients.forEach(client -> named.put(client.id(), client));
    this.byId = Map.copyOf(named);
  }

  public Optional<RegisteredClient> find(ClientId id) {
    return Optional.ofNullable(byId.get(id));
  }

  public Optional<RegisteredClient> find(CertificateFingerprint certificate) {
    return Optional.ofNullable(byCertificate.get(certificate));
  }
}
