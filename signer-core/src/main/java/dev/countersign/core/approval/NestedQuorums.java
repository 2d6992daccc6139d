package dev.countersign.core.approval;

import dev.countersign.core.approval.RuleQuorum.Members;
import dev.countersign.core.model.InvalidValueException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What quorums made of others have in common. Bounded, so that counting one stays cheap: a policy
/// comes from outside.
final class NestedQuorums {
  private static final int MOST_PARTS = 16;

  private NestedQuorums() {}

  static List<RuleQuorum> check(String what, List<RuleQuorum> parts) {
    if (parts.isEmpty() || parts.size() > MOST_PARTS) {
      throw InvalidValueException.of(what, parts.size() + " parts", "1 to " + MOST_PARTS);
    }
    if (depth(parts) > RuleQuorum.MOST_DEPTH) {
      throw InvalidValueException.of(
          what, depth(parts) + " levels", "at most " + RuleQuorum.MOST_DEPTH);
    }
    return List.copyOf(parts);
  }

  /// Each part is within the bound, and there are few: no overflow.
  static void checkWays(long ways) {
    if (ways > RuleQuorum.MOST_WAYS) {
      throw InvalidValueException.of(
          "quorum", "more than " + RuleQuorum.MOST_WAYS + " ways to meet it", "fewer choices");
    }
  }

  static long product(List<RuleQuorum> parts) {
    long ways = 1;
    for (RuleQuorum part : parts) {
      ways = Math.min(ways * part.ways().size(), RuleQuorum.MOST_WAYS + 1L);
    }
    return ways;
  }

  static long sum(List<RuleQuorum> parts) {
    return parts.stream().mapToLong(part -> part.ways().size()).sum();
  }

  static SortedSet<ApproverName> members(List<RuleQuorum> parts) {
    return parts.stream()
        .flatMap(part -> part.members().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  static int depth(List<RuleQuorum> parts) {
    return 1 + parts.stream().mapToInt(RuleQuorum::depth).max().orElse(0);
  }

  /// One way of each part, in every combination.
  static List<List<Members>> combinations(List<RuleQuorum> parts) {
    List<List<Members>> ways = List.of(List.of());
    for (RuleQuorum part : parts) {
      List<List<Members>> longer = new ArrayList<>();
      for (List<Members> before : ways) {
        for (List<Members> way : part.ways()) {
          List<Members> both = new ArrayList<>(before);
          both.addAll(way);
          longer.add(both);
        }
      }
      ways = longer;
    }
    return ways;
  }
}
