package dev.countersign.core.approval;

import dev.countersign.core.approval.RuleQuorum.Members;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The most seats of some groups that approvers can take, each one seat: a maximum bipartite
/// matching, found by augmenting paths. It grows with the approvers and never gives a seat back, so
/// more approvers fill no fewer.
final class Assignment {
  private final List<Members> groups;
  private final List<Set<ApproverName>> seated;
  private final Map<ApproverName, Integer> seatOf = new HashMap<>();

  private Assignment(List<Members> groups) {
    this.groups = groups;
    this.seated = groups.stream().<Set<ApproverName>>map(group -> new TreeSet<>()).toList();
  }

  static Assignment of(List<Members> groups, Set<ApproverName> approvers) {
    Assignment assignment = new Assignment(groups);
    for (ApproverName approver : new TreeSet<>(approvers)) {
      assignment.seat(approver, new HashSet<>());
    }
    return assignment;
  }

  /// Gives the approver a seat, if need be by moving those who could sit elsewhere.
  ///
  /// @param tried the groups that were looked at on this path
  private boolean seat(ApproverName approver, Set<Integer> tried) {
    for (int group = 0; group < groups.size(); group++) {
      if (groups.get(group).members().contains(approver) && tried.add(group)) {
        if (hasFree(group) || freeOne(group, tried)) {
          @Nullable Integer left = seatOf.put(approver, group);
          if (left != null) {
            seated.get(left).remove(approver);
          }
          seated.get(group).add(approver);
          return true;
        }
      }
    }
    return false;
  }

  private boolean freeOne(int group, Set<Integer> tried) {
    for (ApproverName occupant : List.copyOf(seated.get(group))) {
      if (seat(occupant, tried)) {
        return true;
      }
    }
    return false;
  }

  private boolean hasFree(int group) {
    return seated.get(group).size() < groups.get(group).count();
  }

  boolean isComplete() {
    for (int group = 0; group < groups.size(); group++) {
      if (hasFree(group)) {
        return false;
      }
    }
    return true;
  }

  /// `1 more of treasury (bob, carol) and 2 of risk (dave, erin)`
  String missing(Set<ApproverName> without) {
    List<String> parts = new ArrayList<>();
    for (int group = 0; group < groups.size(); group++) {
      if (hasFree(group)) {
        parts.add(missing(group, without));
      }
    }
    return String.join(" and ", parts);
  }

  private String missing(int group, Set<ApproverName> without) {
    Members asked = groups.get(group);
    int taken = seated.get(group).size();
    String candidates =
        asked.members().stream()
            .filter(member -> !seatOf.containsKey(member) && !without.contains(member))
            .map(ApproverName::value)
            .collect(Collectors.joining(", "));
    return "%d %s %s (%s)"
        .formatted(
            asked.count() - taken,
            taken == 0 ? "of" : "more of",
            asked.group(),
            candidates.isEmpty() ? "nobody is left" : candidates);
  }
}
