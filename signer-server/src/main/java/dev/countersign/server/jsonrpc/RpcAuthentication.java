package dev.countersign.server.jsonrpc;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsExchange;
import dev.countersign.core.model.IpAddress;
import dev.countersign.core.request.Credential;
import dev.countersign.core.request.Origin;
import dev.countersign.server.access.BearerToken;
import dev.countersign.server.access.CallerRefusals;
import dev.countersign.server.access.CertificateFingerprint;
import dev.countersign.server.access.ClientRegistry;
import dev.countersign.server.access.ClientTokens;
import dev.countersign.server.access.RegisteredClient;
import dev.countersign.server.access.Role;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Date;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLPeerUnverifiedException;

/// Who calls: by a bearer token, or by the certificate of the connection. Whoever shows neither is
/// nobody.
final class RpcAuthentication {
  private static final String BEARER = "Bearer ";

  private final ClientRegistry clients;
  private final ClientTokens tokens;
  private final CallerRefusals refusals;
  private final InstantSource clock;

  RpcAuthentication(
      ClientRegistry clients, ClientTokens tokens, CallerRefusals refusals, InstantSource clock) {
    this.clients = clients;
    this.tokens = tokens;
    this.refusals = refusals;
    this.clock = clock;
  }

  /// @return nothing for a stranger, who is audited
  Optional<RpcCaller> caller(HttpExchange exchange) {
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    return header != null ? byToken(exchange, header) : byCertificate(exchange);
  }

  private Optional<RpcCaller> byToken(HttpExchange exchange, String header) {
    Optional<ClientTokens.Valid> valid =
        header.regionMatches(true, 0, BEARER, 0, BEARER.length())
            ? BearerToken.parse(header.substring(BEARER.length()).trim()).flatMap(tokens::find)
            : Optional.empty();
    Optional<RegisteredClient> client = valid.flatMap(token -> clients.find(token.client()));
    if (valid.isEmpty() || client.isEmpty()) {
      refusals.refused("", "a bearer token that is unknown, revoked, expired, or of no client");
      return Optional.empty();
    }
    return Optional.of(
        caller(exchange, client.get(), Credential.BEARER_TOKEN, "bearer:" + valid.get().id()));
  }

  private Optional<RpcCaller> byCertificate(HttpExchange exchange) {
    Optional<X509Certificate> certificate = certificate(exchange);
    if (certificate.isEmpty()) {
      refusals.refused("", "neither a bearer token nor a client certificate was shown");
      return Optional.empty();
    }
    CertificateFingerprint fingerprint = CertificateFingerprint.of(certificate.get());
    try {
      // A connection may outlive the certificate it was opened with.
      certificate.get().checkValidity(Date.from(clock.instant()));
    } catch (CertificateExpiredException | CertificateNotYetValidException e) {
      refusals.refused(fingerprint.sha256(), "the certificate is not valid now");
      return Optional.empty();
    }
    Optional<RegisteredClient> client = clients.find(fingerprint);
    if (client.isEmpty()) {
      refusals.refused(fingerprint.sha256(), "the certificate is not registered to a client");
      return Optional.empty();
    }
    return Optional.of(
        caller(
            exchange, client.get(), Credential.MUTUAL_TLS, "mtls:sha256:" + fingerprint.sha256()));
  }

  private static Optional<X509Certificate> certificate(HttpExchange exchange) {
    try {
      return exchange instanceof HttpsExchange tls
              && tls.getSSLSession().getPeerCertificates()[0] instanceof X509Certificate leaf
          ? Optional.of(leaf)
          : Optional.empty();
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }

  private static RpcCaller caller(
      HttpExchange exchange,
      RegisteredClient client,
      Credential credential,
      String authentication) {
    Set<String> roles =
        client.roles().stream().map(Role::name).collect(Collectors.toUnmodifiableSet());
    Optional<IpAddress> source =
        Optional.ofNullable(exchange.getRemoteAddress().getAddress()).map(IpAddress::of);
    return new RpcCaller(
        client.id(), authentication, new Origin(credential, source, roles), client.roles());
  }
}
