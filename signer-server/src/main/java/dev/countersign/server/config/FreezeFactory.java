package dev.countersign.server.config;

import dev.countersign.core.decision.SealKey;
import dev.countersign.core.decision.ThawSeals;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.ThawAuthority;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.policy.engine.CircuitBreakers;
import dev.countersign.policy.freeze.FreezeStore;
import dev.countersign.policy.freeze.PostgresFreezes;
import dev.countersign.policy.freeze.QuorumThaw;
import dev.countersign.policy.store.ActivePolicies;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/// What stops signing.
@Factory
final class FreezeFactory {

  @Singleton
  ThawSeals thawSeals(SealKey key) {
    return new ThawSeals(key);
  }

  @Singleton
  PostgresFreezes freezes(UnitOfWork unitOfWork, ThawSeals seals) {
    return new PostgresFreezes(unitOfWork, seals);
  }

  @Singleton
  ThawAuthority thawAuthority(ActivePolicies policies) {
    return new QuorumThaw(policies);
  }

  @Singleton
  FreezeStore freezeStore(AuditTrail audit, ThawSeals seals, ThawAuthority authority) {
    return new FreezeStore(audit, seals, authority);
  }

  @Singleton
  CircuitBreakers breakers(UnitOfWork unitOfWork, FreezeStore freezes, InstantSource clock) {
    return new CircuitBreakers(unitOfWork, freezes, clock);
  }
}
