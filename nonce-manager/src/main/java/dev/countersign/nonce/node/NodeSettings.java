package dev.countersign.nonce.node;

import java.time.Duration;

/// How patient we are with nodes.
///
/// @param connectTimeout for the connection to an endpoint
/// @param answerTimeout for a whole call to one endpoint, connecting included
/// @param probeInterval how long an endpoint that does not work is left alone before it is tried
/// again
/// @param batchSize the most calls in one JSON-RPC batch; providers refuse larger ones
public record NodeSettings(
    Duration connectTimeout, Duration answerTimeout, Duration probeInterval, int batchSize) {

  public static final NodeSettings DEFAULT =
      new NodeSettings(Duration.ofSeconds(2), Duration.ofSeconds(8), Duration.ofSeconds(2), 100);

  public NodeSettings {
    if (batchSize < 1) {
      throw new IllegalArgumentException("batch size " + batchSize + ", expected 1 or more");
    }
  }
}
