package dev.countersign.nonce.model;

import dev.countersign.core.port.Transaction;
import dev.countersign.core.port.UnitOfWork;
import java.util.function.Function;

/// Transactions of a process that dies: before one, in it, or after its commit. From then on it
/// does nothing any more.
final class CrashingUnitOfWork implements UnitOfWork {
  private final UnitOfWork real;
  private int transactionsLeft = Integer.MAX_VALUE;
  private When when = When.BEFORE;
  private boolean dead;

  /// When in a transaction it dies.
  enum When {
    BEFORE,
    UNCOMMITTED,
    COMMITTED
  }

  /// It has died.
  static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Crash() {
      super("the process dies here", null, false, false);
    }
  }

  CrashingUnitOfWork(UnitOfWork real) {
    this.real = real;
  }

  /// It dies in the transaction after so many more.
  void crashAfter(int transactions, When moment) {
    transactionsLeft = transactions;
    when = moment;
  }

  boolean isDead() {
    return dead;
  }

  @Override
  public <T> T inTransaction(Function<Transaction, T> work) {
    if (dead) {
      throw new Crash();
    }
    boolean last = transactionsLeft-- <= 0;
    if (last) {
      dead = true;
    }
    if (last && when == When.BEFORE) {
      throw new Crash();
    }
    T result =
        real.inTransaction(
            transaction -> {
              T done = work.apply(transaction);
              if (last && when == When.UNCOMMITTED) {
                throw new Crash();
              }
              return done;
            });
    if (last) {
      throw new Crash();
    }
    return result;
  }
}
