package dev.countersign.policy.evaluation;

import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.MAINNET;
import static dev.countersign.policy.sample.Samples.pay;
import static dev.countersign.policy.sample.Samples.payload;
import static dev.countersign.policy.sample.Samples.policy;
import static dev.countersign.policy.sample.Samples.subject;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.decision.Awaited;
import dev.countersign.core.decision.Awaited.Demanded;
import dev.countersign.core.decision.ExplainedAction;
import dev.countersign.core.decision.Forecast;
import dev.countersign.core.decision.LimitWindow;
import dev.countersign.core.decision.Observed.LimitUse;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.decision.RuleOutcome;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.sample.Samples;
import java.math.BigInteger;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PolicyForecastTest {
  private static final String POLICY =
      """
      format: countersign/policy/v1
      approvers:
        alice: {keys: ["ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="], client: desk}
        bob: {keys: ["p256:A2D+1LolWp0xyWHrdMY1bWjASbiSO2H6bOZpYi5g8p+2"]}
        carol: {keys: ["ed25519:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw="]}
      groups:
        treasury: [alice, bob, carol]
        two: [alice, bob]
      rules:
        - name: pay
          effect: ALLOW
          initiators: any
          wallets: any
          chains: any
          operations: [native-transfer]
          assets: [native]
          destinations: any
          maximumGasCost: any
          limits: [{name: all, maximum: 100, counts: [value], window: PT24H}]
        - name: large
          effect: REQUIRE
          assets: [native]
          above: 10
          approvals: {group: treasury, count: 2}
          lifetime: PT4H
        - name: slow
          effect: DELAY
          assets: [native]
          above: 20
          delay: PT1H
        - name: both
          effect: REQUIRE
          assets: [native]
          above: 50
          approvals: {group: two, count: 2}
      """;

  private static Forecast forecast(long amount) {
    return forecast(POLICY, amount);
  }

  /// Whoever would have to approve it learns that from its statement.
  @Test
  void howItWouldGetToItsChainIsSaid() {
    String hidden =
        POLICY.replace(
            "    maximumGasCost: any", "    maximumGasCost: any\n    privateRelay: only");
    assertThat(forecast(hidden, 5).route().orElseThrow().text()).isEqualTo("private");
    assertThat(forecast(hidden, 15).route()).as("what would wait").isPresent();
    assertThat(forecast(hidden, 1_000).route()).as("what would be denied").isEmpty();
    assertThat(forecast(5).route()).isEmpty();
  }

  private static Forecast forecast(String yaml, long amount) {
    PolicyDocument policy = policy(yaml);
    Intent.OfTransaction intent = pay(ALICE, BigInteger.valueOf(amount));
    return PolicyForecast.of(
        new PolicyVersion(7, policy.hash()),
        policy,
        subject(new SigningRequestId(new UUID(1, 2)), "desk", "hot-1", MAINNET, intent),
        payload(intent),
        scope -> BigInteger.valueOf(30));
  }

  @Test
  void whatIsSignedAtOnceAwaitsNothing() {
    Forecast forecast = forecast(5);
    assertThat(forecast.allowed()).isTrue();
    assertThat(forecast.awaited()).isEmpty();
    assertThat(forecast.reason()).isEmpty();
    ExplainedAction action = forecast.actions().getFirst();
    assertThat(action.operation()).isEqualTo("native-transfer");
    assertThat(action.amount()).isEqualTo(5);
    assertThat(action.destination()).contains(ALICE);
    assertThat(action.limits())
        .containsExactly(
            new LimitUse(
                "pay/all eip155:1/slip44:60",
                new LimitWindow.Sliding(Duration.ofDays(1)),
                BigInteger.valueOf(100),
                BigInteger.valueOf(30),
                BigInteger.valueOf(35)));
  }

  @Test
  void whoHasToApproveIsToldWithoutWhoAsks() {
    Forecast forecast = forecast(15);
    assertThat(forecast.allowed()).isFalse();
    assertThat(forecast.rule()).isEqualTo("pay");
    Awaited awaited = forecast.awaited().orElseThrow();
    assertThat(awaited.quorum().orElseThrow().text()).isEqualTo("2 of treasury(alice,bob,carol)");
    assertThat(awaited.lifetime()).isEqualTo(Duration.ofHours(4));
    assertThat(awaited.delay()).isZero();
    assertThat(awaited.excluded()).containsExactly(new ApproverName("alice"));
    assertThat(forecast.reason())
        .isEqualTo("waits for approval within PT4H: 2 of treasury (bob, carol)");
  }

  @Test
  void approvalsAndDelaysAddUp() {
    Awaited awaited = forecast(25).awaited().orElseThrow();
    assertThat(awaited.demands())
        .extracting(Demanded::rule, Demanded::lifetime, Demanded::delay)
        .containsExactly(
            tuple("large", Duration.ofHours(4), Duration.ZERO),
            tuple("slow", Duration.ZERO, Duration.ofHours(1)));
    assertThat(awaited.words())
        .isEqualTo("waits for approval within PT4H: 2 of treasury (bob, carol); then for PT1H");
  }

  @Test
  void everyRuleSaysWhatItMakesOfIt() {
    assertThat(forecast(15).outcomes())
        .extracting(RuleOutcome::rule, RuleOutcome::matched)
        .containsExactly(
            tuple("pay", true), tuple("large", true), tuple("slow", false), tuple("both", false));
  }

  @Test
  void whatNobodyCouldApproveIsDenied() {
    Forecast forecast = forecast(60);
    assertThat(forecast.allowed()).isFalse();
    assertThat(forecast.awaited()).isEmpty();
    assertThat(forecast.rule()).isEqualTo("large");
    assertThat(forecast.reason()).startsWith("those who may approve it are too few");
  }

  @Test
  void aDenialTellsWhatTheLimitsHold() {
    Forecast forecast = forecast(71);
    assertThat(forecast.allowed()).isFalse();
    assertThat(forecast.awaited()).isEmpty();
    assertThat(forecast.rule()).isEqualTo("default-deny");
    assertThat(forecast.actions().getFirst().limits())
        .singleElement()
        .extracting(LimitUse::after)
        .isEqualTo(BigInteger.valueOf(101));
  }

  @Test
  void bytesThatAreNoTransactionAreNotExplained() {
    PolicyDocument policy = policy(POLICY);
    Forecast forecast =
        PolicyForecast.of(
            new PolicyVersion(7, policy.hash()),
            policy,
            Samples.subject("desk", "hot-1"),
            Bytes.fromHex("0x00"),
            scope -> BigInteger.ZERO);
    assertThat(forecast.allowed()).isFalse();
    assertThat(forecast.actions()).isEmpty();
  }
}
