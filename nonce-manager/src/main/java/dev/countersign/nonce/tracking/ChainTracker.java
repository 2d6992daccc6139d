package dev.countersign.nonce.tracking;

import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.nonce.loop.BackgroundLoop;
import dev.countersign.nonce.node.BlockHead;
import dev.countersign.nonce.node.NodePool;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows one chain while this instance holds its lease: a round for each new block.
final class ChainTracker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChainTracker.class);

  /// A round is repeated without a new block after this long, in case a node's parts disagreed.
  private static final Duration REVISIT = Duration.ofSeconds(15);

  /// Rounds in a row without a receipt after which it is no longer put down to a node that lags.
  private static final int SUSPICIOUS = 10;

  private final NodePool node;
  private final TrackingRound round;
  private final TrackerLease lease;
  private final Duration pollInterval;
  private final InstantSource clock;
  private final BackgroundLoop loop;
  private Optional<Digest32> settled = Optional.empty();
  private Instant settledAt = Instant.MIN;
  private int unexplainedRounds;
  private int unsettledRounds;

  ChainTracker(
      NodePool node,
      TrackingRound round,
      TrackerLease lease,
      Duration pollInterval,
      InstantSource clock) {
    this.node = node;
    this.round = round;
    this.lease = lease;
    this.pollInterval = pollInterval;
    this.clock = clock;
    this.loop = new BackgroundLoop("tracking " + node.chain(), this::poll);
  }

  void start() {
    loop.start();
  }

  void stop() {
    loop.stop();
  }

  @Override
  public void close() {
    loop.close();
    try {
      lease.release();
    } catch (RuntimeException e) {
      // It runs out by itself.
      LOG.info("chain {}: cannot give the lease back: {}", chain(), e.getMessage());
    }
  }

  private ChainId chain() {
    return node.chain();
  }

  private Duration poll() {
    if (!lease.hold()) {
      settled = Optional.empty();
      return pollInterval;
    }
    BlockHead head = node.quorum().head();
    Instant now = clock.instant();
    if (settled.equals(Optional.of(head.hash())) && now.isBefore(settledAt.plus(REVISIT))) {
      return pollInterval;
    }
    TrackingRound.Open open = round.run(head);
    if (open.isNothing()) {
      settled = Optional.of(head.hash());
      settledAt = now;
      unexplainedRounds = 0;
      unsettledRounds = 0;
    } else {
      settled = Optional.empty();
      wonder(open.unexplained());
      if (open.undecided() > 0 && unsettledRounds++ % SUSPICIOUS == 0) {
        LOG.warn(
            "chain {}: its nodes do not agree where {} transactions are mined; nothing is concluded"
                + " until a quorum does",
            chain(),
            open.undecided());
      }
    }
    return pollInterval;
  }

  private void wonder(List<Tracked> unexplained) {
    if (unexplained.isEmpty()) {
      unexplainedRounds = 0;
      return;
    }
    unexplainedRounds++;
    if (unexplainedRounds % SUSPICIOUS == 0) {
      Tracked first = unexplained.getFirst();
      LOG.error(
          "chain {}: {} transactions have no receipt though their nonces are mined, the first is"
              + " request {}, nonce {} of {}, {}: has somebody else used the key?",
          chain(),
          unexplained.size(),
          first.request(),
          first.nonce(),
          first.lane().address(),
          first.hash());
    }
  }
}
