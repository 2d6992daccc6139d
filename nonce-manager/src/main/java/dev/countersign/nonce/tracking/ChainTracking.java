package dev.countersign.nonce.tracking;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.RequestLedger;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.nonce.chain.ChainDefinitions;
import dev.countersign.nonce.node.NodePools;
import dev.countersign.nonce.progress.RequestProgress;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/// Follows every chain, each on a thread of its own. Any number of instances may run: of those one
/// at a time follows a chain, and another goes on within seconds when it dies.
public final class ChainTracking implements AutoCloseable {
  private final List<ChainTracker> trackers;

  /// @param instance a name this process alone has
  public ChainTracking(
      UnitOfWork unitOfWork,
      RequestLedger requests,
      AuditTrail audit,
      ChainDefinitions chains,
      NodePools nodes,
      InstantSource clock,
      UUID instance) {
    RequestProgress progress = new RequestProgress(requests, audit, Actor.system("tracker"));
    this.trackers =
        chains.definitions().stream()
            .map(
                chain ->
                    new ChainTracker(
                        nodes.of(chain.id()),
                        new TrackingRound(
                            unitOfWork,
                            progress,
                            nodes.of(chain.id()),
                            chain.confirmations(),
                            clock),
                        new TrackerLease(unitOfWork, clock, chain.id(), instance),
                        chain.pollInterval(),
                        clock))
            .toList();
  }

  public void start() {
    trackers.forEach(ChainTracker::start);
  }

  @Override
  public void close() {
    trackers.forEach(ChainTracker::stop);
    trackers.forEach(ChainTracker::close);
  }
}
