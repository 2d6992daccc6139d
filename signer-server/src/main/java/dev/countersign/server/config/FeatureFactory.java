package dev.countersign.server.config;

import dev.countersign.audit.checkpoint.CheckpointKeyFile;
import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.KeyWrapping;
import dev.countersign.audit.checkpoint.SuccessorSigner;
import dev.countersign.audit.search.EntryIndexer;
import dev.countersign.audit.store.CheckpointMemory;
import dev.countersign.audit.store.DatabaseLogFiles;
import dev.countersign.audit.store.EntryBodies;
import dev.countersign.audit.store.Integrator;
import dev.countersign.audit.store.IntegratorSettings;
import dev.countersign.audit.store.LogScrub;
import dev.countersign.audit.store.PostgresAuditReader;
import dev.countersign.audit.store.PostgresAuditTrail;
import dev.countersign.audit.store.Witnessing;
import dev.countersign.audit.store.WitnessingSettings;
import dev.countersign.core.decision.HoldSeals;
import dev.countersign.core.decision.PermitMint;
import dev.countersign.core.decision.SealKey;
import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.BlobProver;
import dev.countersign.core.port.DecisionHistory;
import dev.countersign.core.port.ForeignUseGuard;
import dev.countersign.core.port.KeyBackends;
import dev.countersign.core.port.NonceLedger;
import dev.countersign.core.port.PayloadLedger;
import dev.countersign.core.port.ReplacementPolicy;
import dev.countersign.core.port.ReplacementPricer;
import dev.countersign.core.port.RequestLedger;
import dev.countersign.core.port.TransactionPricer;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.hsm.ConfiguredKeyBackends;
import dev.countersign.hsm.pkcs11.Pkcs11KeyBackend;
import dev.countersign.nonce.blob.BlobSupply;
import dev.countersign.nonce.blob.CkzgProver;
import dev.countersign.nonce.broadcast.BroadcastSettings;
import dev.countersign.nonce.broadcast.LaneRefusals;
import dev.countersign.nonce.broadcast.PostgresBroadcaster;
import dev.countersign.nonce.chain.ChainDefinition;
import dev.countersign.nonce.chain.ChainDefinitions;
import dev.countersign.nonce.fee.NodeReplacementPricer;
import dev.countersign.nonce.fee.NodeTransactionPricer;
import dev.countersign.nonce.lane.LaneGaps;
import dev.countersign.nonce.lane.MostInFlight;
import dev.countersign.nonce.lane.PausedLanes;
import dev.countersign.nonce.lane.PostgresNonceLedger;
import dev.countersign.nonce.node.NodePools;
import dev.countersign.nonce.node.NodeSettings;
import dev.countersign.nonce.replacement.PostgresPayloadLedger;
import dev.countersign.nonce.tracking.ChainTracking;
import dev.countersign.policy.engine.CircuitBreakers;
import dev.countersign.policy.engine.PostgresPolicyEngine;
import dev.countersign.policy.engine.PostgresReplacementPolicy;
import dev.countersign.policy.freeze.PostgresFreezes;
import dev.countersign.policy.store.ActivePolicies;
import dev.countersign.policy.store.PostgresDecisionHistory;
import dev.countersign.server.blob.BlobReading;
import dev.countersign.server.metrics.LaneMetrics;
import dev.countersign.server.metrics.NodeMetrics;
import dev.countersign.server.metrics.WitnessMetrics;
import dev.countersign.server.settings.CheckpointKey;
import dev.countersign.server.settings.Settings;
import dev.countersign.server.settings.VaultSettings;
import dev.countersign.server.store.PostgresBlobStore;
import dev.countersign.server.store.PostgresRequestLedger;
import dev.countersign.server.wrapping.VaultTransit;
import dev.countersign.vault.wallet.VaultRegistry;
import dev.countersign.vault.wallet.WalletRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Primary;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The features, each behind its port. Making one starts nothing: see [ServerLifecycle].
@Factory
final class FeatureFactory {

  /// Micronaut has one of its own.
  @Singleton
  @Primary
  InstantSource clock() {
    return InstantSource.system();
  }

  @Singleton
  SecureRandom random() {
    return new SecureRandom();
  }

