package dev.countersign.server.access;

import dev.countersign.core.request.Refusal;
import dev.countersign.server.grpc.RefusedException;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Lets a call through only when one of its caller's roles allows its method. Everybody registered
/// may ask for health and reflection.
///
/// What it refuses it throws, as a service does: so it is audited before it is answered.
public final class RoleCheck implements ServerInterceptor {
  private static final Set<String> OPEN_SERVICES =
      Set.of(
          "grpc.health.v1.Health",
          "grpc.reflection.v1.ServerReflection",
          "grpc.reflection.v1alpha.ServerReflection");

  private final ClientRegistry clients;

  public RoleCheck(ClientRegistry clients) {
    this.clients = clients;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String service = call.getMethodDescriptor().getServiceName();
    Caller caller = Caller.current();
    Set<Role> roles =
        clients.find(caller.certificate()).map(RegisteredClient::roles).orElse(Set.of());
    if (allows(roles, service, call.getMethodDescriptor().getBareMethodName())) {
      return next.startCall(call, headers);
    }
    RefusedException refusal =
        new RefusedException(
            new Refusal(
                Refusal.Code.PERMISSION_DENIED,
                "",
                "client %s has roles %s, none of which allows %s"
                    .formatted(
                        caller.id(),
                        roles.stream().sorted().toList(),
                        call.getMethodDescriptor().getFullMethodName())));
    // The end of what the caller sends comes after its message only.
    call.request(1);
    return new ServerCall.Listener<>() {
      @Override
      public void onMessage(Q message) {
        throw refusal;
      }

      @Override
      public void onHalfClose() {
        throw refusal;
      }
    };
  }

  private static boolean allows(
      Set<Role> roles, @Nullable String service, @Nullable String method) {
    return service != null
        && method != null
        && (OPEN_SERVICES.contains(service)
            || roles.stream().anyMatch(role -> role.allows(service, method)));
  }
}
