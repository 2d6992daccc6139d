package dev.countersign.core.approval;

import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.InvalidValueException;
import java.util.Optional;
import java.util.Set;

/// What the policy knows of a person who approves.
///
/// @param keys one or more; a person counts once, with however many
/// @param client the client that is this same person, who cannot approve what it asks for
public record Approver(Set<ApproverKey> keys, Optional<ClientId> client) {
  public Approver {
    keys = Set.copyOf(keys);
    if (keys.isEmpty()) {
      throw InvalidValueException.of("keys of an approver", "none", "one or more");
    }
  }
}