  @Singleton
  CheckpointSigner checkpointSigner(Settings settings, SecureRandom random, Pkcs11Tokens tokens) {
    String origin = settings.audit().origin();
    CheckpointSigner signer =
        switch (settings.audit().key()) {
          case CheckpointKey.InFile(Path file, Optional<VaultSettings> vault) ->
              CheckpointKeyFile.openOrCreate(
                  file,
                  origin,
                  random,
                  vault.<KeyWrapping>map(VaultTransit::new).orElse(KeyWrapping.NONE));
          case CheckpointKey.InToken(BackendName backend, KeyId key) ->
              new TokenCheckpointSigner(origin, tokens.logKey(backend, key));
        };
    return new SuccessorSigner(signer, settings.audit().formerKeys());
  }

  @Singleton
  @Bean(preDestroy = "close")
  Integrator integrator(
      Settings settings,
      UnitOfWork unitOfWork,
      CheckpointSigner signer,
      EntryBodies bodies,
      InstantSource clock) {
    return new Integrator(
        unitOfWork,
        signer,
        clock,
        IntegratorSettings.DEFAULT,
        settings.audit().seen().map(CheckpointMemory::new),
        bodies);
  }

  @Singleton
  @Bean(preDestroy = "close")
  LogScrub scrub(
      UnitOfWork unitOfWork, CheckpointSigner signer, Integrator integrator, EntryBodies bodies) {
    return new LogScrub(
        unitOfWork, signer.logKeys(), integrator::breakOff, LogScrub.Pace.DEFAULT, bodies);
  }

  @Singleton
  EntryBodies entryBodies(Settings settings) {
    return new EntryBodies(settings.audit().archive());
  }

  @Singleton
  DatabaseLogFiles logFiles(UnitOfWork unitOfWork, Settings settings, EntryBodies bodies) {
    return new DatabaseLogFiles(unitOfWork, settings.audit().witnesses().policy(), bodies).whole();
  }

  @Singleton
  @Bean(preDestroy = "close")
  EntryIndexer entryIndexer(UnitOfWork unitOfWork, EntryBodies bodies) {
    return new EntryIndexer(unitOfWork, bodies);
  }

  @Singleton
  AuditTrail auditTrail(Integrator integrator) {
    return new PostgresAuditTrail(integrator::wake);
  }

  @Singleton
  @Bean(preDestroy = "close")
  Witnessing witnessing(
      UnitOfWork unitOfWork,
      CheckpointSigner signer,
      Settings settings,
      InstantSource clock,
      MeterRegistry meters) {
    Witnessing witnessing =
        new Witnessing(
            unitOfWork,
            signer.logKeys(),
            settings.audit().witnesses().policy(),
            settings.audit().witnesses().endpoints(),
            clock,
            WitnessingSettings.DEFAULT);
    WitnessMetrics.register(witnessing, meters);
    return witnessing;
  }

  @Singleton
  PostgresAuditReader auditReader(UnitOfWork unitOfWork, Settings settings, EntryBodies bodies) {
    return new PostgresAuditReader(unitOfWork, settings.audit().witnesses().policy(), bodies);
  }

  @Singleton
  @Bean(preDestroy = "close")
  SealKey sealKey(Settings settings) {
    return PermitKeyFile.open(settings.permitKey());
  }

  @Singleton
  PermitMint permitMint(SealKey key) {
    return new PermitMint(key);
  }

  @Singleton
  HoldSeals holdSeals(SealKey key) {
    return new HoldSeals(key);
  }

  @Singleton
  PostgresPolicyEngine policyEngine(
      UnitOfWork unitOfWork,
      PermitMint mint,
      HoldSeals holdSeals,
      ActivePolicies policies,
      PostgresFreezes freezes,
      CircuitBreakers breakers) {
    return new PostgresPolicyEngine(unitOfWork, mint, policies, holdSeals, freezes, breakers);
  }

  @Singleton
  DecisionHistory decisionHistory(UnitOfWork unitOfWork) {
    return new PostgresDecisionHistory(unitOfWork);
  }

  @Singleton
  Pkcs11Tokens tokens(Settings settings, PermitMint mint) {
    List<Pkcs11KeyBackend> open = new ArrayList<>();
    settings
        .keyBackends()
        .forEach(config -> open.add(Pkcs11KeyBackend.open(config, mint.inspector())));
    return new Pkcs11Tokens(open);
  }

