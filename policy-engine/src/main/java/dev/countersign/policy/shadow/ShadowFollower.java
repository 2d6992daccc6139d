package dev.countersign.policy.shadow;

import dev.countersign.core.port.UnitOfWork;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.document.PolicyDocument.Reading;
import dev.countersign.policy.document.PolicyDocumentReader;
import dev.countersign.policy.replay.PolicyReplay;
import dev.countersign.policy.replay.ReplayTooLargeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Judges by the shadow that is on what was asked since it was started, some seconds after it was
/// decided. It reads what was stored, as whoever looks back does, and is no part of deciding: what
/// fails or is slow here leaves requests as they are.
///
/// One instance follows at a time. When another takes over it begins anew, and comes to the same.
/// Not safe for concurrent use: run [#step] in one loop.
public final class ShadowFollower {
  /// How old a request is when it is looked at: its id was made before it was stored, so one with a
  /// smaller id may still be on its way.
  static final Duration LAG = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(ShadowFollower.class);
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final Duration IDLE = Duration.ofSeconds(2);
  private static final Duration UP_TO_DATE = Duration.ofSeconds(1);

  /// Between pages while it catches up, so that what is asked now comes first.
  private static final Duration BREATH = Duration.ofMillis(50);

  private final UnitOfWork unitOfWork;
  private final ShadowStore store;
  private final PolicyReplay replay;
  private final String instance;
  private final InstantSource clock;
  private @Nullable Following following;

  /// @param instance a name that no other instance has
  public ShadowFollower(
      UnitOfWork unitOfWork,
      ShadowStore store,
      PolicyReplay replay,
      String instance,
      InstantSource clock) {
    this.unitOfWork = unitOfWork;
    this.store = store;
    this.replay = replay;
    this.instance = instance;
    this.clock = clock;
  }

  private record Following(UUID shadow, PolicyReplay.Run run) {}

  /// Looks at one page of requests, if a shadow is on and no other instance follows.
  ///
  /// @return how long to wait before the next step
  public Duration step() {
    Optional<Shadow> mine =
        unitOfWork.inTransaction(transaction -> store.claim(transaction, instance, LEASE));
    if (mine.isEmpty()) {
      following = null;
      return IDLE;
    }
    Shadow shadow = mine.get();
    Following now = following;
    // Until what is found is stored there is nothing to go on from.
    following = null;
    if (now == null || !now.shadow().equals(shadow.id())) {
      Optional<PolicyReplay.Run> begun = begin(shadow);
      if (begun.isEmpty()) {
        return IDLE;
      }
      now = new Following(shadow.id(), begun.get());
    }
    try {
      boolean more = follow(now);
      following = now;
      return more ? BREATH : UP_TO_DATE;
    } catch (ReplayTooLargeException e) {
      fail(shadow, String.valueOf(e.getMessage()));
      return IDLE;
    }
  }

  private Optional<PolicyReplay.Run> begin(Shadow shadow) {
    return switch (PolicyDocumentReader.read(shadow.document().toArray())) {
      case Reading.Valid(PolicyDocument draft) ->
          Optional.of(replay.begin(draft, shadow.startedAt()));
      case Reading.Invalid invalid -> {
        fail(shadow, "cannot be read by this release: " + invalid.problems().getFirst());
        yield Optional.empty();
      }
    };
  }

  private boolean follow(Following now) {
    Instant until = clock.instant().minus(LAG);
    List<ShadowDifference> found = new ArrayList<>();
    boolean more = now.run().next(until, difference -> found.add(ShadowDifference.of(difference)));
    unitOfWork.run(
        transaction ->
            store.progress(transaction, now.shadow(), instance, until, now.run().summary(), found));
    return more;
  }

  private void fail(Shadow shadow, String problem) {
    LOG.warn("the draft {} in shadow mode does not go on: {}", shadow.hash(), problem);
    unitOfWork.run(transaction -> store.fail(transaction, shadow.id(), problem));
  }
}
