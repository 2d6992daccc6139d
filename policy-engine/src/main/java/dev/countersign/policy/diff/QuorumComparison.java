package dev.countersign.policy.diff;

import dev.countersign.core.approval.RuleQuorum;
import java.util.ArrayList;
import java.util.List;

/// Whether one quorum is at least as hard to meet as another.
final class QuorumComparison {
  private QuorumComparison() {}

  /// Tighter is: whoever meets the new one would have met the old one, and everybody who could
  /// reject still can.
  static Direction direction(RuleQuorum before, RuleQuorum after) {
    if (before.equals(after)) {
      return Direction.NEITHER;
    }
    boolean stricter = implies(after, before) && after.members().containsAll(before.members());
    if (!stricter) {
      return Direction.LOOSENS;
    }
    boolean alike = implies(before, after) && before.members().containsAll(after.members());
    return alike ? Direction.NEITHER : Direction.TIGHTENS;
  }

  /// Whether every set of people that meets `one` meets `other`. It may say no where that is not
  /// plain from their shapes.
  private static boolean implies(RuleQuorum one, RuleQuorum other) {
    if (one.equals(other)) {
      return true;
    }
    if (one instanceof RuleQuorum.AnyOf(List<RuleQuorum> parts)) {
      return parts.stream().allMatch(part -> implies(part, other));
    }
    return switch (other) {
      case RuleQuorum.AnyOf(List<RuleQuorum> parts) ->
          parts.stream().anyMatch(part -> implies(one, part));
      case RuleQuorum.AllOf(List<RuleQuorum> wanted) ->
          one instanceof RuleQuorum.AllOf(List<RuleQuorum> had) && covers(had, wanted, 0);
      case RuleQuorum.Members wanted ->
          switch (one) {
            case RuleQuorum.AllOf(List<RuleQuorum> had) ->
                had.stream().anyMatch(part -> implies(part, other));
            case RuleQuorum.Members had ->
                had.count() >= wanted.count() && wanted.members().containsAll(had.members());
            case RuleQuorum.AnyOf _ -> false;
          };
    };
  }

  /// Whether each of `wanted` from `next` on has a part of `had` of its own that implies it: the
  /// people of different parts are different people.
  private static boolean covers(List<RuleQuorum> had, List<RuleQuorum> wanted, int next) {
    if (next == wanted.size()) {
      return true;
    }
    for (int i = 0; i < had.size(); i++) {
      if (implies(had.get(i), wanted.get(next))) {
        List<RuleQuorum> left = new ArrayList<>(had);
        left.remove(i);
        if (covers(left, wanted, next + 1)) {
          return true;
        }
      }
    }
    return false;
  }
}