  @Singleton
  KeyBackends keyBackends(Pkcs11Tokens tokens) {
    return new ConfiguredKeyBackends(tokens.open());
  }

  @Singleton
  PostgresRequestLedger requestLedger(
      UnitOfWork unitOfWork, List<PostgresRequestLedger.MoveListener> listeners) {
    return new PostgresRequestLedger(
        unitOfWork, moves -> listeners.forEach(listener -> listener.moved(moves)));
  }

  @Singleton
  VaultRegistry vaults(UnitOfWork unitOfWork, AuditTrail audit, InstantSource clock) {
    return new VaultRegistry(unitOfWork, audit, clock);
  }

  @Singleton
  WalletRegistry wallets(
      UnitOfWork unitOfWork, AuditTrail audit, KeyBackends backends, InstantSource clock) {
    return new WalletRegistry(unitOfWork, audit, backends, clock);
  }

  @Singleton
  ChainDefinitions chains(Settings settings) {
    return ChainDefinitions.load(settings.chains());
  }

  @Singleton
  @Bean(preDestroy = "close")
  NodePools nodes(ChainDefinitions chains, InstantSource clock, MeterRegistry meters) {
    NodePools nodes = new NodePools(chains, NodeSettings.DEFAULT, clock);
    NodeMetrics.register(nodes, meters);
    return nodes;
  }

  @Singleton
  TransactionPricer pricer(NodePools nodes, ChainDefinitions chains) {
    return new NodeTransactionPricer(nodes, chains);
  }

  @Singleton
  NonceLedger nonces(
      UnitOfWork unitOfWork, NodePools nodes, ChainDefinitions chains, InstantSource clock) {
    return new PostgresNonceLedger(unitOfWork, nodes, MostInFlight.of(chains), clock);
  }

  @Singleton
  PostgresBroadcaster broadcaster(
      UnitOfWork unitOfWork,
      RequestLedger requests,
      AuditTrail audit,
      NodePools nodes,
      BlobProver prover,
      ChainDefinitions chains,
      InstantSource clock,
      MeterRegistry meters) {
    PostgresBroadcaster broadcaster =
        new PostgresBroadcaster(
            unitOfWork,
            requests,
            audit,
            nodes,
            clock,
            BroadcastSettings.DEFAULT,
            new LaneRefusals(unitOfWork, clock),
            new BlobSupply(new PostgresBlobStore(unitOfWork), prover, chains));
    LaneMetrics.registerSending(
        chains.definitions().stream().map(ChainDefinition::id).toList(), broadcaster, meters);
    return broadcaster;
  }

  @Singleton
  BlobProver blobProver() {
    return new CkzgProver();
  }

  @Singleton
  BlobReading blobReading(ChainDefinitions chains, BlobProver prover, UnitOfWork unitOfWork) {
    return new BlobReading(chains, prover, new PostgresBlobStore(unitOfWork)::countBesides);
  }

  @Singleton
  ChainTracking tracking(
      UnitOfWork unitOfWork,
      RequestLedger requests,
      AuditTrail audit,
      ForeignUseGuard guard,
      ChainDefinitions chains,
      NodePools nodes,
      InstantSource clock,
      MeterRegistry meters) {
    ChainTracking tracking =
        new ChainTracking(
            unitOfWork, requests, audit, guard, chains, nodes, clock, UUID.randomUUID());
    LaneMetrics.register(
        chains.definitions().stream().map(ChainDefinition::id).toList(),
        new PausedLanes(unitOfWork, clock),
        new LaneGaps(unitOfWork, clock),
        tracking,
        meters);
    return tracking;
  }

  @Singleton
  PayloadLedger payloads(UnitOfWork unitOfWork, InstantSource clock) {
    return new PostgresPayloadLedger(unitOfWork, clock);
  }

  @Singleton
  ReplacementPolicy replacementPolicy(
      PermitMint mint, ActivePolicies policies, HoldSeals holdSeals, PostgresFreezes freezes) {
    return new PostgresReplacementPolicy(mint, policies, holdSeals, freezes);
  }

  @Singleton
  ReplacementPricer replacementPricer(NodePools nodes, ChainDefinitions chains) {
    return new NodeReplacementPricer(nodes, chains);
  }
}
