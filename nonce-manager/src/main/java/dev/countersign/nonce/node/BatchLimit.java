package dev.countersign.nonce.node;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// How many calls an endpoint takes in one batch. One that refuses a batch is sent half as many,
/// down to single calls, and is asked again for the whole size after a while: its operator may have
/// raised the limit, or something in between may have refused.
final class BatchLimit {
  private static final Duration KEPT = Duration.ofMinutes(10);

  private final int most;
  private final InstantSource clock;
  private int now;
  private Instant refusedAt = Instant.MIN;

  BatchLimit(int most, InstantSource clock) {
    this.most = most;
    this.clock = clock;
    this.now = most;
  }

  synchronized int size() {
    if (now < most && !clock.instant().isBefore(refusedAt.plus(KEPT))) {
      now = most;
    }
    return now;
  }

  /// A batch of so many calls was refused.
  synchronized void refused(int size) {
    now = Math.min(now, Math.max(1, size / 2));
    refusedAt = clock.instant();
  }
}
