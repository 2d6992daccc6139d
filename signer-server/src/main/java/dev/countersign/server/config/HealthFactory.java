package dev.countersign.server.config;

import com.zaxxer.hikari.HikariDataSource;
import dev.countersign.audit.store.Integrator;
import dev.countersign.audit.store.LogScrub;
import dev.countersign.audit.store.Witnessing;
import dev.countersign.core.port.StoreUnavailableException;
import dev.countersign.hsm.pkcs11.Pkcs11KeyBackend;
import dev.countersign.nonce.node.EndpointHealth;
import dev.countersign.nonce.node.NodePool;
import dev.countersign.nonce.node.NodePools;
import dev.countersign.nonce.node.NodeUnavailableException;
import dev.countersign.nonce.node.RpcCall;
import dev.countersign.policy.engine.PostgresPolicyEngine;
import dev.countersign.server.balance.BalanceWatching;
import dev.countersign.server.health.Check;
import dev.countersign.server.health.Checks;
import dev.countersign.server.health.ClockSkew;
import dev.countersign.vault.balance.BalanceWatch;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the server needs, and how to see whether it is there. Without a key backend or a node it
/// still answers, denies and keeps what it admitted for later.
@Factory
final class HealthFactory {
  private static final int SECONDS = 2;

  @Singleton
  Checks checks(
      ServerLifecycle lifecycle,
      HikariDataSource pool,
      Pkcs11Tokens tokens,
      NodePools nodes,
      Integrator integrator,
      LogScrub scrub,
      Witnessing witnessing,
      PostgresPolicyEngine policy,
      BalanceWatching balances,
      InstantSource clock) {
    List<Check> checks = new ArrayList<>();
    checks.add(new Check("start", () -> starting(lifecycle), true));
    checks.add(new Check("database", () -> database(pool), true));
    checks.add(new Check("clock", new ClockSkew(pool, clock)::problem, true));
    checks.add(new Check("audit", integrator::problem, false));
    checks.add(new Check("auditArchive", scrub::problem, false));
    checks.add(new Check("policy", () -> starting(lifecycle).or(() -> policy(policy)), false));
    checks.add(new Check("witnesses", witnessing::problem, false));
    for (Pkcs11KeyBackend token : tokens.open()) {
      checks.add(new Check("keyBackend " + token.name(), token::unavailability, false));
    }
    for (NodePool node : nodes.all()) {
      checks.add(new Check("node " + node.chain(), () -> node(node), false));
      for (EndpointHealth endpoint : node.health()) {
        checks.add(
            new Check(
                "endpoint %s %d %s".formatted(node.chain(), endpoint.number(), endpoint.name()),
                () -> endpoint(node.health().get(endpoint.number() - 1)),
                false));
      }
    }
    for (BalanceWatch watch : balances.watches()) {
      checks.add(
          new Check("balances " + watch.terms().chain(), () -> balances.problem(watch), false));
    }
    return new Checks(checks);
  }

  /// Before the start is over there may be no table to look at; once it stops, no connection.
  private static Optional<String> starting(ServerLifecycle lifecycle) {
    return lifecycle.isStarted() ? Optional.empty() : Optional.of("starting or stopping");
  }

  private static Optional<String> database(HikariDataSource pool) {
    try (Connection connection = pool.getConnection()) {
      return connection.isValid(SECONDS) ? Optional.empty() : Optional.of("does not answer");
    } catch (SQLException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<String> policy(PostgresPolicyEngine policy) {
    try {
      return policy.problem();
    } catch (StoreUnavailableException _) {
      return Optional.of("the database does not answer");
    }
  }

  private static Optional<String> endpoint(EndpointHealth health) {
    return switch (health.state()) {
      case WORKING -> Optional.empty();
      case LAGGING -> Optional.of("LAGGING: %d blocks behind".formatted(health.lag()));
      case SLOW -> Optional.of("SLOW: %d ms for a request".formatted(health.latency().toMillis()));
      case SUSPECT ->
          Optional.of("SUSPECT: outvoted %d times, see the log".formatted(health.outvoted()));
      case WRONG_CHAIN, DOWN -> Optional.of(health.state() + ": " + health.problem());
    };
  }

  private static Optional<String> node(NodePool node) {
    try {
      node.results(List.of(RpcCall.chainId()));
      return Optional.empty();
    } catch (NodeUnavailableException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
