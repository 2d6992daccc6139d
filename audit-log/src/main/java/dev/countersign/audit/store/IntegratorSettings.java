package dev.countersign.audit.store;

import java.time.Duration;

/// How an [Integrator] paces itself.
///
/// @param pace the least time between the starts of two passes, and so between two checkpoints
/// @param poll how often to look when nobody calls; other instances' entries are found so
/// @param retry how long to wait after a pass that failed
/// @param batch the most entries of one pass
public record IntegratorSettings(Duration pace, Duration poll, Duration retry, int batch) {
  /// Under a checkpoint within half a second of the commit, at most five checkpoints a second.
  public static final IntegratorSettings DEFAULT =
      new IntegratorSettings(
          Duration.ofMillis(200), Duration.ofMillis(400), Duration.ofMillis(500), 2048);

  public IntegratorSettings {
    if (pace.isNegative() || poll.compareTo(pace) < 0 || retry.isNegative() || batch < 1) {
      throw new IllegalArgumentException(
          "expected 0 <= pace <= poll, 0 <= retry, 1 <= batch, got %s, %s, %s, %d"
              .formatted(pace, poll, retry, batch));
    }
  }
}
