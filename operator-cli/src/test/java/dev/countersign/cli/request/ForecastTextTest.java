package dev.countersign.cli.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.countersign.api.v1.Awaited;
import dev.countersign.api.v1.Decision;
import dev.countersign.api.v1.ExplainedAction;
import dev.countersign.api.v1.Forecast;
import dev.countersign.api.v1.RuleOutcome;
import dev.countersign.api.v1.UnmetCriterion;
import dev.countersign.cli.CommandException;
import org.junit.jupiter.api.Test;

class ForecastTextTest {
  private static final String ACCOUNT = "0x52908400098527886E0F7030069857D2E4169EE7";
  private static final Awaited.Quorum QUORUM =
      Awaited.Quorum.newBuilder().setText("2 of treasury(alice,bob)").build();
  private static final Duration FOUR_HOURS = Duration.newBuilder().setSeconds(14_400).build();
  private static final Forecast WAITS =
      Forecast.newBuilder()
          .setDecision(decision().setReason("waits"))
          .setAwaited(
              Awaited.newBuilder()
                  .setQuorum(QUORUM)
                  .setLifetime(FOUR_HOURS)
                  .addDemands(
                      Awaited.Demand.newBuilder()
                          .setRule("large")
                          .setQuorum(QUORUM)
                          .setLifetime(FOUR_HOURS))
                  .addDemands(
                      Awaited.Demand.newBuilder()
                          .setRule("slow")
                          .setDelay(Duration.newBuilder().setSeconds(3_600)))
                  .addExcluded("carol"))
          .build();
  private static final Forecast ALLOWED =
      Forecast.newBuilder()
          .setAllowed(true)
          .setDecision(decision())
          .addActions(
              ExplainedAction.newBuilder()
                  .setOperation("native-transfer")
                  .setAccount(ACCOUNT)
                  .setAsset("eip155:1/slip44:60")
                  .setAmount("2")
                  .setGasCost("0")
                  .addOutcomes(
                      RuleOutcome.newBuilder()
                          .setRule("pay")
                          .setEffect(RuleOutcome.Effect.EFFECT_ALLOW)
                          .setMatched(true))
                  .addOutcomes(
                      RuleOutcome.newBuilder()
                          .setRule("never")
                          .setEffect(RuleOutcome.Effect.EFFECT_DENY)
                          .setUnmet(
                              UnmetCriterion.newBuilder()
                                  .setCriterion("wallets")
                                  .setExpected("cold")
                                  .setObserved("hot")))
                  .addPrices(
                      ExplainedAction.QuotedPrice.newBuilder()
                          .setFeed("desk-a")
                          .setAsset("eip155:1/slip44:60")
                          .setDecimals(18)
                          .setCurrency("USD")
                          .setPrice("2600.5")
                          .setAsOfTime(Timestamp.newBuilder().setSeconds(1_793_534_400)))
                  .addLimits(
                      ExplainedAction.LimitUse.newBuilder()
                          .setCounter("pay/daily")
                          .setWindow(Duration.newBuilder().setSeconds(86_400))
                          .setBefore("5")
                          .setAfter("7")
                          .setMaximum("10")))
          .build();

  private static Decision.Builder decision() {
    return Decision.newBuilder()
        .setPolicyVersion(3)
        .setPolicyHash("0x" + "0".repeat(64))
        .setRule("pay");
  }

  @Test
  void whatWaitsSaysForWhom() {
    assertThat(ForecastText.lines(ReceivedForecast.of(WAITS)))
        .containsExactly(
            "would wait first",
            "policy       version 3, rule pay",
            "reason       waits",
            "asks         rule large: approval by 2 of treasury(alice,bob) within PT4H",
            "asks         rule slow: a delay of PT1H",
            "without      carol, who asks for it");
  }

  @Test
  void whatIsAllowedSaysWhatTheLimitsHold() {
    assertThat(ForecastText.lines(ReceivedForecast.of(ALLOWED)))
        .containsExactly(
            "would be allowed now",
            "policy       version 3, rule pay",
            "does         native-transfer of 2 eip155:1/slip44:60 out of " + ACCOUNT + " to nobody",
            "matches      ALLOW pay",
            "unmet        DENY never: wallets expected cold, observed hot",
            "price        eip155:1/slip44:60 at 2600.5 USD from desk-a of 2026-11-01T12:00:00Z",
            "limit        pay/daily: 5 of 10 in PT24H, 7 with it, 3 left");
  }

  @Test
  void thatItWouldGoByAPrivateRelayIsSaid() {
    var hidden =
        ReceivedForecast.of(ALLOWED.toBuilder().setRoute("private public-after 25").build());
    assertThat(ForecastText.lines(hidden))
        .contains(
            "route        by a private relay, and publicly after 25 blocks without being mined");
    assertThat(ForecastJson.of(hidden).at("/route").asText()).isEqualTo("private public-after 25");
  }

  @Test
  void whatIsDeniedSaysSo() {
    assertThat(
            ForecastText.lines(
                ReceivedForecast.of(Forecast.newBuilder().setDecision(decision()).build())))
        .startsWith("would be denied now");
  }

  @Test
  void asJsonItHasTheSame() {
    var waits = ForecastJson.of(ReceivedForecast.of(WAITS));
    assertThat(waits.at("/answer").asText()).isEqualTo("WAIT");
    assertThat(waits.at("/awaited/quorum/group").asText()).isEqualTo("treasury");
    assertThat(waits.at("/awaited/quorum/members/1").asText()).isEqualTo("bob");
    assertThat(waits.at("/awaited/demands/1/delay").asText()).isEqualTo("PT1H");
    var allowed = ForecastJson.of(ReceivedForecast.of(ALLOWED));
    assertThat(allowed.at("/answer").asText()).isEqualTo("ALLOW");
    assertThat(allowed.at("/actions/0/limits/0/after").asText()).isEqualTo("7");
    assertThat(allowed.at("/actions/0/prices/0/price").asText()).isEqualTo("2600.5");
    assertThat(allowed.at("/actions/0/outcomes/1/unmet/expected").asText()).isEqualTo("cold");
  }

  @Test
  void whatCannotBeReadIsNoAnswer() {
    assertThatThrownBy(() -> ReceivedForecast.of(Forecast.getDefaultInstance()))
        .isInstanceOf(CommandException.class);
  }
}
