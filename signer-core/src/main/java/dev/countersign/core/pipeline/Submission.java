package dev.countersign.core.pipeline;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.evm.BlobSidecar;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.Origin;
import dev.countersign.core.request.RequestContent;
import java.util.Optional;

/// A request as its client sent it.
///
/// @param origin nothing when nobody knows
/// @param sidecar the blobs, of a transaction that has some
public record Submission(
    IdempotencyKey key,
    RequestContent content,
    Actor actor,
    Optional<Origin> origin,
    Optional<BlobSidecar> sidecar) {

  /// Without blobs.
  public Submission(
      IdempotencyKey key, RequestContent content, Actor actor, Optional<Origin> origin) {
    this(key, content, actor, origin, Optional.empty());
  }
}
