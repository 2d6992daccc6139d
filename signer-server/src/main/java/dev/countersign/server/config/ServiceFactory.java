package dev.countersign.server.config;

import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.search.EntrySearch;
import dev.countersign.audit.store.EntryBodies;
import dev.countersign.audit.store.Integrator;
import dev.countersign.audit.store.LogExport;
import dev.countersign.audit.store.PostgresAuditReader;
import dev.countersign.audit.store.Witnessing;
import dev.countersign.core.decision.HoldSeals;
import dev.countersign.core.model.BackendName;
import dev.countersign.core.pipeline.HeldRequests;
import dev.countersign.core.pipeline.Replacements;
import dev.countersign.core.pipeline.SigningPipeline;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.ChainDirectory;
import dev.countersign.core.port.DecisionHistory;
import dev.countersign.core.port.KeyBackends;
import dev.countersign.core.port.PayloadLedger;
import dev.countersign.core.port.RequestLedger;
import dev.countersign.core.port.TransactionPricer;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.port.WalletDirectory;
import dev.countersign.nonce.lane.Lanes;
import dev.countersign.nonce.node.NodePools;
import dev.countersign.policy.change.Proposals;
import dev.countersign.policy.feed.PriceFeeds;
import dev.countersign.policy.freeze.FreezeStore;
import dev.countersign.policy.freeze.PostgresFreezes;
import dev.countersign.policy.hold.PostgresApprovals;
import dev.countersign.policy.replay.PolicyReplay;
import dev.countersign.policy.shadow.ShadowFollower;
import dev.countersign.policy.shadow.ShadowStore;
import dev.countersign.policy.store.ActivePolicies;
import dev.countersign.policy.store.PolicyStore;
import dev.countersign.server.access.CallerRefusals;
import dev.countersign.server.access.ClientRegistry;
import dev.countersign.server.access.ClientTokens;
import dev.countersign.server.blob.BlobReading;
import dev.countersign.server.grpc.AdminGrpc;
import dev.countersign.server.grpc.ApprovalGrpc;
import dev.countersign.server.grpc.AuditGrpc;
import dev.countersign.server.grpc.BalanceReading;
import dev.countersign.server.grpc.Batching;
import dev.countersign.server.grpc.Covering;
import dev.countersign.server.grpc.Freezing;
import dev.countersign.server.grpc.Laning;
import dev.countersign.server.grpc.PolicyGrpc;
import dev.countersign.server.grpc.PolicyInsightGrpc;
import dev.countersign.server.grpc.PriceGrpc;
import dev.countersign.server.grpc.Replacing;
import dev.countersign.server.grpc.RequestMessages;
import dev.countersign.server.grpc.RequestProofs;
import dev.countersign.server.grpc.Shadowing;
import dev.countersign.server.grpc.SigningGrpc;
import dev.countersign.server.grpc.StrictAnswers;
import dev.countersign.server.grpc.TokenGranting;
import dev.countersign.server.grpc.WalletGrpc;
import dev.countersign.server.jsonrpc.JsonRpc;
import dev.countersign.server.settings.Settings;
import dev.countersign.server.store.PostgresRequestLedger;
import dev.countersign.server.watch.RequestWatch;
import dev.countersign.vault.balance.Balances;
import dev.countersign.vault.wallet.VaultRegistry;
import dev.countersign.vault.wallet.WalletRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;

/// The services that clients call.
@Factory
final class ServiceFactory {

  @Singleton
  @Bean(preDestroy = "close")
  RequestWatch requestWatch(PostgresRequestLedger requests) {
    return new RequestWatch(requests);
  }

  @Singleton
  SigningGrpc signing(
      SigningPipeline pipeline,
      BlobReading blobs,
      HeldRequests held,
      Replacements replacements,
      RequestLedger requests,
      RequestWatch watch,
      PayloadLedger payloads,
      DecisionHistory decisions,
      PostgresAuditReader reader,
      Integrator integrator,
      Witnessing witnessing,
      StrictAnswers strict,
      UnitOfWork unitOfWork,
      AuditTrail audit,
      InstantSource clock) {
    RequestMessages messages = new RequestMessages(payloads, decisions);
    return new SigningGrpc(
        pipeline,
        blobs,
        new Batching(pipeline, blobs, messages, strict, unitOfWork, audit, clock),
        new Replacing(held, replacements, requests),
        requests,
        watch,
        messages,
        new RequestProofs(reader, integrator, witnessing),
        strict);
  }

  @Singleton
  ApprovalGrpc approvals(
      UnitOfWork unitOfWork,
      RequestLedger requests,
      AuditTrail audit,
      ActivePolicies policies,
      HoldSeals holdSeals) {
    return new ApprovalGrpc(
        new PostgresApprovals(unitOfWork, requests, audit, policies, holdSeals));
  }

