package dev.countersign.policy.engine;

import dev.countersign.core.port.PolicySubject;
import dev.countersign.policy.hold.HoldStore;
import dev.countersign.policy.limit.LimitClock;
import dev.countersign.policy.store.ActivePolicy;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// The one time by which a session judges: the database's, so that instances whose clocks differ
/// say the same. Where no rule depends on the time it is not asked for.
record JudgingTime(Optional<Instant> now) {

  static JudgingTime of(Handle handle, ActivePolicy policy, LimitClock clock) {
    return new JudgingTime(
        policy.isTimed()
            ? clock.now().or(() -> Optional.of(HoldStore.now(handle)))
            : Optional.empty());
  }

  /// `subject` as it is judged.
  PolicySubject of(PolicySubject subject) {
    return now.map(subject::judgedAt).orElse(subject);
  }
}
