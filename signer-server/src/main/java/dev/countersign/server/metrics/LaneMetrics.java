package dev.countersign.server.metrics;

import dev.countersign.core.model.ChainId;
import dev.countersign.core.port.LaneObstacle;
import dev.countersign.nonce.broadcast.PostgresBroadcaster;
import dev.countersign.nonce.lane.LaneGaps;
import dev.countersign.nonce.lane.PausedLanes;
import dev.countersign.nonce.tracking.ChainTracking;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;

/// For each chain, how many lanes are paused and why, how many nonces have something signed waiting
/// for them that nobody owns, and how often somebody else used a key.
public final class LaneMetrics {
  private static final String CHAIN = "chain";

  private LaneMetrics() {}

  public static void register(
      Collection<ChainId> chains,
      PausedLanes paused,
      LaneGaps gaps,
      ChainTracking tracking,
      MeterRegistry registry) {
    for (ChainId chain : chains) {
      for (LaneObstacle.Reason reason : LaneObstacle.Reason.values()) {
        Gauge.builder("countersign.lanes.paused", paused, all -> all.count(chain, reason))
            .description("Lanes of nonces that are paused, -1 when that is not known")
            .tag(CHAIN, chain.caip2())
            .tag("reason", reason.name())
            .register(registry);
      }
      Gauge.builder("countersign.lane.gaps", gaps, all -> all.count(chain))
          .description(
              "Nonces that were given back and keep signed ones above them waiting, -1 when that is"
                  + " not known")
          .tag(CHAIN, chain.caip2())
          .register(registry);
      count(
          "foreign.transactions",
          "How often this instance found that somebody else used a key",
          chain,
          tracking,
          ChainTracking::foreignUses,
          registry);
      count(
          "confirmations.lost",
          "How many transactions this instance found taken back that were final",
          chain,
          tracking,
          ChainTracking::confirmationsLost,
          registry);
    }
  }

  /// For each chain, what nodes forget of what was sent to them.
  public static void registerSending(
      Collection<ChainId> chains, PostgresBroadcaster broadcaster, MeterRegistry registry) {
    for (ChainId chain : chains) {
      count(
          "transactions.dropped",
          "How often this instance found that a node had dropped what it had taken",
          chain,
          broadcaster,
          PostgresBroadcaster::dropped,
          registry);
    }
  }

  private static <T> void count(
      String name,
      String description,
      ChainId chain,
      T counted,
      Function<T, Map<ChainId, Long>> counts,
      MeterRegistry registry) {
    FunctionCounter.builder(
            "countersign." + name, counted, all -> counts.apply(all).getOrDefault(chain, 0L))
        .description(description)
        .tag(CHAIN, chain.caip2())
        .register(registry);
  }
}
