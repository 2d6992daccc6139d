package dev.countersign.core.freeze;

import java.time.Instant;

/// One freeze, from the moment it is durable until it is lifted.
///
/// @param by the name of who froze it: a client, or `breakers`
/// @param at to the microsecond
public record Freeze(FreezeId id, FreezeScope scope, FreezeReason reason, String by, Instant at) {

  /// For whoever asks for a signature that it stops.
  public String denial() {
    return "%s is frozen since %s by %s: %s".formatted(scope.text(), at, by, reason);
  }
}
