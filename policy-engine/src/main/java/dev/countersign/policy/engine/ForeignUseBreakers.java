package dev.countersign.policy.engine;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.freeze.FreezeReason;
import dev.countersign.core.freeze.FreezeScope;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.port.Transaction;
import dev.countersign.policy.breaker.ForeignUseBreaker;
import dev.countersign.policy.freeze.FreezeStore;
import dev.countersign.policy.freeze.FreezeStore.Frozen;
import dev.countersign.policy.store.ActivePolicies;
import dev.countersign.policy.store.ActivePolicy;
import java.time.InstantSource;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Freezes a scope when somebody else has used the key of one of its wallets, where the active
/// policy has a breaker for it.
public final class ForeignUseBreakers {
  private static final Logger LOG = LoggerFactory.getLogger(ForeignUseBreakers.class);
  private static final Actor ACTOR = Actor.system("breakers");

  private final ActivePolicies policies;
  private final FreezeStore freezes;
  private final InstantSource clock;

  public ForeignUseBreakers(ActivePolicies policies, FreezeStore freezes, InstantSource clock) {
    this.policies = policies;
    this.freezes = freezes;
    this.clock = clock;
  }

  /// Judges it in the transaction that pauses the wallet's lane.
  ///
  /// @param detail what was seen
  public void judge(Transaction transaction, Wallet wallet, ChainId chain, String detail) {
    ActivePolicy active = policies.look(transaction.unwrap(Handle.class));
    if (active instanceof ActivePolicy.Unusable(var version, var reason) && version.number() > 0) {
      // Another instance may have what this one lacks; nothing is taken as judged meanwhile.
      throw new IllegalStateException("foreign use cannot be judged: " + reason);
    }
    for (ForeignUseBreaker breaker : active.breakers().foreignUse()) {
      FreezeScope scope = breaker.scope().of(wallet, chain);
      String reason = breaker.tripped(detail);
      Frozen frozen =
          freezes.freeze(transaction, scope, FreezeReason.cut(reason), ACTOR, clock.instant());
      if (frozen.isNew()) {
        transaction.afterCommit(() -> LOG.error("{} is frozen: {}", scope.text(), reason));
      }
    }
  }
}
