package dev.countersign.core.port;

/// A database transaction that several features write in. Bound to the thread that began it.
public interface Transaction {

  /// The handle that the adapters of the features speak SQL through, by the type they agreed on.
  ///
  /// @throws IllegalArgumentException when this transaction is not backed by a `type`
  <T> T unwrap(Class<T> type);

  /// Runs `action` once this transaction is durable, on the same thread; never after a rollback.
  void afterCommit(Runnable action);
}
