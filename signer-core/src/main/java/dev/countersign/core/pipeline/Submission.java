package dev.countersign.core.pipeline;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.RequestContent;

/// A request as its client sent it.
public record Submission(IdempotencyKey key, RequestContent content, Actor actor) {}
