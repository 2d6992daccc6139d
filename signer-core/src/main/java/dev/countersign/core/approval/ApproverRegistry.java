package dev.countersign.core.approval;

import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.InvalidValueException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Everybody who may approve, as one policy names them. No key belongs to two.
public record ApproverRegistry(Map<ApproverName, Approver> approvers) {
  public static final ApproverRegistry EMPTY = new ApproverRegistry(Map.of());

  public ApproverRegistry {
    approvers = Map.copyOf(approvers);
    Set<ApproverKey> keys = new HashSet<>();
    for (Approver approver : approvers.values()) {
      for (ApproverKey key : approver.keys()) {
        if (!keys.add(key)) {
          throw InvalidValueException.of("approver key", key.text(), "a key of one approver alone");
        }
      }
    }
  }

  public Optional<Approver> find(ApproverName name) {
    return Optional.ofNullable(approvers.get(name));
  }

  /// The approvers that are the same person as `client`: none of them can approve what it asks for.
  public Set<ApproverName> personsOf(ClientId client) {
    return approvers.entrySet().stream()
        .filter(entry -> entry.getValue().client().filter(client::equals).isPresent())
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }
}
