package dev.countersign.policy.freeze;

import dev.countersign.core.decision.ThawSeals;
import dev.countersign.core.freeze.FrozenScopes;
import dev.countersign.core.port.Freezes;
import dev.countersign.core.port.StoreUnavailableException;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.port.UnitOfWork;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.Handle;

/// What is frozen, read from the database once for each change. Asking costs one short statement,
/// and [#known] none as long as [#refresh] is run every [#EVERY]. Safe for concurrent use.
///
/// A freeze that was read stays until a sealed thaw of it is: taking its row away, which only the
/// owner of the schema can, lifts it on no instance that runs.
public final class PostgresFreezes implements Freezes {
  /// How often [#refresh] is to be run on each instance.
  public static final Duration EVERY = Duration.ofMillis(250);

  /// The oldest knowledge that a key is used on. With the time from there to the key it stays
  /// below the second of invariant 11.
  static final Duration FRESH = Duration.ofMillis(800);

  private static final String HOLD = "SELECT freezes, thaws FROM policy.hold_freezes()";
  private static final String LOOK = "SELECT freezes, thaws FROM policy.freeze_mark";

  private final UnitOfWork unitOfWork;
  private final FreezeRows rows;
  private final LongSupplier nanoTime;
  private final AtomicReference<Seen> seen;
  private final ReentrantLock refreshing = new ReentrantLock();

  public PostgresFreezes(UnitOfWork unitOfWork, ThawSeals seals) {
    this(unitOfWork, seals, System::nanoTime);
  }

  /// @param nanoTime as [System#nanoTime]
  PostgresFreezes(UnitOfWork unitOfWork, ThawSeals seals, LongSupplier nanoTime) {
    this.unitOfWork = unitOfWork;
    this.rows = new FreezeRows(seals);
    this.nanoTime = nanoTime;
    this.seen =
        new AtomicReference<>(
            new Seen(
                new FreezeMark(-1, -1),
                FrozenScopes.NONE,
                nanoTime.getAsLong() - FRESH.toNanos() - 1));
  }

  /// @param at before it was asked for
  private record Seen(FreezeMark mark, FrozenScopes scopes, long at) {}

  @Override
  public FrozenScopes hold(Transaction transaction) {
    return read(transaction.unwrap(Handle.class), HOLD);
  }

  /// What is frozen at this moment.
  public FrozenScopes look(Transaction transaction) {
    return read(transaction.unwrap(Handle.class), LOOK);
  }

  /// Reads what is frozen, so that [#known] knows.
  ///
  /// @throws StoreUnavailableException when it cannot be read
  public void refresh() {
    unitOfWork.run(this::look);
  }

  @Override
  public Known known() {
    Seen latest = seen.get();
    if (isFresh(latest)) {
      return new Known.Current(latest.scopes());
    }
    // Refreshing is late: one of those who wait asks for all of them.
    refreshing.lock();
    try {
      if (!isFresh(seen.get())) {
        refresh();
      }
    } catch (StoreUnavailableException e) {
      return new Known.Outdated("what is frozen cannot be read: " + e.getMessage());
    } finally {
      refreshing.unlock();
    }
    latest = seen.get();
    return isFresh(latest)
        ? new Known.Current(latest.scopes())
        : new Known.Outdated("what is frozen was not read within " + FRESH);
  }

  private static long later(long one, long other) {
    return one - other >= 0 ? one : other;
  }

  private boolean isFresh(Seen latest) {
    return nanoTime.getAsLong() - latest.at() <= FRESH.toNanos();
  }

  private FrozenScopes read(Handle handle, String question) {
    long began = nanoTime.getAsLong();
    Seen before = seen.get();
    FreezeMark mark = handle.createQuery(question).map((row, context) -> FreezeMark.of(row)).one();
    FrozenScopes scopes =
        mark.equals(before.mark()) ? before.scopes() : rows.frozen(handle, before.scopes());
    // Who asked before a freeze, and comes back after who asked later, does not make it forgotten.
    seen.updateAndGet(
        current ->
            mark.isAtLeast(current.mark())
                ? new Seen(mark, scopes, later(began, current.at()))
                : current);
    return scopes;
  }
}
