package dev.countersign.policy.rule;

import static dev.countersign.policy.sample.Samples.subject;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WalletCriterionTest {
  private final SubjectCriterion criterion =
      (SubjectCriterion) CriterionSample.of("wallets", "wallets: [hot-1]");

  @Test
  void holdsForTheWalletsItNames() {
    assertThat(criterion.holds(subject("desk", "hot-1"))).isTrue();
    assertThat(criterion.holds(subject("desk", "hot-10"))).isFalse();
  }

  @Test
  void saysWhichWalletItExpectedAndWhichItWas() {
    assertThat(criterion.expected()).isEqualTo("hot-1");
    assertThat(criterion.observed(subject("desk", "cold-1"))).isEqualTo("cold-1");
  }
}
