package dev.countersign.server.access;

import dev.countersign.core.request.Refusal;
import dev.countersign.server.grpc.RefusalStatus;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Date;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// Turns the certificate of a connection into the [Caller] of each call on it, and lets a call
/// through only when one of the caller's roles allows its service. Everybody registered may ask for
/// health and reflection.
public final class ClientAuthentication implements ServerInterceptor {
  private static final Set<String> OPEN_SERVICES =
      Set.of(
          "grpc.health.v1.Health",
          "grpc.reflection.v1.ServerReflection",
          "grpc.reflection.v1alpha.ServerReflection");

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
      Caller caller = authorize(certificate(call), call.getMethodDescriptor().getServiceName());
      return Contexts.interceptCall(
          Context.current().withValue(Caller.KEY, caller), call, headers, next);
    } catch (NotAllowedException e) {
      refusals.refused(e.certificate, e.refusal.message());
      RefusalStatus.close(call, e.refusal);
      return new ServerCall.Listener<>() {};
    }
  }

  private Caller authorize(X509Certificate certificate, @Nullable String service)
      throws NotAllowedException {
    CertificateFingerprint fingerprint = CertificateFingerprint.of(certificate);
    try {
      // A connection may outlive the certificate it was opened with.
      certificate.checkValidity(Date.from(clock.instant()));
    } catch (CertificateExpiredException | CertificateNotYetValidException e) {
      throw new NotAllowedException(
          fingerprint.sha256(),
          Refusal.Code.UNAUTHENTICATED,
          "the certificate is not valid now: " + e.getMessage());
    }
    RegisteredClient client =
        clients
            .find(fingerprint)
            .orElseThrow(
                () ->
                    new NotAllowedException(
                        fingerprint.sha256(),
                        Refusal.Code.UNAUTHENTICATED,
                        "certificate %s is not registered to a client; register its SHA-256"
                            .formatted(fingerprint.sha256())));
    boolean allowed =
        service != null
            && (OPEN_SERVICES.contains(service)
                || client.roles().stream().anyMatch(role -> role.allows(service)));
    if (!allowed) {
      throw new NotAllowedException(
          fingerprint.sha256(),
          Refusal.Code.PERMISSION_DENIED,
          "client %s has roles %s, none of which allows %s"
              .formatted(client.id(), client.roles().stream().sorted().toList(), service));
    }
    return new Caller(client.id(), fingerprint);
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
    throw new NotAllowedException(
        "", Refusal.Code.UNAUTHENTICATED, "no client certificate was shown");
  }

  private static final class NotAllowedException extends Exception {
    private static final long serialVersionUID = 1L;
    private final String certificate;
    private final transient Refusal refusal;

    NotAllowedException(String certificate, Refusal.Code code, String message) {
      super(message, null, false, false);
      this.certificate = certificate;
      this.refusal = new Refusal(code, "", message);
    }
  }
}
