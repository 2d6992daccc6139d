package dev.countersign.core.port;

import dev.countersign.core.freeze.FrozenScopes;

/// What is frozen: nothing of it is admitted or signed (invariant 11). Safe for concurrent use.
///
/// Whoever freezes waits for the transactions that hold what was frozen before, and makes those to
/// come wait: when a freeze has returned, no transaction that did not see it can still commit.
public interface Freezes {

  /// What is frozen, and stays all of it until `transaction` ends. For whoever admits, or makes a
  /// signature durable.
  ///
  /// @throws StoreUnavailableException when it cannot be read; nothing is to be admitted then
  FrozenScopes hold(Transaction transaction);

  /// What is frozen, for whoever is about to use a key. Read less than a second ago, mostly from
  /// memory.
  Known known();

  /// What a process knows of it.
  sealed interface Known {
    record Current(FrozenScopes scopes) implements Known {}

    /// It could not be read within the last second: no key is to be used.
    record Outdated(String reason) implements Known {}
  }
}
