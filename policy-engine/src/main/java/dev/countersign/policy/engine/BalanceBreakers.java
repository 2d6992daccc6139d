package dev.countersign.policy.engine;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.balance.BalanceChange;
import dev.countersign.core.freeze.FreezeReason;
import dev.countersign.core.freeze.FreezeScope;
import dev.countersign.core.port.BalanceGuard;
import dev.countersign.core.port.BalanceHistory;
import dev.countersign.core.port.BalanceHistory.Seen;
import dev.countersign.core.port.Transaction;
import dev.countersign.policy.breaker.BalanceBreaker;
import dev.countersign.policy.freeze.FreezeStore;
import dev.countersign.policy.freeze.FreezeStore.Frozen;
import dev.countersign.policy.store.ActivePolicies;
import dev.countersign.policy.store.ActivePolicy;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Freezes a scope when a balance trips a breaker of the active policy. Nothing counts twice: what
/// was observed before a scope was last thawed does not freeze it again.
public final class BalanceBreakers implements BalanceGuard {
  private static final Logger LOG = LoggerFactory.getLogger(BalanceBreakers.class);
  private static final Actor ACTOR = Actor.system("breakers");

  private static final String SINCE =
      """
      SELECT greatest(
        now() - make_interval(secs => :seconds),
        (SELECT max(recorded_at) FROM policy.thaw
          JOIN policy.frozen ON frozen.id = thaw.frozen WHERE scope = :scope)) AS since
      """;

  private final ActivePolicies policies;
  private final FreezeStore freezes;
  private final InstantSource clock;

  public BalanceBreakers(ActivePolicies policies, FreezeStore freezes, InstantSource clock) {
    this.policies = policies;
    this.freezes = freezes;
    this.clock = clock;
  }

  @Override
  public void judge(Transaction transaction, List<BalanceChange> changes, BalanceHistory history) {
    if (changes.isEmpty()) {
      return;
    }
    Handle handle = transaction.unwrap(Handle.class);
    ActivePolicy active = policies.look(handle);
    if (active instanceof ActivePolicy.Unusable(var version, var reason) && version.number() > 0) {
      // Another instance may have what this one lacks; nothing is taken as judged meanwhile.
      throw new IllegalStateException("no balance can be judged: " + reason);
    }
    List<BalanceBreaker> breakers = active.breakers().balances();
    for (BalanceChange change : changes) {
      for (BalanceBreaker breaker : breakers) {
        if (breaker.asset().covers(change.asset())) {
          FreezeScope scope = breaker.scope().of(change.wallet(), change.asset().chain());
          tripped(transaction, breaker, scope, change, history)
              .ifPresent(reason -> freeze(transaction, scope, reason));
        }
      }
    }
  }

  private static Optional<String> tripped(
      Transaction transaction,
      BalanceBreaker breaker,
      FreezeScope scope,
      BalanceChange change,
      BalanceHistory history) {
    return switch (breaker.counts()) {
      case DROP -> {
        if (!change.isFall()) {
          yield Optional.empty();
        }
        Optional<Seen> peak =
            history.peak(
                transaction,
                change.wallet().id(),
                change.asset(),
                since(transaction, breaker.window(), scope));
        yield peak.filter(
                seen ->
                    breaker
                        .maximum()
                        .isExceededBy(seen.amount().subtract(change.after()), seen.amount()))
            .map(seen -> breaker.dropped(change, seen));
      }
      case UNEXPLAINED -> {
        if (change.unexplained().signum() == 0) {
          yield Optional.empty();
        }
        BigInteger missing =
            history.unexplained(
                transaction,
                change.wallet().id(),
                change.asset(),
                since(transaction, breaker.window(), scope));
        yield breaker.maximum().isExceededBy(missing, change.expected())
            ? Optional.of(breaker.unexplained(change, missing))
            : Optional.empty();
      }
    };
  }

  private static Instant since(Transaction transaction, Duration window, FreezeScope scope) {
    return transaction
        .unwrap(Handle.class)
        .createQuery(SINCE)
        .bind("seconds", window.toSeconds())
        .bind("scope", scope.text())
        .mapTo(OffsetDateTime.class)
        .one()
        .toInstant();
  }

  private void freeze(Transaction transaction, FreezeScope scope, String reason) {
    Frozen frozen =
        freezes.freeze(transaction, scope, FreezeReason.cut(reason), ACTOR, clock.instant());
    if (frozen.isNew()) {
      transaction.afterCommit(() -> LOG.error("{} is frozen: {}", scope.text(), reason));
    }
  }
}
