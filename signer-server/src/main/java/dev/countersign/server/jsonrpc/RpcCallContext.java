package dev.countersign.server.jsonrpc;

import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.request.IdempotencyKey;
import java.util.Optional;
import java.util.UUID;

/// What a call has besides its method and its parameters.
///
/// @param chain that of the address that was called
/// @param key what the client says the call is, when it says it
/// @param position of the call among those of its batch that make requests; 0 when it is alone
record RpcCallContext(RpcCaller caller, ChainId chain, Optional<String> key, int position) {

  /// The name of the request that comes of the call: the client's own, or a new one.
  IdempotencyKey request() {
    String name =
        key.map(own -> position == 0 ? own : own + "." + position)
            .orElseGet(() -> "rpc-" + UUID.randomUUID());
    try {
      return new IdempotencyKey(caller.id(), name);
    } catch (InvalidValueException e) {
      throw RpcError.of(RpcError.INVALID_REQUEST, "Idempotency-Key: expected " + e.expected())
          .thrown();
    }
  }
}
