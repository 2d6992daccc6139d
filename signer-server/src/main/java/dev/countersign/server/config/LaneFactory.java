package dev.countersign.server.config;

import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.ForeignUseGuard;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.nonce.chain.ChainDefinitions;
import dev.countersign.nonce.lane.Lanes;
import dev.countersign.nonce.lane.MostInFlight;
import dev.countersign.nonce.node.NodePools;
import dev.countersign.policy.engine.ForeignUseBreakers;
import dev.countersign.policy.freeze.FreezeStore;
import dev.countersign.policy.store.ActivePolicies;
import dev.countersign.vault.store.WalletTable;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/// What looks after lanes of nonces.
@Factory
final class LaneFactory {

  @Singleton
  Lanes lanes(
      UnitOfWork unitOfWork,
      NodePools nodes,
      AuditTrail audit,
      ChainDefinitions chains,
      InstantSource clock) {
    return new Lanes(unitOfWork, nodes, audit, MostInFlight.of(chains), clock);
  }

  @Singleton
  ForeignUseGuard foreignUseGuard(
      ActivePolicies policies, FreezeStore freezes, InstantSource clock) {
    WalletTable wallets = new WalletTable();
    ForeignUseBreakers breakers = new ForeignUseBreakers(policies, freezes, clock);
    return (transaction, lane, detail) ->
        wallets
            .find(transaction, lane.address())
            .ifPresent(wallet -> breakers.judge(transaction, wallet, lane.chain(), detail));
  }
}
