package dev.countersign.nonce.tracking;

import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.database.FencedLease;
import dev.countersign.database.LeaseLostException;
import dev.countersign.nonce.lane.LaneFunds;
import dev.countersign.nonce.loop.BackgroundLoop;
import dev.countersign.nonce.node.BlockHead;
import dev.countersign.nonce.node.NodePool;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows one chain while this instance holds its lease: a round for each new block.
final class ChainTracker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChainTracker.class);

  /// A round is repeated without a new block after this long, in case a node's parts disagreed.
  private static final Duration REVISIT = Duration.ofSeconds(15);

  /// Rounds in a row without agreement after which the log says so again.
  private static final int SUSPICIOUS = 10;

  private final NodePool node;
  private final TrackingRound round;
  private final ForeignUse foreign;
  private final DeepReorganisation reorganisation;
  private final LaneFunds funds;
  private final GapAlarm gaps;
  private final FencedLease lease;
  private final Duration pollInterval;
  private final InstantSource clock;
  private final BackgroundLoop loop;
  private Optional<Digest32> settled = Optional.empty();
  private Instant settledAt = Instant.MIN;
  private int unsettledRounds;

  ChainTracker(
      NodePool node,
      TrackingRound round,
      ForeignUse foreign,
      DeepReorganisation reorganisation,
      LaneFunds funds,
      GapAlarm gaps,
      FencedLease lease,
      Duration pollInterval,
      InstantSource clock) {
    this.node = node;
    this.round = round;
    this.foreign = foreign;
    this.reorganisation = reorganisation;
    this.funds = funds;
    this.gaps = gaps;
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

  long foreignUses() {
    return foreign.alarms();
  }

  long confirmationsLost() {
    return reorganisation.lost();
  }

  ChainId chain() {
    return node.chain();
  }

  /// One step: a round, if this instance has the lease and there is anything new.
  Duration poll() {
    try {
      if (lease.hold()) {
        lease.keeping(this::follow);
        return pollInterval;
      }
    } catch (LeaseLostException e) {
      LOG.info("chain {}: {}", chain(), e.getMessage());
    }
    settled = Optional.empty();
    foreign.forget();
    reorganisation.forget();
    gaps.forget();
    return pollInterval;
  }

  /// One round, if there is anything new.
  ///
  /// @return whether there was
  boolean follow() {
    BlockHead head = node.quorum().head();
    Instant now = clock.instant();
    if (settled.equals(Optional.of(head.hash())) && now.isBefore(settledAt.plus(REVISIT))) {
      return false;
    }
    TrackingRound.Open open = round.run(head);
    if (open.isNothing()) {
      settled = Optional.of(head.hash());
      settledAt = now;
      unsettledRounds = 0;
    } else {
      settled = Optional.empty();
      if (open.undecided() > 0 && unsettledRounds++ % SUSPICIOUS == 0) {
        LOG.warn(
            "chain {}: its nodes do not agree where {} transactions are mined; nothing is concluded"
                + " until a quorum does",
            chain(),
            open.undecided());
      }
    }
    gaps.look();
    foreign.look(head, open.unexplained());
    reorganisation.look(head);
    funds.look();
    return true;
  }
}
