package dev.countersign.policy.rule;

import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.BOB;
import static dev.countersign.policy.sample.Samples.ETHER;
import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.judged;
import static dev.countersign.policy.sample.Samples.pay;
import static dev.countersign.policy.sample.Samples.payload;
import static dev.countersign.policy.sample.Samples.policy;
import static dev.countersign.policy.sample.Samples.problems;
import static dev.countersign.policy.sample.Samples.subject;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.evaluation.PolicyJudge;
import dev.countersign.policy.evaluation.Verdict;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class ConditionCriterionTest {
  private static final String FAILS = "9223372036854775807 + action.level + 1 > 0";

  @Test
  void looksAtWhatTheActionDoes() {
    Criterion criterion =
        of(
            "action.amount <= amount(\"1 ether\") || (action.destination == address(\"%s\")"
                    .formatted(ALICE.checksummed())
                + " && wallet.tier == \"hot\" && gas.price < amount(\"1 gwei\"))");
    assertThat(criterion.holds(judged(pay(BOB, ETHER)))).isTrue();
    assertThat(criterion.holds(judged(pay(BOB, ETHER.add(BigInteger.ONE))))).isFalse();
    assertThat(criterion.holds(judged(pay(ALICE, ETHER.add(BigInteger.ONE))))).isTrue();
    assertThat(criterion.observed(judged(pay(BOB, ETHER.add(BigInteger.ONE))))).isEqualTo("false");
    assertThat(of("chain == \"eip155:1\"").expected())
        .isEqualTo("chain == \"eip155:1\" to be true");
  }

  @Test
  void knowsEveryFactItDeclares() {
    for (String fact : ActionFacts.TYPES.keySet()) {
      String same = "%s == %s".formatted(fact, fact);
      assertThat(of(same).holds(judged(pay(ALICE, ETHER)))).as(fact).isTrue();
    }
  }

  @Test
  void whatCannotBeToldAllowsNothingAndRestricts() {
    JudgedAction action = judged(pay(ALICE, ETHER));
    Criterion allowing = of(FAILS);
    assertThat(allowing.holds(action)).isFalse();
    assertThat(allowing.observed(action)).startsWith("an error: ");
    PolicyDocument policy =
        policy(allowing() + "  - {name: no, effect: DENY, condition: '" + FAILS + "'}\n");
    Verdict verdict =
        PolicyJudge.judge(
            policy, subject("desk", "hot-1"), payload(pay(ALICE, ETHER)), scope -> BigInteger.ZERO);
    assertThat(verdict).isInstanceOf(Verdict.Deny.class);
    assertThat(verdict.rule()).isEqualTo("no");
  }

  @Test
  void opensTheScopesOfARuleWhoseConditionNeedsTheFees() {
    PolicyDocument policy =
        policy(
            allowing(
                "condition: gas.cost > amount(\"0\")",
                "limits: [{name: all, maximum: 1 ether, window: PT1H}]"));
    var subject = subject("desk", "hot-1");
    assertThat(PolicyJudge.scopes(policy, subject)).hasSize(1);
    assertThat(
            PolicyJudge.judge(
                policy, subject, payload(pay(ALICE, BigInteger.ONE)), scope -> BigInteger.ZERO))
        .isInstanceOf(Verdict.Allow.class);
  }

  @Test
  void eachRuleSaysWhatItsOwnConditionGave() {
    PolicyDocument policy =
        policy(
            allowing("condition: action.isNative && false")
                + allowing("condition: " + FAILS)
                    .replace("format: countersign/policy/v1\nrules:\n", "")
                    .replace("name: pay", "name: other"));
    var deny =
        (Verdict.Deny)
            PolicyJudge.judge(
                policy,
                subject("desk", "hot-1"),
                payload(pay(ALICE, ETHER)),
                scope -> BigInteger.ZERO);
    assertThat(deny.outcomes().getFirst().firstUnmet().orElseThrow().observed()).isEqualTo("false");
    assertThat(deny.outcomes().getLast().firstUnmet().orElseThrow().observed())
        .startsWith("an error: ");
  }

  @Test
  void isCheckedWhenThePolicyIsRead() {
    assertThat(problems(allowing("condition: action.amout > amount(\"1\")")))
        .contains("rules[0].condition: at 1: there is no \"action.amout\" here")
        .endsWith("; did you mean action.amount?");
    assertThat(problems(allowing("condition: []"))).contains("rules[0].condition: expected a CEL");
  }

  private static Criterion of(String condition) {
    return CriterionSample.of("condition", "condition: |\n  " + condition);
  }
}
