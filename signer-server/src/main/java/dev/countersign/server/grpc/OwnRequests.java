package dev.countersign.server.grpc;

import dev.countersign.core.port.RequestLedger;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.Refusal.Code;
import dev.countersign.core.request.SigningRequest;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.server.access.Caller;
import java.util.Optional;

/// Finds requests of the calling client; those of others are not there for it.
final class OwnRequests {
  private final RequestLedger requests;

  OwnRequests(RequestLedger requests) {
    this.requests = requests;
  }

  /// By one of its two names; the other is empty.
  ///
  /// @throws RefusedException when there is no such request of this client
  SigningRequest find(String id, String requestId) {
    FieldReader fields = new FieldReader(requestId);
    Caller caller = Caller.current();
    Optional<SigningRequest> found =
        id.isEmpty()
            ? requests.find(key(fields, caller, requestId))
            : requests.find(id(fields, id));
    return found
        .filter(request -> request.key().client().equals(caller.id()))
        .orElseThrow(
            () ->
                fields.refused(
                    id.isEmpty() ? "request_id" : "id",
                    Code.NOT_FOUND,
                    "client %s has no request \"%s\""
                        .formatted(caller.id(), id.isEmpty() ? requestId : id)));
  }

  private static IdempotencyKey key(FieldReader fields, Caller caller, String requestId) {
    return fields.read(
        "request_id", Code.MALFORMED, requestId, given -> new IdempotencyKey(caller.id(), given));
  }

  private static SigningRequestId id(FieldReader fields, String id) {
    return fields.read("id", Code.MALFORMED, id, SigningRequestId::parse);
  }
}
