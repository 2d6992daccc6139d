package dev.countersign.policy.rule;

import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.USDC;
import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.call;
import static dev.countersign.policy.sample.Samples.judged;
import static dev.countersign.policy.sample.Samples.pay;
import static dev.countersign.policy.sample.Samples.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class SelectorCriterionTest {
  private final Criterion criterion =
      CriterionSample.of(
          "selectors", "operations: [contract-call]", "selectors: ['0xD0E30DB0', '0x2e1a7d4d']");

  @Test
  void holdsForCallsOfTheFunctionsItNames() {
    assertThat(criterion.holds(judged(call(USDC, "0xd0e30db0")))).isTrue();
    assertThat(criterion.holds(judged(call(USDC, "0x2e1a7d4d" + "00".repeat(32))))).isTrue();
    assertThat(criterion.holds(judged(call(USDC, "0xdeadbeef" + "00".repeat(64))))).isFalse();
    assertThat(criterion.holds(judged(pay(ALICE, BigInteger.ONE)))).isFalse();
  }

  @Test
  void saysWhichFunctionItExpectedAndWhichItWas() {
    assertThat(criterion.expected()).isEqualTo("one of 0xd0e30db0, 0x2e1a7d4d");
    assertThat(criterion.observed(judged(call(USDC, "0xdeadbeef" + "00".repeat(64)))))
        .isEqualTo("0xdeadbeef");
  }

  @Test
  void standsOnlyInRulesAboutContractCallsAlone() {
    String only = "rules[0].selectors: only with `operations: [contract-call]`";
    assertThat(problems(allowing("selectors: ['0xd0e30db0']"))).contains(only);
    assertThat(
            problems(
                allowing(
                    "operations: [contract-call, native-transfer]", "selectors: ['0xd0e30db0']")))
        .contains(only);
  }

  @Test
  void refusesWhatIsNoSelector() {
    assertThat(problems(allowing("operations: [contract-call]", "selectors: ['0xd0e30d']")))
        .contains("rules[0].selectors[0]: expected 0x and 8 hex digits, got \"0xd0e30d\"");
    assertThat(problems(allowing("operations: [contract-call]", "selectors: [deposit]")))
        .contains("expected 0x followed by hex digits");
  }
}
