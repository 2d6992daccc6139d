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

class GasCostCriterionTest {
  private final Criterion criterion =
      CriterionSample.of("maximumGasCost", "maximumGasCost: 630000");

  @Test
  void holdsUpToTheMaximumAndNotAWeiBeyond() {
    assertThat(criterion.holds(costing(30, 21_000))).isTrue();
    assertThat(criterion.holds(costing(30, 21_001))).isFalse();
    assertThat(criterion.holds(costing(31, 21_000))).isFalse();
  }

  @Test
  void doesNotOverflow() {
    BigInteger largest = BigInteger.TWO.pow(256).subtract(BigInteger.ONE);
    assertThat(criterion.holds(costing(largest, Long.MAX_VALUE))).isFalse();
  }

  @Test
  void saysHowMuchItExpectedAndHowMuchItWas() {
    assertThat(criterion.expected()).isEqualTo("at most 630000 wei (0.00000000000063 ether)");
    assertThat(criterion.observed(costing(31, 21_000))).startsWith("651000 wei");
  }

  @Test
  void isInWeiWhateverTheAssetIs() {
    Criterion ofAnyAsset =
        CriterionSample.of("maximumGasCost", "assets: any", "maximumGasCost: 0.01 ether");
    assertThat(ofAnyAsset.expected()).isEqualTo("at most 10000000000000000 wei (0.01 ether)");
  }

  @Test
  void isSaidByARuleThatAllowsIfOnlyAsAny() {
    assertThat(CriterionSample.criteria("maximumGasCost: any"))
        .noneMatch(criterion -> criterion.key().equals("maximumGasCost"));
    assertThat(problems(allowing().replace("    maximumGasCost: any\n", "")))
        .contains("rules[0].maximumGasCost: is missing: a rule that allows says it, expected any");
    assertThat(problems(allowing("maximumGasCost: [any]"))).contains("got a list");
  }

  private static JudgedAction costing(long maxFee, long gas) {
    return costing(BigInteger.valueOf(maxFee), gas);
  }

  private static JudgedAction costing(BigInteger maxFee, long gas) {
    Fees fees = new Fees(Wei.of(1), new Wei(maxFee), new GasLimit(gas));
    return judged(subject("desk", "hot-1"), fees, pay(ALICE, BigInteger.ONE));
  }
}
