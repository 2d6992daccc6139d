package dev.countersign.core.port;

import java.util.function.Consumer;
import java.util.function.Function;

/// Where transactions begin and end.
public interface UnitOfWork {

  /// Runs `work` in one transaction: committed and durable when this returns, rolled back when
  /// `work` throws. Isolation is READ COMMITTED; whoever needs more takes row locks.
  ///
  /// @throws StoreUnavailableException when the store cannot be reached or the commit's fate is
  /// unknown
  <T> T inTransaction(Function<Transaction, T> work);

  /// [#inTransaction] for work without a result.
  default void run(Consumer<Transaction> work) {
    inTransaction(
        transaction -> {
          work.accept(transaction);
          return true;
        });
  }
}
