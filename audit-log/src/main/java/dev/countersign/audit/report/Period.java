package dev.countersign.audit.report;

import java.time.Instant;

/// From a moment on, until before another: periods that follow each other share no entry and lose
/// none.
///
/// @param from the first moment of it
/// @param to the first moment after it
public record Period(Instant from, Instant to) {
  /// @throws IllegalArgumentException when it ends before it begins, or holds no moment
  public Period {
    if (!from.isBefore(to)) {
      throw new IllegalArgumentException(
          "a period ends after it begins: from %s, to %s".formatted(from, to));
    }
  }

  /// Whether the moment is one of the period's.
  public boolean contains(Instant at) {
    return !at.isBefore(from) && at.isBefore(to);
  }
}
