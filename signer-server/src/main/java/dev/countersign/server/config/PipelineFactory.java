package dev.countersign.server.config;

import dev.countersign.core.pipeline.HeldRequests;
import dev.countersign.core.pipeline.PipelineObserver;
import dev.countersign.core.pipeline.PipelineParts;
import dev.countersign.core.pipeline.ReplacementObserver;
import dev.countersign.core.pipeline.ReplacementParts;
import dev.countersign.core.pipeline.ReplacementResumption;
import dev.countersign.core.pipeline.Replacements;
import dev.countersign.core.pipeline.Resumption;
import dev.countersign.core.pipeline.SigningPipeline;
import dev.countersign.core.pipeline.StuckTransactions;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.Broadcaster;
import dev.countersign.core.port.ChainDirectory;
import dev.countersign.core.port.Freezes;
import dev.countersign.core.port.KeyBackends;
import dev.countersign.core.port.NonceLedger;
import dev.countersign.core.port.PayloadLedger;
import dev.countersign.core.port.PolicyEngine;
import dev.countersign.core.port.ReplacementPolicy;
import dev.countersign.core.port.ReplacementPricer;
import dev.countersign.core.port.RequestLedger;
import dev.countersign.core.port.TransactionPricer;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.port.WalletDirectory;
import dev.countersign.core.replacement.ReplacementTerms;
import dev.countersign.nonce.chain.ChainDefinition;
import dev.countersign.nonce.chain.ChainDefinitions;
import dev.countersign.server.settings.Settings;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.InstantSource;

/// The pipeline, from its parts.
@Factory
final class PipelineFactory {

  @Singleton
  PipelineParts parts(
      UnitOfWork unitOfWork,
      RequestLedger requests,
      WalletDirectory wallets,
      ChainDirectory chains,
      TransactionPricer pricer,
      PolicyEngine policy,
      Freezes freezes,
      NonceLedger nonces,
      KeyBackends backends,
      AuditTrail audit,
      Broadcaster broadcaster,
      InstantSource clock,
      SecureRandom random) {
    return new PipelineParts(
        unitOfWork,
        requests,
        wallets,
        chains,
        pricer,
        policy,
        freezes,
        nonces,
        backends,
        audit,
        broadcaster,
        clock,
        random);
  }

  @Singleton
  SigningPipeline pipeline(PipelineParts parts, Settings settings, PipelineObserver observer) {
    return new SigningPipeline(parts, settings.batch(), observer);
  }

  @Singleton
  Resumption resumption(SigningPipeline pipeline, PipelineParts parts) {
    return new Resumption(pipeline, parts);
  }

  @Singleton
  HeldRequests heldRequests(SigningPipeline pipeline, PipelineParts parts) {
    return new HeldRequests(pipeline, parts);
  }

  @Singleton
  ReplacementParts replacementParts(
      PipelineParts parts,
      PayloadLedger payloads,
      ReplacementPolicy policy,
      ReplacementPricer pricer,
      ChainDefinitions chains) {
    return new ReplacementParts(
        parts,
        payloads,
        policy,
        pricer,
        chain ->
            chains
                .definition(chain)
                .map(ChainDefinition::replacement)
                .orElse(ReplacementTerms.DEFAULT));
  }

  @Singleton
  Replacements replacements(ReplacementParts parts, ReplacementObserver observer) {
    return new Replacements(parts, observer);
  }

  @Singleton
  ReplacementResumption replacementResumption(Replacements replacements, ReplacementParts parts) {
    return new ReplacementResumption(replacements, parts);
  }

  @Singleton
  StuckTransactions stuckTransactions(Replacements replacements, ReplacementParts parts) {
    return new StuckTransactions(replacements, parts);
  }
}
