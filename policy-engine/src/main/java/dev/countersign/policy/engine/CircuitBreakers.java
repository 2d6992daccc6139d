package dev.countersign.policy.engine;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.freeze.Freeze;
import dev.countersign.core.freeze.FreezeReason;
import dev.countersign.core.freeze.FreezeScope;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.policy.breaker.Breaker;
import dev.countersign.policy.freeze.FreezeStore;
import dev.countersign.policy.freeze.FreezeStore.Frozen;
import dev.countersign.policy.store.StoredDecision;
import java.math.BigInteger;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Freezes a scope when it trips a breaker of the active policy.
///
/// What is decided is tallied in the deciding transaction: one insert for a batch, and none without
/// breakers. Once that is committed, whoever decided it counts what all instances did, before it
/// goes on to the next: it holds no lock then, and of several that come to the maximum together the
/// last to commit sees them all. So what passes beyond the maximum is what others were deciding at
/// that time, a batch for each.
///
/// Safe for concurrent use.
public final class CircuitBreakers {
  private static final Logger LOG = LoggerFactory.getLogger(CircuitBreakers.class);
  private static final Actor ACTOR = Actor.system("breakers");

  private final UnitOfWork unitOfWork;
  private final FreezeStore freezes;
  private final InstantSource clock;

  /// What could not be counted when it should have been.
  private final Set<Due> overdue = ConcurrentHashMap.newKeySet();

  public CircuitBreakers(UnitOfWork unitOfWork, FreezeStore freezes, InstantSource clock) {
    this.unitOfWork = unitOfWork;
    this.freezes = freezes;
    this.clock = clock;
  }

  /// A breaker to look at, and where something was counted.
  private record Due(Breaker breaker, FreezeScope scope) {}

  /// Counts what `transaction` decided, once it is committed.
  ///
  /// @param breakers of the policy that decided it
  void count(Transaction transaction, List<Breaker> breakers, List<StoredDecision> decided) {
    List<StoredDecision> counted = decided.stream().filter(Tallies::isCounted).toList();
    if (breakers.isEmpty() || counted.isEmpty()) {
      return;
    }
    Tallies.insert(transaction.unwrap(Handle.class), counted);
    Set<Due> due = new HashSet<>(overdue);
    for (StoredDecision stored : counted) {
      for (Breaker breaker : breakers) {
        due.add(
            new Due(
                breaker, breaker.scope().of(stored.subject().wallet(), stored.subject().chain())));
      }
    }
    transaction.afterCommit(() -> check(due));
  }

  /// Takes away what no breaker counts any more; to be run every few minutes.
  public void forget() {
    unitOfWork.run(transaction -> Tallies.forget(transaction.unwrap(Handle.class)));
  }

  /// Never fails: what was decided is committed, and its answer is to be given.
  private void check(Set<Due> due) {
    try {
      List<Due> tripped =
          unitOfWork.inTransaction(
              transaction -> due.stream().filter(one -> isTripped(transaction, one)).toList());
      for (Due one : tripped) {
        unitOfWork
            .inTransaction(transaction -> trip(transaction, one))
            .ifPresent(CircuitBreakers::tell);
      }
      overdue.removeAll(due);
    } catch (RuntimeException e) {
      overdue.addAll(due);
      LOG.error("breakers could not count; they do with the next decision", e);
    }
  }

  /// Counts once more while nothing is admitted: so the reason has the number that stays.
  private Optional<Freeze> trip(Transaction transaction, Due one) {
    freezes.holdAdmissions(transaction);
    if (!isTripped(transaction, one)) {
      return Optional.empty();
    }
    Frozen frozen =
        freezes.freeze(
            transaction,
            one.scope(),
            new FreezeReason(one.breaker().tripped(counted(transaction, one))),
            ACTOR,
            clock.instant());
    return Optional.of(frozen).filter(Frozen::isNew).map(Frozen::freeze);
  }

  private static boolean isTripped(Transaction transaction, Due one) {
    return counted(transaction, one).compareTo(one.breaker().maximum()) > 0;
  }

  private static BigInteger counted(Transaction transaction, Due one) {
    return Tallies.count(transaction.unwrap(Handle.class), one.breaker(), one.scope());
  }

  private static void tell(Freeze freeze) {
    LOG.error("{} is frozen: {}", freeze.scope().text(), freeze.reason());
  }
}
