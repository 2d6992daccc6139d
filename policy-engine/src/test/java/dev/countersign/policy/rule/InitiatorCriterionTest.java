package dev.countersign.policy.rule;

import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.problems;
import static dev.countersign.policy.sample.Samples.subject;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InitiatorCriterionTest {
  private final SubjectCriterion criterion =
      (SubjectCriterion) CriterionSample.of("initiators", "initiators: [desk, payouts]");

  @Test
  void holdsForTheClientsItNames() {
    assertThat(criterion.holds(subject("desk", "hot-1"))).isTrue();
    assertThat(criterion.holds(subject("payouts", "hot-1"))).isTrue();
    assertThat(criterion.holds(subject("intern", "hot-1"))).isFalse();
  }

  @Test
  void saysWhoItExpectedAndWhoItWas() {
    assertThat(criterion.expected()).isEqualTo("one of desk, payouts");
    assertThat(criterion.observed(subject("intern", "hot-1"))).isEqualTo("intern");
  }

  @Test
  void anySetsNoCondition() {
    assertThat(CriterionSample.criteria("initiators: any"))
        .noneMatch(any -> any instanceof InitiatorCriterion);
  }

  @Test
  void refusesWhatCanBeNoClient() {
    assertThat(problems(allowing("initiators: [Desk]")))
        .isEqualTo(
            "11:18 rules[0].initiators[0]: expected 1 to 63 of a-z, 0-9 and -, with no - at either"
                + " end, got \"Desk\"");
    assertThat(problems(allowing("initiators: desk")))
        .contains("expected any, or a list of client ids and names under `clients`, got \"desk\"");
    assertThat(problems(allowing("initiators: []"))).contains("an empty list matches nothing");
    assertThat(problems(allowing("initiators: [desk, any]")))
        .contains("`any` stands alone, not in a list");
    assertThat(problems(allowing("initiators: [desk, desk]"))).contains("is there twice");
    assertThat(problems(allowing("initiators: [[desk]]"))).contains("expected a single value");
  }
}
