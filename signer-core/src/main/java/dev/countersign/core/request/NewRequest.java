package dev.countersign.core.request;

import dev.countersign.core.model.Digest32;
import java.time.Instant;

/// A request about to be stored for the first time.
public record NewRequest(
    SigningRequestId id,
    IdempotencyKey key,
    Digest32 digest,
    RequestContent content,
    Instant receivedAt) {}
