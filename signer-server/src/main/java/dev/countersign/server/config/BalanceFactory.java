package dev.countersign.server.config;

import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.BalanceGuard;
import dev.countersign.core.port.ChainAccounts;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.nonce.balance.NodeChainAccounts;
import dev.countersign.nonce.chain.ChainDefinitions;
import dev.countersign.nonce.node.NodePools;
import dev.countersign.policy.engine.BalanceBreakers;
import dev.countersign.policy.freeze.FreezeStore;
import dev.countersign.policy.store.ActivePolicies;
import dev.countersign.server.balance.BalanceWatching;
import dev.countersign.server.metrics.BalanceMetrics;
import dev.countersign.vault.balance.BalanceWatch;
import dev.countersign.vault.balance.Balances;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/// What watches balances.
@Factory
final class BalanceFactory {

  @Singleton
  ChainAccounts chainAccounts(UnitOfWork unitOfWork, ChainDefinitions chains, NodePools nodes) {
    return new NodeChainAccounts(unitOfWork, chains, nodes);
  }

  @Singleton
  BalanceGuard balanceGuard(ActivePolicies policies, FreezeStore freezes, InstantSource clock) {
    return new BalanceBreakers(policies, freezes, clock);
  }

  @Singleton
  Balances balances(UnitOfWork unitOfWork) {
    return new Balances(unitOfWork);
  }

  @Singleton
  BalanceWatching balanceWatching(
      UnitOfWork unitOfWork,
      AuditTrail audit,
      ChainDefinitions chains,
      ChainAccounts accounts,
      BalanceGuard guard,
      Balances balances,
      InstantSource clock,
      MeterRegistry meters) {
    UUID instance = UUID.randomUUID();
    List<BalanceWatch> watches =
        chains.definitions().stream()
            .map(
                chain ->
                    new BalanceWatch(
                        unitOfWork,
                        audit,
                        accounts,
                        guard,
                        clock,
                        new BalanceWatch.Terms(
                            chain.id(), chain.watchedAssets(), chain.balances().interval()),
                        instance))
            .toList();
    BalanceWatching watching = new BalanceWatching(watches, balances, clock);
    BalanceMetrics.register(watching, meters);
    return watching;
  }
}
