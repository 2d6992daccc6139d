package dev.countersign.server.access;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.request.Origin;
import io.grpc.Context;

/// The client behind a call, and how the call came in.
public record Caller(ClientId id, CertificateFingerprint certificate, Origin origin) {
  static final Context.Key<Caller> KEY = Context.key("caller");

  /// The caller of the call this thread is serving.
  ///
  /// @throws IllegalStateException outside of one; no method is reachable without a caller
  public static Caller current() {
    Caller caller = KEY.get();
    if (caller == null) {
      throw new IllegalStateException("no caller: the authentication interceptor did not run");
    }
    return caller;
  }

  /// The caller as audit entries name it.
  public Actor actor() {
    return new Actor(Actor.Kind.CLIENT, id.value(), "mtls:sha256:" + certificate.sha256());
  }
}
