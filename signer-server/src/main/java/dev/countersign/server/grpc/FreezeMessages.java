package dev.countersign.server.grpc;

import dev.countersign.api.v1.FrozenScope;
import dev.countersign.core.freeze.Freeze;

/// Freezes as the API tells them.
final class FreezeMessages {
  private FreezeMessages() {}

  static FrozenScope of(Freeze freeze) {
    return FrozenScope.newBuilder()
        .setId(freeze.id().toString())
        .setScope(freeze.scope().text())
        .setReason(freeze.reason().value())
        .setFrozenBy(freeze.by())
        .setFreezeTime(RequestMessages.timestamp(freeze.at()))
        .build();
  }
}
