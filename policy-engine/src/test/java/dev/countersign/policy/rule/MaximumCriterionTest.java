package dev.countersign.policy.rule;

import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.ETHER;
import static dev.countersign.policy.sample.Samples.USDC;
import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.judged;
import static dev.countersign.policy.sample.Samples.pay;
import static dev.countersign.policy.sample.Samples.payToken;
import static dev.countersign.policy.sample.Samples.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class MaximumCriterionTest {
  private static final String ONE_ASSET =
      "rules[0].maximum: an amount counts one asset: expected `assets` to list exactly one";

  @Test
  void holdsUpToTheMaximumAndNotAWeiBeyond() {
    Criterion criterion = CriterionSample.of("maximum", "maximum: 2 ether");
    BigInteger two = ETHER.multiply(BigInteger.TWO);
    assertThat(criterion.holds(judged(pay(ALICE, two)))).isTrue();
    assertThat(criterion.holds(judged(pay(ALICE, two.add(BigInteger.ONE))))).isFalse();
  }

  @Test
  void saysHowMuchItExpectedAndHowMuchItWas() {
    Criterion criterion = CriterionSample.of("maximum", "maximum: 1.5 ether");
    assertThat(criterion.expected()).isEqualTo("at most 1500000000000000000 wei (1.5 ether)");
    assertThat(criterion.observed(judged(pay(ALICE, ETHER))))
        .isEqualTo("1000000000000000000 wei (1 ether)");
  }

  @Test
  void countsTokensInTheirSmallestUnit() {
    String usdc = "assets: ['eip155:1/erc20:" + USDC + "']";
    String[] fields = {usdc, "operations: [erc20-transfer]", "maximum: 1000000"};
    Criterion criterion = CriterionSample.of("maximum", fields);
    assertThat(criterion.holds(judged(payToken(USDC, ALICE, BigInteger.valueOf(1_000_000)))))
        .isTrue();
    assertThat(criterion.holds(judged(payToken(USDC, ALICE, BigInteger.valueOf(1_000_001)))))
        .isFalse();
    assertThat(problems(allowing(usdc, "maximum: 1 ether")))
        .contains("rules[0].maximum: expected a whole number of the token's smallest unit");
  }

  @Test
  void needsOneAssetToCount() {
    assertThat(problems(allowing("assets: any", "maximum: 1"))).contains(ONE_ASSET);
    assertThat(problems(allowing("assets: [native, 'eip155:1/erc20:" + USDC + "']", "maximum: 1")))
        .contains(ONE_ASSET);
  }

  @Test
  void refusesWhatIsNoAmount() {
    assertThat(problems(allowing("maximum: 0.5 wei")))
        .contains("rules[0].maximum: expected a whole number of wei, or a number with a unit");
    assertThat(problems(allowing("maximum: [1]"))).contains("got a list");
    assertThat(problems(allowing("maximum:"))).contains("got nothing");
  }
}
