package dev.countersign.policy.testing;

import dev.countersign.core.decision.ExplainedAction;
import dev.countersign.core.decision.Forecast;
import dev.countersign.core.decision.RuleOutcome;
import dev.countersign.policy.rule.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// In how many cases of a test file each rule matched anything that is done.
///
/// @param rule the rule's name
/// @param effect as policies write it
public record TestCoverage(String rule, String effect, long cases) {

  /// Every rule of the policy, in its order.
  public static List<TestCoverage> of(PolicyTestFile file) {
    Map<String, Long> matched = new HashMap<>();
    for (Forecast forecast : file.explain()) {
      Set<String> rules = new HashSet<>();
      for (ExplainedAction action : forecast.actions()) {
        action.outcomes().stream()
            .filter(RuleOutcome::matched)
            .map(RuleOutcome::rule)
            .forEach(rules::add);
      }
      rules.forEach(rule -> matched.merge(rule, 1L, Long::sum));
    }
    List<TestCoverage> coverage = new ArrayList<>();
    for (Rule rule : file.policy().rules()) {
      coverage.add(
          new TestCoverage(
              rule.name(), rule.effect().name(), matched.getOrDefault(rule.name(), 0L)));
    }
    return coverage;
  }
}
