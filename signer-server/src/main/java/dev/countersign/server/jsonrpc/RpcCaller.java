package dev.countersign.server.jsonrpc;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.request.Origin;
import dev.countersign.server.access.Role;
import java.util.Set;

/// The client behind a call.
///
/// @param authentication what it showed, as audit entries name it
record RpcCaller(ClientId id, String authentication, Origin origin, Set<Role> roles) {

  Actor actor() {
    return new Actor(Actor.Kind.CLIENT, id.value(), authentication);
  }
}
