package dev.countersign.cosigner.session;

import java.time.Duration;

/// @param sessions how many run at once
/// @param presignatures how many wait at once, of all keys
/// @param duration how long a session may take
public record SessionLimits(int sessions, int presignatures, Duration duration) {
  public SessionLimits {
    if (sessions < 1 || presignatures < 0 || !duration.isPositive()) {
      throw new IllegalArgumentException(
          "expected some sessions and a duration, got %d, %d and %s"
              .formatted(sessions, presignatures, duration));
    }
  }
}
