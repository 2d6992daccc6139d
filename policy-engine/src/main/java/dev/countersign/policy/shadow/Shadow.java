package dev.countersign.policy.shadow;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.policy.replay.ReplaySummary;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// A draft in shadow mode.
///
/// @param hash SHA-256 of `document`
/// @param startedAt requests received from then on are compared
/// @param followedUntil how far it has come; nothing before its first step
/// @param summary the numbers so far; nothing before its first step
/// @param problem why it cannot go on, for whoever started it
public record Shadow(
    UUID id,
    Digest32 hash,
    Bytes document,
    Instant startedAt,
    String startedBy,
    Optional<Instant> stoppedAt,
    Optional<Instant> followedUntil,
    Optional<ReplaySummary> summary,
    Optional<String> problem) {}
