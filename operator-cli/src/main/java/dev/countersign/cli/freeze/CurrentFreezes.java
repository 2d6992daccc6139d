package dev.countersign.cli.freeze;

import dev.countersign.api.v1.FrozenScope;
import dev.countersign.api.v1.ListFreezesRequest;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.connection.ServerConnection;
import dev.countersign.core.freeze.Freeze;
import dev.countersign.core.freeze.FreezeId;
import dev.countersign.core.freeze.FreezeReason;
import dev.countersign.core.freeze.FreezeScope;
import dev.countersign.core.model.InvalidValueException;
import java.util.List;

/// What the server says is frozen.
record CurrentFreezes(List<FrozenScope> scopes) {
  static CurrentFreezes of(ServerConnection server) {
    return new CurrentFreezes(
        server.admin().listFreezes(ListFreezesRequest.getDefaultInstance()).getFreezesList());
  }

  Freeze find(FreezeId id) {
    return scopes.stream()
        .filter(scope -> scope.getId().equals(id.toString()))
        .findFirst()
        .map(CurrentFreezes::read)
        .orElseThrow(() -> CommandException.no("nothing is frozen by %s now".formatted(id)));
  }

  private static Freeze read(FrozenScope scope) {
    try {
      return new Freeze(
          FreezeId.parse(scope.getId()),
          FreezeScope.parse(scope.getScope()),
          new FreezeReason(scope.getReason()),
          scope.getFrozenBy(),
          FreezesCommand.time(scope));
    } catch (InvalidValueException e) {
      throw CommandException.unavailable("the server's freeze cannot be read: " + e.getMessage());
    }
  }
}
