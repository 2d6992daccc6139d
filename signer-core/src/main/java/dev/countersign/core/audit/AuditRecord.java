package dev.countersign.core.audit;

import dev.countersign.core.model.Digest32;
import dev.countersign.core.request.SigningRequestId;
import java.time.Instant;
import java.util.Optional;

/// One thing that happened: who, when, to which request, what.
///
/// @param requestDigest see [dev.countersign.core.request.RequestContent#digest]
public record AuditRecord(
    Instant at,
    Actor actor,
    Optional<SigningRequestId> request,
    Optional<Digest32> requestDigest,
    AuditEvent event) {

  public static AuditRecord of(Instant at, Actor actor, AuditEvent event) {
    return new AuditRecord(at, actor, Optional.empty(), Optional.empty(), event);
  }

  public static AuditRecord of(
      Instant at, Actor actor, SigningRequestId request, Digest32 digest, AuditEvent event) {
    return new AuditRecord(at, actor, Optional.of(request), Optional.of(digest), event);
  }
}
