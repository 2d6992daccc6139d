package dev.countersign.server.config;

import dev.countersign.core.decision.ChangeSeals;
import dev.countersign.core.decision.PolicySeals;
import dev.countersign.core.decision.SealKey;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.policy.change.FoundingCeremony;
import dev.countersign.policy.change.Proposals;
import dev.countersign.policy.feed.PriceFeeds;
import dev.countersign.policy.limit.LimitClock;
import dev.countersign.policy.store.ActivePolicies;
import dev.countersign.policy.store.PolicyMemory;
import dev.countersign.policy.store.PolicyStore;
import dev.countersign.policy.succession.Founders;
import dev.countersign.policy.succession.FoundersReader;
import dev.countersign.policy.succession.FoundersReader.Reading;
import dev.countersign.server.settings.Settings;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;

/// Which policy is active, and how another comes to be.
@Factory
final class PolicyFactory {

  @Singleton
  Founders founders(Settings settings) {
    Path file = settings.policy().founders();
    try {
      return switch (FoundersReader.read(Files.readAllBytes(file))) {
        case Reading.Valid(Founders founders) -> founders;
        case Reading.Invalid invalid ->
            throw new StartException(
                "the founders' file " + file + " is wrong:\n" + invalid.text());
      };
    } catch (IOException e) {
      throw new StartException("the founders' file " + file + " cannot be read: " + e, e);
    }
  }

  @Singleton
  PolicySeals policySeals(SealKey key) {
    return new PolicySeals(key);
  }

  @Singleton
  ChangeSeals changeSeals(SealKey key) {
    return new ChangeSeals(key);
  }

  @Singleton
  ActivePolicies activePolicies(Settings settings, PolicySeals seals, Founders founders) {
    return new ActivePolicies(
        seals,
        founders,
        settings.policy().seen().map(PolicyMemory::in).orElseGet(PolicyMemory::ofInstance));
  }

  @Singleton
  PolicyStore policyStore(AuditTrail audit, PolicySeals seals, ActivePolicies policies) {
    return new PolicyStore(audit, seals, policies);
  }

  @Singleton
  FoundingCeremony ceremony(
      UnitOfWork unitOfWork,
      AuditTrail audit,
      ActivePolicies policies,
      PolicyStore store,
      ChangeSeals seals) {
    return new FoundingCeremony(unitOfWork, audit, policies, store, seals);
  }

  @Singleton
  Proposals proposals(
      UnitOfWork unitOfWork,
      AuditTrail audit,
      ActivePolicies policies,
      PolicyStore store,
      ChangeSeals seals,
      InstantSource clock,
      SecureRandom random) {
    return new Proposals(
        unitOfWork,
        audit,
        policies,
        store,
        seals,
        () -> SigningRequestId.next(clock, random).value());
  }

  /// The clock is the database's, by which is judged, too.
  @Singleton
  PriceFeeds priceFeeds(UnitOfWork unitOfWork, ActivePolicies policies) {
    return new PriceFeeds(unitOfWork, policies, new LimitClock.OfDatabase());
  }

  @Singleton
  PolicyStart policyStart(Settings settings, FoundingCeremony ceremony) {
    return new PolicyStart(settings.policy(), ceremony);
  }
}
