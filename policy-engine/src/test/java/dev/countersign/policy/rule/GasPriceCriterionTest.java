package dev.countersign.policy.rule;

import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.judged;
import static dev.countersign.policy.sample.Samples.pay;
import static dev.countersign.policy.sample.Samples.problems;
import static dev.countersign.policy.sample.Samples.subject;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.Wei;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class GasPriceCriterionTest {
  private final Criterion criterion =
      CriterionSample.of("maximumGasPrice", "maximumGasPrice: 30 wei");

  @Test
  void holdsUpToTheMaximumHoweverMuchGasThereIs() {
    assertThat(criterion.holds(priced(30))).isTrue();
    assertThat(criterion.holds(priced(31))).isFalse();
  }

  @Test
  void saysHowMuchItExpectedAndHowMuchItWas() {
    assertThat(criterion.expected()).startsWith("at most 30 wei");
    assertThat(criterion.observed(priced(31))).startsWith("31 wei");
  }

  @Test
  void isForRulesThatAllow() {
    assertThat(problems(allowing("maximumGasPrice: any")))
        .contains("rules[0].maximumGasPrice: expected");
    assertThat(problems(allowing("maximumGasPrice: 1").replace("ALLOW", "DENY")))
        .contains("rules[0].maximumGasPrice: only a rule that allows has one");
  }

  private static JudgedAction priced(long wei) {
    Fees fees = new Fees(Wei.of(1), Wei.of(wei), new GasLimit(Long.MAX_VALUE));
    return judged(subject("desk", "hot-1"), fees, pay(ALICE, BigInteger.ONE));
  }
}
