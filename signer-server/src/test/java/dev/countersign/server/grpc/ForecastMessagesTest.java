package dev.countersign.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.countersign.api.v1.Awaited;
import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.approval.HiddenRoute;
import dev.countersign.core.approval.Quorum;
import dev.countersign.core.decision.Awaited.Demanded;
import dev.countersign.core.decision.ExplainedAction;
import dev.countersign.core.decision.Forecast;
import dev.countersign.core.decision.LimitWindow;
import dev.countersign.core.decision.Observed.LimitUse;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.decision.RuleOutcome;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.price.CurrencyCode;
import dev.countersign.core.price.FeedName;
import dev.countersign.core.price.PriceStatement;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ForecastMessagesTest {
  private static final PolicyVersion VERSION =
      new PolicyVersion(3, Digest32.of(new byte[Digest32.SIZE]));
  private static final Quorum QUORUM =
      Quorum.parse("all of (1 of risk(carol); any of (1 of cfo(dave); 2 of treasury(alice,bob)))");

  @Test
  void whatIsAwaitedIsThereAsWordsAndAsATree() {
    var message =
        ForecastMessages.of(
            new Forecast(
                VERSION,
                false,
                "pay",
                List.of(),
                "waits",
                Optional.of(
                    new dev.countersign.core.decision.Awaited(
                        List.of(
                            new Demanded(
                                "large", Optional.of(QUORUM), Duration.ofHours(4), Duration.ZERO),
                            new Demanded(
                                "slow", Optional.empty(), Duration.ZERO, Duration.ofHours(1))),
                        Optional.of(QUORUM),
                        Duration.ofHours(4),
                        Duration.ofHours(1),
                        Set.of(new ApproverName("bob")))),
                List.of(),
                Optional.of(new HiddenRoute(OptionalInt.empty()))));
    assertThat(message.getAllowed()).isFalse();
    assertThat(message.getRoute()).isEqualTo("private");
    assertThat(message.getDecision().getReason()).isEqualTo("waits");
    Awaited awaited = message.getAwaited();
    assertThat(awaited.getLifetime().getSeconds()).isEqualTo(4 * 3600);
    assertThat(awaited.getDelay().getSeconds()).isEqualTo(3600);
    assertThat(awaited.getExcludedList()).containsExactly("bob");
    assertThat(awaited.getWords()).contains("within PT4H").endsWith("then for PT1H");
    assertThat(awaited.getQuorum().getText()).isEqualTo(QUORUM.text());
    var parts = awaited.getQuorum().getAllOf().getPartsList();
    assertThat(parts.get(0).getMembers().getGroup()).isEqualTo("risk");
    assertThat(parts.get(1).getAnyOf().getParts(1).getMembers().getMembersList())
        .containsExactly("alice", "bob");
    assertThat(awaited.getDemandsList())
        .extracting(Awaited.Demand::getRule, Awaited.Demand::hasQuorum, Awaited.Demand::hasDelay)
        .containsExactly(tuple("large", true, false), tuple("slow", false, true));
  }

  @Test
  void actionsCarryTheirLimits() {
    ChainId chain = ChainId.ofEip155(1);
    Address account = Address.parse("0x52908400098527886E0F7030069857D2E4169EE7");
    var message =
        ForecastMessages.of(
            new Forecast(
                VERSION,
                true,
                "pay",
                List.of(),
                "",
                Optional.empty(),
                List.of(
                    new ExplainedAction(
                        "2.1",
                        "native-transfer",
                        account,
                        AssetId.nativeOf(chain),
                        BigInteger.TEN,
                        Optional.empty(),
                        BigInteger.ONE,
                        List.of(new RuleOutcome("pay", "ALLOW", Optional.empty())),
                        List.of(
                            new LimitUse(
                                "pay/all",
                                new LimitWindow.Sliding(Duration.ofDays(1)),
                                BigInteger.valueOf(100),
                                BigInteger.ONE,
                                BigInteger.TWO)),
                        List.of(
                            new PriceStatement(
                                new FeedName("desk-a"),
                                AssetId.nativeOf(chain),
                                18,
                                new CurrencyCode("USD"),
                                new BigDecimal("2600.5"),
                                Instant.EPOCH))))));
    assertThat(message.hasAwaited()).isFalse();
    var action = message.getActions(0);
    assertThat(action.getPath()).isEqualTo("2.1");
    assertThat(action.getAsset()).isEqualTo("eip155:1/slip44:60");
    assertThat(action.getDestination()).isEmpty();
    assertThat(action.getOutcomes(0).getMatched()).isTrue();
    assertThat(action.getLimits(0).getAfter()).isEqualTo("2");
    assertThat(action.getPrices(0).getPrice()).isEqualTo("2600.5");
    assertThat(action.getPrices(0).getFeed()).isEqualTo("desk-a");
    assertThat(action.getLimits(0).getWindow().getSeconds()).isEqualTo(86_400);
  }
}
