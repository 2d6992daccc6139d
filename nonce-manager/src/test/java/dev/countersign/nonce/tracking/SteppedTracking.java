package dev.countersign.nonce.tracking;

import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.RequestLedger;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.nonce.chain.ChainDefinition;
import dev.countersign.nonce.node.NodePools;
import java.time.InstantSource;
import java.util.UUID;

/// A tracker of one chain that looks when it is told to, on the thread that tells it.
public final class SteppedTracking {
  private final ChainTracker tracker;

  public SteppedTracking(
      UnitOfWork unitOfWork,
      RequestLedger requests,
      AuditTrail audit,
      ChainDefinition chain,
      NodePools nodes,
      InstantSource clock,
      UUID instance) {
    this.tracker =
        ChainTracking.tracker(
            unitOfWork,
            requests,
            audit,
            (transaction, lane, detail) -> {},
            chain,
            nodes,
            clock,
            instance);
  }

  public void step() {
    tracker.poll();
  }
}
