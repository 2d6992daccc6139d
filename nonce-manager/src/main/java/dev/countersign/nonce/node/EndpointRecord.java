package dev.countersign.nonce.node;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/// What is remembered of an endpoint's behaviour. Safe for concurrent use.
final class EndpointRecord {
  /// How much one request weighs in the smoothed figures.
  private static final double WEIGHT = 0.2;

  /// Contradictions that two honest nodes may have for a moment, in a row, before they are held
  /// against one.
  private static final int HONEST_DIFFERENCES = 5;

  /// How long an endpoint stays suspect after it has contradicted a quorum.
  private static final Duration SUSPICION = Duration.ofSeconds(30);

  /// Heads that are older say nothing about now.
  private static final Duration HEAD_KEPT = Duration.ofSeconds(30);

  private static final int LONGEST_PENALTY = 32;

  private final InstantSource clock;
  private final NodeSettings settings;
  private double latencyMillis;
  private double errorRate;
  private long calls;
  private long failures;
  private long outvoted;
  private final Map<String, Integer> differences = new HashMap<>();
  private Instant suspectUntil = Instant.MIN;
  private boolean suspect;
  private Instant slowUntil = Instant.MIN;
  private int penalty = 1;
  private Instant erringUntil = Instant.EPOCH;
  private int errorPenalty = 1;
  private long head = -1;
  private Instant headAt = Instant.MIN;
  private String problem = "";

  EndpointRecord(InstantSource clock, NodeSettings settings) {
    this.clock = clock;
    this.settings = settings;
  }

  synchronized void succeeded(Duration took, boolean wasPrompt) {
    calls++;
    latencyMillis =
        calls == 1 ? took.toMillis() : smoothed(latencyMillis, (double) took.toMillis());
    errorRate = smoothed(errorRate, 0);
    problem = "";
    if (wasPrompt) {
      slowUntil = Instant.MIN;
      penalty = 1;
    }
  }

  synchronized void failed(String why) {
    calls++;
    failures++;
    errorRate = smoothed(errorRate, 1);
    problem = why;
  }

  /// Somebody waited for it for longer than they should.
  synchronized void wasWaitedFor() {
    slowUntil = clock.instant().plus(settings.probeInterval().multipliedBy(penalty));
    penalty = Math.min(penalty * 2, LONGEST_PENALTY);
  }

  synchronized boolean isSlow() {
    return clock.instant().isBefore(slowUntil);
  }

  /// It gave errors where others gave none. What it says to other calls does not make up for that,
  /// so only time does.
  ///
  /// @return whether it is news that it does so
  synchronized boolean wasBettered() {
    Instant now = clock.instant();
    failures++;
    errorRate = smoothed(errorRate, 1);
    Duration shortest = settings.probeInterval();
    boolean isNews = now.isAfter(erringUntil.plus(shortest.multipliedBy(LONGEST_PENALTY)));
    errorPenalty = isNews ? 1 : Math.min(errorPenalty * 2, LONGEST_PENALTY);
    erringUntil = now.plus(shortest.multipliedBy(errorPenalty));
    return isNews;
  }

  synchronized boolean isErring() {
    return clock.instant().isBefore(erringUntil);
  }

  synchronized void sawHead(long number) {
    head = number;
    headAt = clock.instant();
  }

  synchronized OptionalLong head() {
    return head >= 0 && clock.instant().isBefore(headAt.plus(HEAD_KEPT))
        ? OptionalLong.of(head)
        : OptionalLong.empty();
  }

  /// It said what no honest node says.
  ///
  /// @return whether that makes it suspect, which it was not
  synchronized boolean contradicted() {
    outvoted++;
    suspectUntil = clock.instant().plus(SUSPICION);
    boolean isNews = !suspect;
    suspect = true;
    return isNews;
  }

  /// It said something else than the quorum, as an honest node may do for a moment.
  ///
  /// @param topic what it was asked for: to be right about the head makes up for no receipt
  /// @return whether that makes it suspect, which it was not
  synchronized boolean differed(String topic) {
    return differences.merge(topic, 1, Integer::sum) >= HONEST_DIFFERENCES && contradicted();
  }

  /// It said what the quorum says.
  ///
  /// @return whether it was suspect, and is not any longer
  synchronized boolean agreed(String topic) {
    differences.remove(topic);
    if (suspect && !clock.instant().isBefore(suspectUntil)) {
      suspect = false;
      return true;
    }
    return false;
  }

  synchronized boolean isSuspect() {
    return suspect;
  }

  synchronized EndpointHealth health(
      int number, String name, EndpointHealth.State state, long lag, int batchSize) {
    return new EndpointHealth(
        number,
        name,
        state,
        head(),
        lag,
        Duration.ofMillis(Math.round(latencyMillis)),
        errorRate,
        calls,
        failures,
        outvoted,
        batchSize,
        problem);
  }

  private static double smoothed(double before, double now) {
    return before * (1 - WEIGHT) + now * WEIGHT;
  }
}
