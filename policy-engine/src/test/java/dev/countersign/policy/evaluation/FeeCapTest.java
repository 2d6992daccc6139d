package dev.countersign.policy.evaluation;

import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.MAINNET;
import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.pay;
import static dev.countersign.policy.sample.Samples.policy;
import static dev.countersign.policy.sample.Samples.subject;
import static dev.countersign.policy.sample.Samples.unsigned;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.FeeChoice;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.core.request.RequestContent;
import dev.countersign.policy.evaluation.Verdict.Allow;
import dev.countersign.policy.evaluation.Verdict.Deny;
import java.math.BigInteger;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What policy makes of a request whose fees are capped, and found later.
class FeeCapTest {
  private static final Intent.OfTransaction PAYMENT = pay(ALICE, BigInteger.ONE);

  @Test
  void rulesJudgeTheCapAndNotThePriceBelowIt() {
    String rules = allowing("maximumGasCost: any", "maximumGasPrice: 40 wei");
    assertThat(judge(rules, "normal/40/-", 30)).isInstanceOf(Allow.class);
    assertThat(reason(judge(rules, "normal/41/-", 30)))
        .contains("maximumGasPrice at most 40 wei")
        .contains("got 41 wei");
    assertThat(judge(rules, "normal/-/-", 30)).isInstanceOf(Allow.class);
  }

  @Test
  void theCostOfGasIsThatOfTheCap() {
    String rules = allowing("maximumGasCost: 840000 wei");
    Verdict verdict = judge(rules, "economy/40/-", 30);
    assertThat(verdict).isInstanceOf(Allow.class);
    assertThat(((Allow) verdict).observed().gasCost()).isEqualTo(BigInteger.valueOf(40 * 21_000));
    assertThat(reason(judge(rules, "economy/41/-", 30))).contains("maximumGasCost");
  }

  @Test
  void limitsCountTheCap() {
    String rules =
        allowing("limits: [{name: daily, maximum: 1 ether, counts: [gas], window: PT24H}]");
    Verdict verdict = judge(rules, "urgent/40/-", 30);
    assertThat(((Allow) verdict).charges())
        .singleElement()
        .satisfies(
            charge -> assertThat(charge.amount()).isEqualTo(BigInteger.valueOf(40 * 21_000)));
  }

  @Test
  void bytesThatOfferMoreThanTheCapAreNeverAllowed() {
    assertThat(judge(allowing(), "fixed-cap/30/-", 30)).isInstanceOf(Allow.class);
    assertThat(reason(judge(allowing(), "fixed-cap/30/-", 31)))
        .contains("the bytes offer 31 wei per gas, the request is capped at 30");
  }

  private static Verdict judge(String rules, String choice, long offered) {
    Fees fees = new Fees(Wei.of(1), Wei.of(offered), GasLimit.TRANSFER);
    PolicySubject plain = subject("desk", "hot-1");
    RequestContent content =
        new RequestContent(
            plain.content().wallet(),
            MAINNET,
            PAYMENT,
            FeeChoice.ByMarket.parse(choice),
            Optional.empty());
    return PolicyJudge.judge(
        policy(rules),
        new PolicySubject(plain.request(), plain.key(), content, plain.wallet(), plain.at()),
        unsigned(MAINNET, fees, PAYMENT).encode(),
        _ -> BigInteger.ZERO);
  }

  private static String reason(Verdict verdict) {
    return ((Deny) verdict).reason();
  }
}
