package dev.countersign.policy.evaluation;

import dev.countersign.core.decision.RuleOutcome;
import dev.countersign.core.decision.RuleOutcome.UnmetCriterion;
import dev.countersign.policy.rule.Criteria;
import dev.countersign.policy.rule.Effect;
import dev.countersign.policy.rule.Rule;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// Denials in words.
final class Reasons {
  private static final int SHOWN = 3;

  private Reasons() {}

  static String deniedBy(Rule rule) {
    String reason = "rule " + rule.name() + " denies it";
    return rule.description().isEmpty() ? reason : reason + ": " + rule.description();
  }

  /// Names the rules that came closest: those whose first unmet criterion is judged last.
  static String noRuleAllows(List<RuleOutcome> outcomes) {
    List<RuleOutcome> allowing =
        outcomes.stream().filter(outcome -> outcome.effect().equals(Effect.ALLOW.name())).toList();
    if (allowing.isEmpty()) {
      return "no rule of the policy allows anything";
    }
    String closest =
        allowing.stream()
            .sorted(Comparator.comparingInt(Reasons::progress).reversed())
            .limit(SHOWN)
            .flatMap(outcome -> outcome.firstUnmet().map(unmet -> miss(outcome, unmet)).stream())
            .collect(Collectors.joining("; "));
    int more = allowing.size() - SHOWN;
    return "no rule allows it: " + closest + (more > 0 ? "; and " + more + " more rules" : "");
  }

  private static String miss(RuleOutcome outcome, UnmetCriterion unmet) {
    return "rule %s expects %s %s, got %s"
        .formatted(outcome.rule(), unmet.criterion(), unmet.expected(), unmet.observed());
  }

  private static int progress(RuleOutcome outcome) {
    String unmet = outcome.firstUnmet().map(UnmetCriterion::criterion).orElse("");
    for (int i = 0; i < Criteria.KINDS.size(); i++) {
      if (Criteria.KINDS.get(i).key().equals(unmet)) {
        return i;
      }
    }
    return Criteria.KINDS.size();
  }
}
