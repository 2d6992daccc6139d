package dev.countersign.core.request;

import dev.countersign.core.model.Digest32;
import java.time.Instant;
import java.util.Optional;

/// A request about to be stored for the first time.
///
/// @param origin nothing when nobody knows
public record NewRequest(
    SigningRequestId id,
    IdempotencyKey key,
    Digest32 digest,
    RequestContent content,
    Optional<Origin> origin,
    Instant receivedAt) {}
