package dev.countersign.nonce.tracking;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.ForeignUseGuard;
import dev.countersign.core.port.RequestLedger;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.database.FencedLease;
import dev.countersign.nonce.chain.ChainDefinition;
import dev.countersign.nonce.chain.ChainDefinitions;
import dev.countersign.nonce.lane.LaneFunds;
import dev.countersign.nonce.node.NodePools;
import dev.countersign.nonce.progress.RequestProgress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/// Follows every chain, each on a thread of its own. Any number of instances may run: of those one
/// at a time follows a chain, and another goes on within seconds when it dies.
public final class ChainTracking implements AutoCloseable {
  /// How soon another instance goes on after one has died.
  private static final Duration LEASE = Duration.ofSeconds(10);

  private final List<ChainTracker> trackers;

  /// @param guard hears of foreign use of a key
  /// @param instance a name this process alone has
  public ChainTracking(
      UnitOfWork unitOfWork,
      RequestLedger requests,
      AuditTrail audit,
      ForeignUseGuard guard,
      ChainDefinitions chains,
      NodePools nodes,
      InstantSource clock,
      UUID instance) {
    this.trackers =
        chains.definitions().stream()
            .map(
                chain -> tracker(unitOfWork, requests, audit, guard, chain, nodes, clock, instance))
            .toList();
  }

  static ChainTracker tracker(
      UnitOfWork unitOfWork,
      RequestLedger requests,
      AuditTrail audit,
      ForeignUseGuard guard,
      ChainDefinition chain,
      NodePools nodes,
      InstantSource clock,
      UUID instance) {
    FencedLease lease =
        new FencedLease(
            unitOfWork,
            new FencedLease.Terms("nonce.tracker", chain.id().caip2(), instance, LEASE));
    RequestProgress progress = new RequestProgress(requests, audit, Actor.system("tracker"));
    var node = nodes.of(chain.id());
    return new ChainTracker(
        node,
        new TrackingRound(lease.fenced(), progress, node, chain.finality(), clock),
        new ForeignUse(lease.fenced(), progress, audit, guard, node, clock),
        new DeepReorganisation(lease.fenced(), progress, node, clock),
        new LaneFunds(lease.fenced(), node),
        new GapAlarm(lease.fenced(), chain.id(), clock),
        lease,
        chain.pollInterval(),
        clock);
  }

  public void start() {
    trackers.forEach(ChainTracker::start);
  }

  /// How often this instance found that somebody else has used a key, by chain.
  public Map<ChainId, Long> foreignUses() {
    return trackers.stream()
        .collect(Collectors.toMap(ChainTracker::chain, ChainTracker::foreignUses));
  }

  /// How many transactions this instance found to be taken back that were final, by chain.
  public Map<ChainId, Long> confirmationsLost() {
    return trackers.stream()
        .collect(Collectors.toMap(ChainTracker::chain, ChainTracker::confirmationsLost));
  }

  @Override
  public void close() {
    trackers.forEach(ChainTracker::stop);
    trackers.forEach(ChainTracker::close);
  }
}
