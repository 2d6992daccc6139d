package dev.countersign.policy.rule;

import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.MAINNET;
import static dev.countersign.policy.sample.Samples.USDC;
import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.judged;
import static dev.countersign.policy.sample.Samples.pay;
import static dev.countersign.policy.sample.Samples.problems;
import static dev.countersign.policy.sample.Samples.subject;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.decision.LimitWindow;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.core.request.SigningRequestId;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RollingLimitTest {
  private static final String DAILY =
      """
      limits:
        - name: daily
          maximum: 10
          counts: [value]
          window: PT24H
          per: [wallet, initiator]
      """;

  private final RollingLimit limit = CriterionSample.rule(DAILY).limits().getFirst();

  @Test
  void hasRoomUpToTheMaximumAndNotAWeiBeyond() {
    assertThat(limit.hasRoom(BigInteger.valueOf(7), BigInteger.valueOf(3))).isTrue();
    assertThat(limit.hasRoom(BigInteger.valueOf(7), BigInteger.valueOf(4))).isFalse();
  }

  @Test
  void saysHowMuchItExpectedAndHowMuchItWouldBe() {
    var unmet = limit.unmet(BigInteger.valueOf(7), BigInteger.valueOf(4));
    assertThat(unmet.criterion()).isEqualTo("limit daily");
    assertThat(unmet.expected()).isEqualTo("at most 10 wei (0.00000000000000001 ether) in PT24H");
    assertThat(unmet.observed())
        .isEqualTo(
            "11 wei (0.000000000000000011 ether), with 7 wei (0.000000000000000007 ether) in it"
                + " already");
  }

  @Test
  void countsApartWhatItSaysItDoes() {
    assertThat(limit.scope("pay", judged(subject("desk", "hot-1"), pay(ALICE, BigInteger.ONE))))
        .contains(new ScopeKey("pay/daily eip155:1/slip44:60 initiator=desk wallet=hot-1"));
    assertThat(limit.scope("pay", judged(subject("desk", "hot-2"), pay(ALICE, BigInteger.ONE))))
        .isNotEqualTo(
            limit.scope("pay", judged(subject("desk", "hot-1"), pay(ALICE, BigInteger.ONE))));
  }

  @Test
  void countsAllTogetherWhenItSaysNothing() {
    RollingLimit all =
        CriterionSample.rule("limits: [{name: all, maximum: 1, window: PT1S}]").limits().getFirst();
    assertThat(all.scope("pay", judged(subject("desk", "hot-1"), pay(ALICE, BigInteger.ONE))))
        .contains(new ScopeKey("pay/all eip155:1/slip44:60"));
  }

  @Test
  void countsTheNativeAssetOfEachChainApartAndATokenOnItsChainOnly() {
    assertThat(
            limit
                .scope("pay", judged(on(ChainId.ofEip155(10)), pay(ALICE, BigInteger.ONE)))
                .orElseThrow()
                .text())
        .contains(" eip155:10/slip44:60 ");
    RollingLimit token =
        CriterionSample.rule(
                "assets: ['eip155:1/erc20:" + USDC + "']",
                "limits: [{name: all, maximum: 1, window: PT1S}]")
            .limits()
            .getFirst();
    assertThat(token.scope("pay", judged(on(ChainId.ofEip155(10)), pay(ALICE, BigInteger.ONE))))
        .isEmpty();
    assertThat(token.scope("pay", judged(on(MAINNET), pay(ALICE, BigInteger.ONE))))
        .contains(new ScopeKey("pay/all eip155:1/erc20:" + USDC.hex()));
  }

  @Test
  void aDayHas24Hours() {
    assertThat(
            CriterionSample.rule("limits: [{name: a, maximum: 1, window: P1DT30M}]")
                .limits()
                .getFirst()
                .window())
        .isEqualTo(new LimitWindow.Sliding(Duration.ofMinutes(24 * 60 + 30)));
  }

  @Test
  void refusesWhatIsNoWindow() {
    for (String window : new String[] {"PT0S", "-PT1H", "P1M", "P1Y", "24h", "PT0.5S", "P4000D"}) {
      assertThat(problems(allowing("limits: [{name: a, maximum: 1, window: " + window + "}]")))
          .contains("rules[0].limits[0].window: expected an ISO-8601 duration");
    }
  }

  @Test
  void refusesWhatIsNoLimit() {
    assertThat(problems(allowing("limits: [{}]")).lines()).hasSize(3);
    assertThat(problems(allowing("limits: []"))).contains("rules[0].limits: expected a list");
    assertThat(problems(allowing("limits: [{name: a, maximum: 1, window: PT1H, per: [day]}]")))
        .contains("rules[0].limits[0].per[0]: expected one of initiator, wallet, chain");
    assertThat(problems(allowing("limits: [{name: a, maximum: 1, window: PT1H, per: any}]")))
        .contains("rules[0].limits[0].per: expected a list of initiator, wallet, chain");
    assertThat(problems(allowing("limits: [{name: a, max: 1, window: PT1H}]")))
        .contains("unknown key \"max\"");
    assertThat(
            problems(
                allowing(
                    "limits:",
                    "  - {name: a, maximum: 1, window: PT1H}",
                    "  - {name: a, maximum: 2, window: PT2H}")))
        .contains("rules[0].limits[1]: a second limit named a");
  }

  @Test
  void countsWhatItSaysItDoes() {
    assertThat(counts("limits: [{name: a, maximum: 1, window: PT1H}]"))
        .containsExactly(Counted.VALUE, Counted.GAS);
    assertThat(
            counts("limits: [{name: a, maximum: 1, counts: [gas], window: PT1H}]", "assets: any"))
        .containsExactly(Counted.GAS);
    assertThat(
            counts(
                "limits: [{name: a, maximum: 1, window: PT1H}]",
                "assets: ['eip155:1/erc20:" + USDC + "']"))
        .containsExactly(Counted.VALUE);
  }

  @Test
  void countsActionsWhateverTheyMove() {
    RollingLimit often =
        CriterionSample.rule(
                "assets: any", "limits: [{name: a, maximum: 3, counts: [actions], window: PT1H}]")
            .limits()
            .getFirst();
    JudgedAction paid = judged(subject("desk", "hot-1"), pay(ALICE, BigInteger.TEN));
    assertThat(often.of(paid)).contains(BigInteger.ONE);
    assertThat(often.scope("pay", paid)).contains(new ScopeKey("pay/a actions"));
    assertThat(often.scope("pay", judged(on(ChainId.ofEip155(10)), pay(ALICE, BigInteger.ONE))))
        .contains(new ScopeKey("pay/a actions"));
    var unmet = often.unmet(BigInteger.valueOf(3), BigInteger.ONE);
    assertThat(unmet.expected()).isEqualTo("at most 3 actions in PT1H");
    assertThat(unmet.observed()).isEqualTo("4, with 3 in it already");
  }

  @Test
  void countsActionsAloneAndWholeOnes() {
    assertThat(
            problems(
                allowing("limits: [{name: a, maximum: 3, counts: [actions, gas], window: PT1H}]")))
        .contains("rules[0].limits[0].counts: actions are counted alone");
    assertThat(
            problems(
                allowing("limits: [{name: a, maximum: 1 gwei, counts: [actions], window: PT1H}]")))
        .contains("rules[0].limits[0].maximum: expected a whole number, got \"1 gwei\"");
  }

  @Test
  void mayCountForALifetime() {
    RollingLimit cap =
        CriterionSample.rule("limits: [{name: a, maximum: 3, window: lifetime}]")
            .limits()
            .getFirst();
    assertThat(cap.window()).isEqualTo(LimitWindow.LIFETIME);
    assertThat(cap.unmet(BigInteger.ZERO, BigInteger.TEN).expected())
        .endsWith("of value and gas over its lifetime");
    assertThat(problems(allowing("limits: [{name: a, maximum: 1, window: forever}]")))
        .contains("such as PT24H; or lifetime, got \"forever\"");
  }

  private static Set<Counted> counts(String... fields) {
    return CriterionSample.rule(fields).limits().getFirst().counts();
  }

  @Test
  void refusesToCountWhatCannotBe() {
    assertThat(
            problems(
                allowing(
                    "assets: ['eip155:1/erc20:" + USDC + "']",
                    "limits: [{name: a, maximum: 1, counts: [value, gas], window: PT1H}]")))
        .contains("rules[0].limits[0].counts: gas is not paid in the token");
    for (String counts : new String[] {"any", "gas", "[]", "[fees]", "[gas, gas]"}) {
      assertThat(
              problems(
                  allowing(
                      "limits: [{name: a, maximum: 1, counts: " + counts + ", window: PT1H}]")))
          .contains("rules[0].limits[0].counts");
    }
  }

  @Test
  void needsOneAssetToCount() {
    assertThat(problems(allowing("assets: any", "limits: [{name: a, maximum: 1, window: PT1H}]")))
        .contains("rules[0].limits[0].maximum: an amount counts one asset");
  }

  private static PolicySubject on(ChainId chain) {
    return subject(new SigningRequestId(new UUID(1, 1)), "desk", "hot-1", chain);
  }
}
