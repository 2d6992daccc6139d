package dev.countersign.policy.limit;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// The time that windows go by, and the rules that hold at some times only.
public sealed interface LimitClock {

  /// Nothing when the database is to look at its own clock.
  Optional<Instant> now();

  /// The database's clock, read after the scopes are locked: one for all instances, out of reach of
  /// callers, and never behind the reservations that were waited for.
  record OfDatabase() implements LimitClock {
    @Override
    public Optional<Instant> now() {
      return Optional.empty();
    }
  }

  /// A clock of one's own, for tests and simulations. Even instances whose clocks differ do not let
  /// more through in any window of recorded times: whatever is recorded later than now counts too.
  record Given(InstantSource source) implements LimitClock {
    @Override
    public Optional<Instant> now() {
      return Optional.of(source.instant());
    }
  }
}
