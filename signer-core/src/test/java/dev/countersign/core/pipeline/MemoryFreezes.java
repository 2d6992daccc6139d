package dev.countersign.core.pipeline;

import dev.countersign.core.freeze.Freeze;
import dev.countersign.core.freeze.FreezeId;
import dev.countersign.core.freeze.FreezeReason;
import dev.countersign.core.freeze.FreezeScope;
import dev.countersign.core.freeze.FrozenScopes;
import dev.countersign.core.port.Freezes;
import dev.countersign.core.port.Transaction;
import java.util.List;
import java.util.UUID;

/// What a test says is frozen, and what the process knows of it.
final class MemoryFreezes implements Freezes {
  private volatile FrozenScopes stored = FrozenScopes.NONE;
  private volatile Known known = new Known.Current(FrozenScopes.NONE);

  /// Frozen, and known to be.
  void freeze(String scope) {
    freezeUnknown(scope);
    known = new Known.Current(stored);
  }

  /// Frozen, and this process has not read it yet.
  void freezeUnknown(String scope) {
    stored =
        new FrozenScopes(
            List.of(
                new Freeze(
                    new FreezeId(new UUID(1, 1)),
                    FreezeScope.parse(scope),
                    new FreezeReason("test"),
                    "risk",
                    AdmittedRequests.NOON)));
  }

  void thaw() {
    stored = FrozenScopes.NONE;
    known = new Known.Current(stored);
  }

  void losesSight() {
    known = new Known.Outdated("the database is away");
  }

  @Override
  public FrozenScopes hold(Transaction transaction) {
    return stored;
  }

  @Override
  public Known known() {
    return known;
  }
}
