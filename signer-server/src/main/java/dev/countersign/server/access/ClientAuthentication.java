package dev.countersign.server.access;

import dev.countersign.core.model.IpAddress;
import dev.countersign.core.request.Credential;
import dev.countersign.core.request.Origin;
import dev.countersign.core.request.Refusal;
import dev.countersign.server.grpc.RefusalStatus;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.net.InetSocketAddress;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Date;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/// Turns the certificate of a connection into the [Caller] of each call on it. Whoever is not
/// registered gets no further; what a caller may do is for [RoleCheck] to say.
public final class ClientAuthentication implements ServerInterceptor {
  private final ClientRegistry clients;
  private final CallerRefusals refusals;
  private final InstantSource clock;

  public ClientAuthentication(
      ClientRegistry clients, CallerRefusals refusals, InstantSource clock) {
    this.clients = clients;
    this.refusals = refusals;
    this.clock = clock;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    try {
      Caller caller = authenticate(certificate(call), source(call));
      return Contexts.interceptCall(
          Context.current().withValue(Caller.KEY, caller), call, headers, next);
    } catch (NotAllowedException e) {
      refusals.refused(e.certificate, e.refusal.message());
      RefusalStatus.close(call, e.refusal);
      return new ServerCall.Listener<>() {};
    }
  }

  private Caller authenticate(X509Certificate certificate, Optional<IpAddress> source)
      throws NotAllowedException {
    CertificateFingerprint fingerprint = CertificateFingerprint.of(certificate);
    try {
      // A connection may outlive the certificate it was opened with.
      certificate.checkValidity(Date.from(clock.instant()));
    } catch (CertificateExpiredException | CertificateNotYetValidException e) {
      throw new NotAllowedException(
          fingerprint.sha256(), "the certificate is not valid now: " + e.getMessage());
    }
    RegisteredClient client =
        clients
            .find(fingerprint)
            .orElseThrow(
                () ->
                    new NotAllowedException(
                        fingerprint.sha256(),
                        "certificate %s is not registered to a client; register its SHA-256"
                            .formatted(fingerprint.sha256())));
    Set<String> roles =
        client.roles().stream().map(Role::name).collect(Collectors.toUnmodifiableSet());
    return new Caller(client.id(), fingerprint, new Origin(Credential.MUTUAL_TLS, source, roles));
  }

  private static Optional<IpAddress> source(ServerCall<?, ?> call) {
    return call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)
                instanceof InetSocketAddress peer
            && peer.getAddress() != null
        ? Optional.of(IpAddress.of(peer.getAddress()))
        : Optional.empty();
  }

  private static X509Certificate certificate(ServerCall<?, ?> call) throws NotAllowedException {
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    try {
      if (session != null && session.getPeerCertificates()[0] instanceof X509Certificate leaf) {
        return leaf;
      }
    } catch (SSLPeerUnverifiedException e) {
      // Told below: no certificate was shown.
    }
    throw new NotAllowedException("", "no client certificate was shown");
  }

  private static final class NotAllowedException extends Exception {
    private static final long serialVersionUID = 1L;
    private final String certificate;
    private final transient Refusal refusal;

    NotAllowedException(String certificate, String message) {
      super(message, null, false, false);
      this.certificate = certificate;
      this.refusal = new Refusal(Refusal.Code.UNAUTHENTICATED, "", message);
    }
  }
}
