package dev.countersign.core.decision;

import dev.countersign.core.model.InvalidValueException;
import java.time.Duration;

/// How far back a limit counts.
public sealed interface LimitWindow {
  LimitWindow LIFETIME = new Lifetime();

  /// For people, after an amount: `in PT24H`.
  String span();

  /// What was reserved longer ago than `length` no longer counts.
  ///
  /// @param length whole seconds, at least one
  record Sliding(Duration length) implements LimitWindow {
    public Sliding {
      if (!length.isPositive() || length.toNanosPart() != 0) {
        throw InvalidValueException.of("window", length.toString(), "one or more whole seconds");
      }
    }

    @Override
    public String span() {
      return "in " + length;
    }

    /// ISO-8601.
    @Override
    public String toString() {
      return length.toString();
    }
  }

  /// Everything that was ever reserved, and not released, counts.
  record Lifetime() implements LimitWindow {
    public static final String TEXT = "lifetime";

    @Override
    public String span() {
      return "over its " + TEXT;
    }

    @Override
    public String toString() {
      return TEXT;
    }
  }
}
