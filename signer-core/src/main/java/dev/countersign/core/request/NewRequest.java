package dev.countersign.core.request;

import dev.countersign.core.evm.BlobSidecar;
import dev.countersign.core.model.Digest32;
import java.time.Instant;
import java.util.Optional;

/// A request about to be stored for the first time.
///
/// @param origin nothing when nobody knows
/// @param sidecar the blobs, of a transaction that has some
public record NewRequest(
    SigningRequestId id,
    IdempotencyKey key,
    Digest32 digest,
    RequestContent content,
    Optional<Origin> origin,
    Instant receivedAt,
    Optional<BlobSidecar> sidecar) {

  /// Without blobs.
  public NewRequest(
      SigningRequestId id,
      IdempotencyKey key,
      Digest32 digest,
      RequestContent content,
      Optional<Origin> origin,
      Instant receivedAt) {
    this(id, key, digest, content, origin, receivedAt, Optional.empty());
  }
}
