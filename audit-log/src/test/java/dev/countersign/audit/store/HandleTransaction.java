package dev.countersign.audit.store;

import dev.countersign.core.port.Transaction;
import org.jdbi.v3.core.Handle;

/// A transaction that a test holds open; whoever holds the handle ends it.
record HandleTransaction(Handle handle) implements Transaction {

  @Override
  public <T> T unwrap(Class<T> type) {
    return type.cast(handle);
  }

  /// Nobody is told: the test knows.
  @Override
  public void afterCommit(Runnable action) {}
}
