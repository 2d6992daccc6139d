package dev.countersign.policy.store;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.core.decision.Decision.Denied;
import dev.countersign.core.decision.RuleOutcome;

/// A denial as it is stored: `{"reason": …, "rules": [{"rule": …, "effect": …, "unmet":
/// {"criterion": …, "expected": …, "observed": …}}]}`; `unmet` is missing where the rule matched.
final class Explanation {
  private static final JsonMapper JSON = new JsonMapper();

  private Explanation() {}

  static String json(Denied denied) {
    ObjectNode explanation = JSON.createObjectNode();
    explanation.put("reason", denied.reason());
    ArrayNode rules = explanation.putArray("rules");
    for (RuleOutcome outcome : denied.outcomes()) {
      ObjectNode rule = rules.addObject();
      rule.put("rule", outcome.rule());
      rule.put("effect", outcome.effect());
      outcome
          .firstUnmet()
          .ifPresent(
              unmet ->
                  rule.putObject("unmet")
                      .put("criterion", unmet.criterion())
                      .put("expected", unmet.expected())
                      .put("observed", unmet.observed()));
    }
    return explanation.toString();
  }
}
