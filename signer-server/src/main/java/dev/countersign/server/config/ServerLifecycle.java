package dev.countersign.server.config;

import com.zaxxer.hikari.HikariDataSource;
import dev.countersign.audit.search.EntryIndexer;
import dev.countersign.audit.store.Integrator;
import dev.countersign.audit.store.LogScrub;
import dev.countersign.audit.store.Witnessing;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.pipeline.HeldRequests;
import dev.countersign.core.pipeline.ReplacementResumption;
import dev.countersign.core.pipeline.Resumption;
import dev.countersign.core.pipeline.StuckTransactions;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.StoreUnavailableException;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.nonce.broadcast.PostgresBroadcaster;
import dev.countersign.nonce.loop.BackgroundLoop;
import dev.countersign.nonce.node.NodePools;
import dev.countersign.nonce.tracking.ChainTracking;
import dev.countersign.policy.change.Proposals;
import dev.countersign.policy.engine.CircuitBreakers;
import dev.countersign.policy.freeze.PostgresFreezes;
import dev.countersign.policy.shadow.ShadowFollower;
import dev.countersign.policy.store.ActivePolicies;
import dev.countersign.server.balance.BalanceWatching;
import dev.countersign.server.jsonrpc.JsonRpc;
import dev.countersign.server.settings.Settings;
import dev.countersign.server.watch.RequestWatch;
import dev.countersign.vault.balance.Balances;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The order in which everything starts, and stops.
@Singleton
final class ServerLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(ServerLifecycle.class);
  private static final Actor ACTOR = Actor.system("server");
  private static final Duration RESUME_EVERY = Duration.ofSeconds(1);
  private static final Duration FORGET_EVERY = Duration.ofMinutes(5);
  private static final Duration CHANGE_EVERY = Duration.ofSeconds(1);
  private static final Duration LAST_ENTRIES = Duration.ofSeconds(2);

  private final Settings settings;
  private final HikariDataSource pool;
  private final UnitOfWork unitOfWork;
  private final AuditTrail audit;
  private final Integrator integrator;
  private final LogSuccession succession;
  private final Witnessing witnessing;
  private final EntryIndexer indexer;
  private final LogScrub scrub;
  private final PolicyStart policies;
  private final Pkcs11Tokens tokens;
  private final NodePools nodes;
  private final PostgresBroadcaster broadcaster;
  private final ChainTracking tracking;
  private final BalanceWatching balances;
  private final BackgroundLoop watchingFreezes;
  private final BackgroundLoop resuming;
  private final BackgroundLoop holding;
  private final BackgroundLoop replacing;
  private final BackgroundLoop speedingUp;
  private final BackgroundLoop forgetting;
  private final BackgroundLoop changing;
  private final BackgroundLoop shadowing;
  private final RequestWatch watch;
  private final Server grpc;
  private final JsonRpc jsonRpc;
  private final HealthStatusManager grpcHealth;
  private final InstantSource clock;
  private volatile boolean started;

  ServerLifecycle(
      Settings settings,
      HikariDataSource pool,
      UnitOfWork unitOfWork,
      AuditTrail audit,
      Integrator integrator,
      LogSuccession succession,
      Witnessing witnessing,
      EntryIndexer indexer,
      LogScrub scrub,
      PolicyStart policies,
      Proposals proposals,
      ActivePolicies active,
      Pkcs11Tokens tokens,
      NodePools nodes,
      PostgresBroadcaster broadcaster,
      ChainTracking tracking,
      BalanceWatching balances,
      Balances stored,
      PostgresFreezes freezes,
      CircuitBreakers breakers,
      Resumption resumption,
      HeldRequests held,
      ReplacementResumption replacements,
      StuckTransactions stuck,
      ShadowFollower shadow,
      RequestWatch watch,
      Server grpc,
      JsonRpc jsonRpc,
      HealthStatusManager grpcHealth,
      InstantSource clock) {
    this.settings = settings;
    this.pool = pool;
    this.unitOfWork = unitOfWork;
    this.audit = audit;
    this.integrator = integrator;
    this.succession = succession;
    this.witnessing = witnessing;
    this.indexer = indexer;
    this.scrub = scrub;
    this.policies = policies;
    this.tokens = tokens;
    this.nodes = nodes;
    this.broadcaster = broadcaster;
    this.tracking = tracking;
    this.balances = balances;
    this.watchingFreezes =
        new BackgroundLoop(
            "freezes",
            () -> {
              freezes.refresh();
              return PostgresFreezes.EVERY;
            });
    this.resuming =
        new BackgroundLoop(
            "resume",
            () -> {
              resumption.run();
              return RESUME_EVERY;
            });
    // Each by itself: what one of them cannot do must not keep the others from what they can.
    this.holding =
        new BackgroundLoop(
            "held requests",
            () -> {
              held.run();
              return RESUME_EVERY;
            });
    this.replacing =
        new BackgroundLoop(
            "replacements",
            () -> {
              replacements.run();
              return RESUME_EVERY;
            });
    this.speedingUp =
        new BackgroundLoop(
            "stuck transactions",
            () -> {
              stuck.run();
              return RESUME_EVERY;
            });
    this.forgetting =
        new BackgroundLoop(
            "forget",
            () -> {
              breakers.forget();
              stored.forget();
              return FORGET_EVERY;
            });
    this.changing =
        new BackgroundLoop(
            "policy changes",
            () -> {
              proposals.run();
              active.remember(unitOfWork);
              return CHANGE_EVERY;
            });
    this.shadowing = new BackgroundLoop("shadow", shadow::step);
    this.watch = watch;
    this.grpc = grpc;
    this.jsonRpc = jsonRpc;
    this.grpcHealth = grpcHealth;
    this.clock = clock;
  }

  /// Calls are taken when this returns. Nodes and tokens may be away; the database may not.
  ///
  /// @throws StartException when somebody must do something first
  void start(String version) throws InterruptedException, IOException {
    new StoreStart(settings, pool).run();
    integrator.start();
    succession.events().forEach(this::log);
    witnessing.start();
    scrub.start();
    policies.run(ACTOR);
    log(new AuditEvent.ServerStarted(settings.instance(), version, settings.file()));
    indexer.start();
    nodes.start();
    broadcaster.start();
    tracking.start();
    balances.start();
    watchingFreezes.start();
    resuming.start();
    holding.start();
    replacing.start();
    speedingUp.start();
    forgetting.start();
    changing.start();
    shadowing.start();
    watch.start();
    grpc.start();
    jsonRpc.start();
    grpcHealth.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.SERVING);
    started = true;
    LOG.info(
        "instance {} of version {} takes calls at {}",
        settings.instance(),
        version,
        grpc.getListenSockets());
  }

  private void log(AuditEvent event) {
    unitOfWork.run(
        transaction ->
            audit.append(transaction, List.of(AuditRecord.of(clock.instant(), ACTOR, event))));
  }

  /// A stop does not fail for want of a database.
  private void logStop() {
    try {
      log(new AuditEvent.ServerStopped(settings.instance()));
    } catch (StoreUnavailableException e) {
      LOG.warn("the stop could not be audited", e);
    }
  }

  boolean isStarted() {
    return started;
  }

  /// Ends what is being served, then the work behind it. What is not finished by then goes on with
  /// the next start, or on another instance.
  void stop() throws InterruptedException {
    boolean served = started;
    started = false;
    grpcHealth.enterTerminalState();
    jsonRpc.close();
    grpc.shutdown();
    if (!grpc.awaitTermination(settings.stopPatience().toMillis(), TimeUnit.MILLISECONDS)) {
      LOG.warn("calls that did not end within {} are broken off", settings.stopPatience());
      grpc.shutdownNow();
      grpc.awaitTermination();
    }
    changing.close();
    shadowing.close();
    speedingUp.close();
    resuming.close();
    holding.close();
    replacing.close();
    forgetting.close();
    watchingFreezes.close();
    balances.close();
    tracking.close();
    broadcaster.close();
    tokens.close();
    watch.close();
    if (served) {
      logStop();
    }
    scrub.close();
    if (served && !integrator.awaitIntegration(LAST_ENTRIES)) {
      LOG.info("the last audit entries are stored, and come into the tree later");
    }
    integrator.close();
    witnessing.close();
    LOG.info("instance {} has stopped", settings.instance());
  }
}
