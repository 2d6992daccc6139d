package dev.countersign.policy.evaluation;

import static dev.countersign.policy.sample.Samples.pay;
import static dev.countersign.policy.sample.Samples.payload;
import static dev.countersign.policy.sample.Samples.policy;
import static dev.countersign.policy.sample.Samples.subject;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.decision.Decision;
import dev.countersign.core.model.Address;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.evaluation.Verdict.Allow;
import dev.countersign.policy.evaluation.Verdict.Deny;
import dev.countersign.policy.rule.JudgedAction;
import dev.countersign.policy.sample.Samples;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A policy of ten thousand rules: for each customer one that pays their own two addresses out of
/// their own wallet, and one that denies the second above an amount.
class LargePolicyTest {
  private static final int CUSTOMERS = 5_000;

  /// Read in one or two seconds; a reader that takes quadratic time would need minutes.
  private static final int MOST_SECONDS = 30;

  private static final PolicyDocument POLICY = policy(yaml());

  private static String yaml() {
    StringBuilder yaml = new StringBuilder("format: countersign/policy/v1\nrules:\n");
    for (int i = 0; i < CUSTOMERS; i++) {
      yaml.append(
          """
            - {name: pay-%d, effect: ALLOW, initiators: [desk], wallets: [w-%d],
               chains: ['eip155:1'], operations: [native-transfer], assets: [native],
               destinations: ['%s', '%s'], maximum: 100, maximumGasCost: any,
               limits: [{name: day, maximum: 1000, counts: [value], window: PT24H}]}
            - {name: cap-%d, effect: DENY, assets: [native], destinations: ['%s'], above: 50}
          """
              .formatted(i, i, first(i).hex(), second(i).hex(), i, second(i).hex()));
    }
    return yaml.toString();
  }

  private static Address first(int customer) {
    return new Address("0x%040x".formatted(1_000_000 + 2 * customer));
  }

  private static Address second(int customer) {
    return new Address("0x%040x".formatted(1_000_001 + 2 * customer));
  }

  @Test
  @Timeout(MOST_SECONDS)
  void isReadInReasonableTime() {
    assertThat(policy(yaml()).rules()).hasSize(2 * CUSTOMERS);
  }

  @Test
  void itsFirstMiddleAndLastRuleAllowWhatTheySay() {
    for (int customer : new int[] {0, CUSTOMERS / 2, CUSTOMERS - 1}) {
      assertThat(judge(customer, first(customer), 100))
          .isInstanceOfSatisfying(
              Allow.class,
              allow -> {
                assertThat(allow.rule()).isEqualTo("pay-" + customer);
                assertThat(allow.charges()).hasSize(1);
              });
      assertThat(judge(customer, second(customer), 50).rule()).isEqualTo("pay-" + customer);
    }
  }

  @Test
  void aRuleThatDeniesIsFoundAmongThem() {
    for (int customer : new int[] {0, CUSTOMERS / 2, CUSTOMERS - 1}) {
      Verdict verdict = judge(customer, second(customer), 51);
      assertThat(verdict).isInstanceOf(Deny.class);
      assertThat(verdict.rule()).isEqualTo("cap-" + customer);
    }
  }

  @Test
  void aDenialTellsTheRulesThatCameClosest() {
    assertThat(judge(7, first(8), 1))
        .isInstanceOfSatisfying(
            Deny.class,
            deny -> {
              assertThat(deny.rule()).isEqualTo(Decision.DEFAULT_DENY);
              assertThat(deny.reason())
                  .startsWith(
                      "no rule allows it: rule pay-7 expects destinations one of "
                          + first(7)
                          + ", "
                          + second(7)
                          + ", got "
                          + first(8)
                          + ";")
                  .endsWith("; and 4997 more rules");
              assertThat(deny.outcomes())
                  .hasSize(100)
                  .anyMatch(outcome -> outcome.rule().equals("pay-7"));
            });
  }

  @Test
  void onlyRulesThatMayMatchAreLookedAt() {
    JudgedAction action = Samples.judged(subject("desk", "w-7"), pay(second(7), BigInteger.ONE));
    assertThat(POLICY.index().candidates(action))
        .extracting(rule -> rule.name())
        .containsExactly("pay-7", "cap-7");
  }

  private static Verdict judge(int customer, Address to, long wei) {
    return PolicyJudge.judge(
        POLICY,
        subject("desk", "w-" + customer),
        payload(pay(to, BigInteger.valueOf(wei))),
        scope -> BigInteger.ZERO);
  }
}
