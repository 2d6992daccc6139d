package dev.countersign.policy.approval;

import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.approval.ApproverRegistry;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Who approves by one policy.
///
/// @param groups by name; every member is in the registry
public record PolicyApprovers(ApproverRegistry registry, Map<String, Set<ApproverName>> groups) {
  public static final PolicyApprovers EMPTY = new PolicyApprovers(ApproverRegistry.EMPTY, Map.of());

  public PolicyApprovers {
    groups =
        groups.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, group -> Set.copyOf(group.getValue())));
  }
}
