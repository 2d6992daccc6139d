package dev.countersign.nonce.model;

import dev.countersign.core.port.Transaction;
import dev.countersign.core.port.UnitOfWork;
import java.util.function.Consumer;
import java.util.function.Function;

/// Transactions of a process that dies: before one, in it, or after its commit. From then on it
/// does nothing any more. Before each of them others may act.
final class CrashingUnitOfWork implements UnitOfWork {
  private final UnitOfWork real;
  private final Runnable before;
  private final Thread thread = Thread.currentThread();
  private int transactionsLeft = Integer.MAX_VALUE;
  private When when = When.BEFORE;
  private Consumer<Transaction> check = _ -> {};
  private boolean open;
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

  /// @param before runs before each transaction, outside of it
  CrashingUnitOfWork(UnitOfWork real, Runnable before) {
    this.real = real;
    this.before = before;
  }

  /// It dies in the transaction after so many more.
  void crashAfter(int transactions, When moment) {
    transactionsLeft = transactions;
    when = moment;
  }

  boolean isDead() {
    return dead;
  }

  /// Holds what is done meanwhile against a rule, each transaction before its commit.
  void checking(Consumer<Transaction> rule, Runnable work) {
    check = rule;
    try {
      work.run();
    } finally {
      check = _ -> {};
    }
  }

  @Override
  public <T> T inTransaction(Function<Transaction, T> work) {
    if (dead) {
      throw new Crash();
    }
    if (!Thread.currentThread().equals(thread)) {
      // A lease that is renewed on the side, which takes no part in the order of things.
      return real.inTransaction(work);
    }
    if (open) {
      throw new AssertionError("a transaction within a transaction");
    }
    before.run();
    boolean last = transactionsLeft-- <= 0;
    if (last) {
      dead = true;
    }
    if (last && when == When.BEFORE) {
      throw new Crash();
    }
    T result = real.inTransaction(transaction -> within(transaction, work, last));
    if (last) {
      throw new Crash();
    }
    return result;
  }

  private <T> T within(Transaction transaction, Function<Transaction, T> work, boolean last) {
    open = true;
    try {
      T done = work.apply(transaction);
      check.accept(transaction);
      if (last && when == When.UNCOMMITTED) {
        throw new Crash();
      }
      return done;
    } finally {
      open = false;
    }
  }
}
