package dev.countersign.policy.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.core.decision.Decision.Denied;
import dev.countersign.core.decision.RuleOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A denial as it is stored: `{"reason": …, "rules": [{"rule": …, "effect": …, "unmet":
/// {"criterion": …, "expected": …, "observed": …}}]}`; `unmet` is missing where the rule matched.
final class Explanation {
  private static final JsonMapper JSON = new JsonMapper();

  private Explanation() {}

  /// A stored denial, read back.
  record Told(String reason, List<RuleOutcome> outcomes) {}

  static Told read(String json) {
    try {
      JsonNode explanation = JSON.readTree(json);
      List<RuleOutcome> outcomes = new ArrayList<>();
      for (JsonNode rule : explanation.path("rules")) {
        outcomes.add(
            new RuleOutcome(
                rule.path("rule").asText(),
                rule.path("effect").asText(),
                Optional.of(rule.path("unmet"))
                    .filter(JsonNode::isObject)
                    .map(Explanation::unmet)));
      }
      return new Told(explanation.path("reason").asText(), outcomes);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored explanation is not JSON", e);
    }
  }

  private static RuleOutcome.UnmetCriterion unmet(JsonNode unmet) {
    return new RuleOutcome.UnmetCriterion(
        unmet.path("criterion").asText(),
        unmet.path("expected").asText(),
        unmet.path("observed").asText());
  }

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
