package dev.countersign.nonce.chain;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The private relay of a chain: what takes signed transactions by `eth_sendPrivateTransaction` and
/// gives them to block builders, but not to the public pool.
///
/// @param endpoints where it answers, the preferred one first; at least one. A URL may carry an
///     access key, so it is not for logs
/// @param authorizationFile holds the value of the `Authorization` header, one line; read for each
///     request, so another one counts at once
public record PrivateRelayTerms(List<URI> endpoints, Optional<Path> authorizationFile) {
  public PrivateRelayTerms {
    endpoints = List.copyOf(endpoints);
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("a private relay has at least one endpoint");
    }
  }

  /// How many endpoints, and no address.
  @Override
  public String toString() {
    return "PrivateRelayTerms[%d endpoints]".formatted(endpoints.size());
  }
}
