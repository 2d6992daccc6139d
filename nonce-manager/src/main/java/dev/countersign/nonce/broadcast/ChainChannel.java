package dev.countersign.nonce.broadcast;

import dev.countersign.nonce.node.NodePool;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/// The way to one chain: one batch at a time, and none for a while after its nodes did not answer.
final class ChainChannel {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(4);

  private final NodePool node;
  private final AtomicBoolean busy = new AtomicBoolean();
  private volatile Instant pausedUntil = Instant.MIN;
  private volatile Duration pause = FIRST_PAUSE;

  ChainChannel(NodePool node) {
    this.node = node;
  }

  NodePool node() {
    return node;
  }

  boolean isReady(Instant now) {
    return !busy.get() && !now.isBefore(pausedUntil);
  }

  void begin() {
    busy.set(true);
  }

  void end() {
    busy.set(false);
  }

  void answered() {
    pause = FIRST_PAUSE;
  }

  void didNotAnswer(Instant now) {
    pausedUntil = now.plus(pause);
    Duration doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }
}
