package dev.countersign.policy.evaluation;

import dev.countersign.core.decision.RuleOutcome;
import dev.countersign.core.decision.RuleOutcome.UnmetCriterion;
import dev.countersign.policy.rule.Criteria;
import dev.countersign.policy.rule.Effect;
import dev.countersign.policy.rule.JudgedAction;
import dev.countersign.policy.rule.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Denials in words.
final class Reasons {
  private static final int SHOWN = 3;
  private static final int TOLD = 100;

  /// By the key of the criterion that is not met.
  private static final Map<String, Integer> RANKS =
      IntStream.range(0, Criteria.KINDS.size())
          .boxed()
          .collect(Collectors.toUnmodifiableMap(i -> Criteria.KINDS.get(i).key(), i -> i));

  /// Limits are judged after every criterion.
  private static final int LIMIT = Criteria.KINDS.size();

  private static final int MATCHED = LIMIT + 1;

  private Reasons() {}

  static String deniedBy(Rule rule, JudgedAction action) {
    String reason =
        "rule "
            + rule.name()
            + " denies "
            + what(action)
            + rule.unpriced(action).map(why -> " (" + why + ")").orElse("");
    return rule.description().isEmpty() ? reason : reason + ": " + rule.description();
  }

  /// Names the rules that came closest: those whose first unmet criterion is judged last.
  static String noRuleAllows(List<RuleOutcome> outcomes, JudgedAction action) {
    List<RuleOutcome> allowing =
        outcomes.stream().filter(outcome -> outcome.effect().equals(Effect.ALLOW.name())).toList();
    if (allowing.isEmpty()) {
      return "no rule of the policy allows anything";
    }
    String closest =
        closest(allowing, SHOWN).stream()
            .map(allowing::get)
            .flatMap(outcome -> outcome.firstUnmet().map(unmet -> miss(outcome, unmet)).stream())
            .collect(Collectors.joining("; "));
    int more = allowing.size() - SHOWN;
    return "no rule allows "
        + what(action)
        + ": "
        + closest
        + (more > 0 ? "; and " + more + " more rules" : "");
  }

  private static String what(JudgedAction action) {
    return action.isRoot() ? "it" : action.placeText();
  }

  /// As many as fit an audit entry, in their order: of a policy with more rules, those that match,
  /// and those that came closest.
  static List<RuleOutcome> worthTelling(List<RuleOutcome> outcomes) {
    if (outcomes.size() <= TOLD) {
      return outcomes;
    }
    return closest(outcomes, TOLD).stream().sorted().map(outcomes::get).toList();
  }

  /// The positions of those that came closest, the closest first; of several alike the earlier. In
  /// one pass for each rank, since a sort would ask every outcome many times.
  private static List<Integer> closest(List<RuleOutcome> outcomes, int most) {
    int[] ranks = outcomes.stream().mapToInt(Reasons::rank).toArray();
    List<Integer> closest = new ArrayList<>();
    for (int rank = MATCHED; rank >= 0; rank--) {
      for (int i = 0; i < ranks.length; i++) {
        if (ranks[i] == rank) {
          if (closest.size() == most) {
            return closest;
          }
          closest.add(i);
        }
      }
    }
    return closest;
  }

  private static String miss(RuleOutcome outcome, UnmetCriterion unmet) {
    return "rule %s expects %s %s, got %s"
        .formatted(outcome.rule(), unmet.criterion(), unmet.expected(), unmet.observed());
  }

  /// How far a rule came: the later its first unmet criterion is judged, the further.
  private static int rank(RuleOutcome outcome) {
    return outcome
        .firstUnmet()
        .map(unmet -> RANKS.getOrDefault(unmet.criterion(), LIMIT))
        .orElse(MATCHED);
  }
}
