package dev.countersign.policy.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.decision.Decision;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.decision.RuleOutcome;
import dev.countersign.core.model.Digest32;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExplanationTest {

  @Test
  void readsWhatItWrote() {
    List<RuleOutcome> outcomes =
        List.of(
            new RuleOutcome(
                "desk",
                "ALLOW",
                Optional.of(new RuleOutcome.UnmetCriterion("maximum", "at most 5", "6 \"wei\""))),
            new RuleOutcome("blocked", "DENY", Optional.empty()));
    Decision.Denied denied =
        new Decision.Denied(
            new PolicyVersion(1, Digest32.of(new byte[32])), "blocked", outcomes, "it is blocked");
    assertThat(Explanation.read(Explanation.json(denied)))
        .isEqualTo(new Explanation.Told("it is blocked", outcomes));
  }
}
