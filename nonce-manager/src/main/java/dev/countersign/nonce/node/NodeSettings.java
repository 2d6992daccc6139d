package dev.countersign.nonce.node;

import java.time.Duration;

/// How patient we are with nodes.
///
/// @param connectTimeout for the connection to an endpoint
/// @param answerTimeout for a whole HTTP request to one endpoint, connecting included: the hard
/// limit
/// @param probeInterval how long an endpoint that does not work is left alone before it is tried
/// again
/// @param batchSize the most calls in one JSON-RPC batch, where an endpoint's definition does not
/// say otherwise
/// @param patience how long one request may take before the next endpoint is asked as well; the
/// first answer counts, so this bounds a failover from an endpoint that hangs
/// @param watchInterval how often [NodePools#start] has every endpoint asked for its newest block
public record NodeSettings(
    Duration connectTimeout,
    Duration answerTimeout,
    Duration probeInterval,
    int batchSize,
    Duration patience,
    Duration watchInterval) {
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration WATCH = Duration.ofSeconds(2);

  public static final NodeSettings DEFAULT =
      new NodeSettings(Duration.ofSeconds(2), Duration.ofSeconds(8), Duration.ofSeconds(2), 100);

  public NodeSettings {
    if (batchSize < 1) {
      throw new IllegalArgumentException("batch size " + batchSize + ", expected 1 or more");
    }
    if (patience.compareTo(answerTimeout) > 0) {
      throw new IllegalArgumentException(
          "patience of %s, expected no more than the answer timeout, %s"
              .formatted(patience, answerTimeout));
    }
  }

  /// With a patience of a second, or half of the answer timeout where that is less.
  public NodeSettings(
      Duration connectTimeout, Duration answerTimeout, Duration probeInterval, int batchSize) {
    this(
        connectTimeout,
        answerTimeout,
        probeInterval,
        batchSize,
        answerTimeout.dividedBy(2).compareTo(PATIENCE) < 0 ? answerTimeout.dividedBy(2) : PATIENCE,
        WATCH);
  }
}