  @Singleton
  PriceGrpc prices(PriceFeeds feeds) {
    return new PriceGrpc(feeds);
  }

  @Singleton
  StrictAnswers strictAnswers(Settings settings, Integrator integrator) {
    return new StrictAnswers(settings.audit().strict(), integrator::awaitIntegration);
  }

  @Singleton
  WalletGrpc wallets(
      VaultRegistry vaults,
      WalletRegistry wallets,
      KeyBackends backends,
      Balances balances,
      StrictAnswers strict) {
    return new WalletGrpc(vaults, wallets, backends, new BalanceReading(balances), strict);
  }

  @Singleton
  AuditGrpc audit(
      PostgresAuditReader reader,
      UnitOfWork unitOfWork,
      Integrator integrator,
      Witnessing witnessing,
      Settings settings,
      EntryBodies bodies,
      CheckpointSigner signer) {
    return new AuditGrpc(
        reader,
        new LogExport(unitOfWork, settings.audit().witnesses().policy(), bodies),
        new EntrySearch(unitOfWork, bodies),
        integrator,
        witnessing,
        signer.verifierKey());
  }

  @Singleton
  PolicyGrpc policy(
      UnitOfWork unitOfWork, PolicyStore policies, Proposals proposals, StrictAnswers strict) {
    return new PolicyGrpc(unitOfWork, policies, proposals, strict);
  }

  @Singleton
  PolicyReplay policyReplay(
      UnitOfWork unitOfWork, PostgresRequestLedger requests, WalletDirectory wallets) {
    return new PolicyReplay(unitOfWork, requests, wallets);
  }

  @Singleton
  ShadowFollower shadow(
      UnitOfWork unitOfWork, PolicyReplay replay, Settings settings, InstantSource clock) {
    return new ShadowFollower(unitOfWork, new ShadowStore(), replay, settings.instance(), clock);
  }

  @Singleton
  PolicyInsightGrpc policyInsight(
      UnitOfWork unitOfWork,
      PolicyReplay replay,
      RequestLedger requests,
      PolicyStore policies,
      InstantSource clock) {
    return new PolicyInsightGrpc(
        replay,
        new Shadowing(unitOfWork, new ShadowStore(), requests, clock),
        new Covering(unitOfWork, policies),
        clock);
  }

  @Singleton
  Freezing freezing(
      UnitOfWork unitOfWork,
      FreezeStore store,
      PostgresFreezes freezes,
      StrictAnswers strict,
      InstantSource clock) {
    return new Freezing(unitOfWork, store, freezes, strict, clock);
  }

  @Singleton
  Laning laning(
      UnitOfWork unitOfWork,
      Lanes lanes,
      WalletRegistry wallets,
      PostgresFreezes freezes,
      StrictAnswers strict) {
    return new Laning(unitOfWork, lanes, wallets, freezes, strict);
  }

  @Singleton
  ClientTokens clientTokens(
      UnitOfWork unitOfWork, AuditTrail audit, InstantSource clock, SecureRandom random) {
    return new ClientTokens(unitOfWork, audit, clock, random);
  }

  @Singleton
  @Bean(preDestroy = "close")
  JsonRpc jsonRpc(
      Settings settings,
      SigningPipeline pipeline,
      RequestLedger requests,
      PayloadLedger payloads,
      StrictAnswers strict,
      UnitOfWork unitOfWork,
      AuditTrail audit,
      TransactionPricer pricer,
      NodePools nodes,
      BlobReading blobs,
      WalletRegistry wallets,
      ChainDirectory chains,
      ClientTokens tokens,
      CallerRefusals refusals,
      InstantSource clock) {
    return new JsonRpc(
        settings,
        new JsonRpc.Parts(
            pipeline,
            requests,
            payloads,
            strict,
            unitOfWork,
            audit,
            pricer,
            nodes,
            blobs,
            wallets,
            chains,
            tokens,
            refusals,
            clock),
        BuildVersion.text());
  }

  @Singleton
  AdminGrpc admin(
      Settings settings,
      ChainDirectory chains,
      Pkcs11Tokens tokens,
      Freezing freezing,
      Laning laning,
      ClientTokens clientTokens,
      InstantSource clock) {
    return new AdminGrpc(
        new AdminGrpc.Instance(BuildVersion.text(), settings.instance(), clock.instant()),
        chains,
        () -> usable(tokens),
        freezing,
        laning,
        new TokenGranting(new ClientRegistry(settings.clients()), clientTokens, clock));
  }

  private static Map<BackendName, Boolean> usable(Pkcs11Tokens tokens) {
    Map<BackendName, Boolean> usable = new TreeMap<>();
    tokens.open().forEach(one -> usable.put(one.name(), one.unavailability().isEmpty()));
    return usable;
  }
}
