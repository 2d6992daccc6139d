package dev.countersign.server.config;

import dev.countersign.core.pipeline.HeldRequests;
import dev.countersign.core.pipeline.PipelineObserver;
import dev.countersign.core.pipeline.PipelineParts;
import dev.countersign.core.pipeline.Resumption;
import dev.countersign.core.pipeline.SigningPipeline;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.Broadcaster;
import dev.countersign.core.port.ChainDirectory;
import dev.countersign.core.port.Freezes;
import dev.countersign.core.port.KeyBackends;
import dev.countersign.core.port.NonceLedger;
import dev.countersign.core.port.PolicyEngine;
import dev.countersign.core.port.RequestLedger;
import dev.countersign.core.port.TransactionPricer;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.port.WalletDirectory;
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
}
