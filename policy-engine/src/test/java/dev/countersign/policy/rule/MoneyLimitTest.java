package dev.countersign.policy.rule;

import static dev.countersign.policy.sample.PriceSamples.FEED_A;
import static dev.countersign.policy.sample.PriceSamples.allowing;
import static dev.countersign.policy.sample.PriceSamples.ether;
import static dev.countersign.policy.sample.PriceSamples.prices;
import static dev.countersign.policy.sample.PriceSamples.usdc;
import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.FEES;
import static dev.countersign.policy.sample.Samples.USDC;
import static dev.countersign.policy.sample.Samples.judged;
import static dev.countersign.policy.sample.Samples.pay;
import static dev.countersign.policy.sample.Samples.payToken;
import static dev.countersign.policy.sample.Samples.policy;
import static dev.countersign.policy.sample.Samples.subject;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.port.PolicySubject;
import dev.countersign.core.price.SignedPrice;
import java.math.BigInteger;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MoneyLimitTest {
  private static final PolicySubject UNPRICED = subject("desk", "hot-1");
  private static final Instant NOW = UNPRICED.at();
  private static final SignedPrice ETHER = ether(FEED_A, "2500", NOW);
  private static final SignedPrice DOLLAR = usdc(FEED_A, "1.000000000000000001", NOW);
  private static final PolicySubject PRICED = UNPRICED.pricedBy(prices(ETHER, DOLLAR));

  private static RollingLimit limit(String counts) {
    return policy(
            allowing(
                "assets: any",
                "limits: [{name: day, maximum: 250000 USD, %swindow: PT24H, per: [wallet]}]"
                    .formatted(counts)))
        .rules()
        .getFirst()
        .limits()
        .getFirst();
  }

  private static final RollingLimit VALUE = limit("counts: [value], ");

  private static JudgedAction token(PolicySubject subject, long amount) {
    return judged(subject, payToken(USDC, ALICE, BigInteger.valueOf(amount)));
  }

  @Test
  void allAssetsShareOneCounterOfTheCurrency() {
    ScopeKey scope = new ScopeKey("pay/day USD wallet=hot-1");
    assertThat(VALUE.scope("pay", judged(PRICED, pay(ALICE, BigInteger.ONE)))).contains(scope);
    assertThat(VALUE.scope("pay", token(PRICED, 1))).contains(scope);
  }

  @Test
  void countsInTheSmallestUnitOfALimitRoundedUp() {
    assertThat(VALUE.of(judged(PRICED, pay(ALICE, BigInteger.ONE))))
        .contains(BigInteger.valueOf(2500));
    // 0.000001 * 1.000000000000000001 USD is a little more than 10^12 units.
    assertThat(VALUE.of(token(PRICED, 1))).contains(BigInteger.TEN.pow(12).add(BigInteger.ONE));
  }

  @Test
  void countsGasByThePriceOfTheNativeAsset() {
    RollingLimit both = limit("");
    assertThat(both.counts()).containsExactlyInAnyOrder(Counted.VALUE, Counted.GAS);
    BigInteger gas = FEES.mostGasCost().multiply(BigInteger.valueOf(2500));
    assertThat(both.of(token(PRICED, 1)))
        .contains(BigInteger.TEN.pow(12).add(BigInteger.ONE).add(gas));
    assertThat(both.prices(token(PRICED, 1))).containsExactlyInAnyOrder(ETHER, DOLLAR);
    assertThat(both.of(token(UNPRICED.pricedBy(prices(DOLLAR)), 1))).isEmpty();
    assertThat(limit("counts: [gas], ").of(token(UNPRICED.pricedBy(prices(ETHER)), 1)))
        .contains(gas);
  }

  @Test
  void hasNoRoomForWhatNobodyCanTell() {
    JudgedAction unknown = token(UNPRICED, 1);
    assertThat(VALUE.of(unknown)).isEmpty();
    assertThat(VALUE.hasRoom(BigInteger.ZERO, unknown)).isFalse();
    assertThat(VALUE.unmet(BigInteger.ZERO, unknown).observed())
        .startsWith("no price of eip155:1/erc20:0xa0b8");
    assertThat(VALUE.unpriced(unknown)).isPresent();
  }

  @Test
  void saysWhatItHoldsInTheCurrency() {
    var unmet =
        VALUE.unmet(
            new BigInteger("249999500000000000000000"),
            judged(PRICED, pay(ALICE, BigInteger.TEN.pow(15))));
    assertThat(unmet.criterion()).isEqualTo("limit day");
    assertThat(unmet.expected()).isEqualTo("at most 250000 USD in PT24H");
    assertThat(unmet.observed())
        .isEqualTo(
            "250002 USD, with 249999.5 USD in it already, at 2500 USD from feed-a of"
                + " 2026-11-01T12:00:00Z");
  }

  @Test
  void whatIsWorthMoreThanAnyLimitCountsAsTheMostThereIs() {
    BigInteger everything = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);
    assertThat(VALUE.of(judged(PRICED, pay(ALICE, everything)))).contains(everything);
  }
}
