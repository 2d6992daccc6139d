package dev.countersign.policy.rule;

import static dev.countersign.policy.sample.PriceSamples.FEED_A;
import static dev.countersign.policy.sample.PriceSamples.FEED_B;
import static dev.countersign.policy.sample.PriceSamples.allowing;
import static dev.countersign.policy.sample.PriceSamples.ether;
import static dev.countersign.policy.sample.PriceSamples.prices;
import static dev.countersign.policy.sample.PriceSamples.usdc;
import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.USDC;
import static dev.countersign.policy.sample.Samples.judged;
import static dev.countersign.policy.sample.Samples.pay;
import static dev.countersign.policy.sample.Samples.payToken;
import static dev.countersign.policy.sample.Samples.policy;
import static dev.countersign.policy.sample.Samples.problems;
import static dev.countersign.policy.sample.Samples.subject;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.port.PolicySubject;
import dev.countersign.core.price.FeedName;
import dev.countersign.core.price.PriceStatement;
import dev.countersign.core.price.SignedPrice;
import dev.countersign.policy.price.Money;
import dev.countersign.policy.sample.PriceSamples;
import dev.countersign.policy.sample.Samples;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class MoneyCriterionTest {
  private static final PolicySubject UNPRICED = subject("desk", "hot-1");
  private static final Instant NOW = UNPRICED.at();

  /// 2,500 USD an ether and 0.9999 USD a USDC.
  private static final PolicySubject PRICED =
      UNPRICED.pricedBy(prices(ether(FEED_A, "2500", NOW), usdc(FEED_A, "0.9999", NOW)));

  private static final Rule ALLOWS =
      policy(
              allowing(
                  "operations: [native-transfer, erc20-transfer]",
                  "assets: any",
                  "maximum: 50000 USD"))
          .rules()
          .getFirst();

  private static final Rule DENIES =
      policy(
              "format: countersign/policy/v1\n"
                  + PriceSamples.section(1)
                  + "rules: [{name: no, effect: DENY, above: 50000 USD}]")
          .rules()
          .getFirst();

  private static JudgedAction ethers(PolicySubject subject, String ether) {
    return judged(subject, pay(ALICE, AmountText.parseNative(ether + " ether")));
  }

  private static JudgedAction usdcs(PolicySubject subject, long smallest) {
    return judged(subject, payToken(USDC, ALICE, BigInteger.valueOf(smallest)));
  }

  private static Criterion of(Rule rule, String key) {
    return rule.criteria().stream()
        .filter(criterion -> criterion.key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void oneAmountBoundsEveryAssetToTheSmallestUnit() {
    assertThat(ALLOWS.isAbout(ethers(PRICED, "20"))).isTrue();
    assertThat(ALLOWS.isAbout(ethers(PRICED, "20.000000000000000001"))).isFalse();
    // 50,000 / 0.9999 = 50005.0005000500…
    assertThat(ALLOWS.isAbout(usdcs(PRICED, 50_005_000_500L))).isTrue();
    assertThat(ALLOWS.isAbout(usdcs(PRICED, 50_005_000_501L))).isFalse();
    assertThat(DENIES.isAbout(ethers(PRICED, "20"))).isFalse();
    assertThat(DENIES.isAbout(ethers(PRICED, "20.000000000000000001"))).isTrue();
    assertThat(DENIES.isAbout(usdcs(PRICED, 50_005_000_500L))).isFalse();
    assertThat(DENIES.isAbout(usdcs(PRICED, 50_005_000_501L))).isTrue();
  }

  @Test
  void withoutAFreshPriceNothingIsAllowedAndEverythingRestricted() {
    List<SignedPrice> justFresh = prices(ether(FEED_A, "1", NOW.minusSeconds(300)));
    assertThat(ALLOWS.isAbout(ethers(UNPRICED.pricedBy(justFresh), "1"))).isTrue();
    assertThat(DENIES.isAbout(ethers(UNPRICED.pricedBy(justFresh), "1"))).isFalse();
    List<SignedPrice> stale = prices(ether(FEED_A, "1", NOW.minusSeconds(301)));
    assertThat(ALLOWS.isAbout(ethers(UNPRICED.pricedBy(stale), "1"))).isFalse();
    assertThat(DENIES.isAbout(ethers(UNPRICED.pricedBy(stale), "1"))).isTrue();
    assertThat(ALLOWS.isAbout(ethers(UNPRICED, "1"))).isFalse();
    assertThat(DENIES.isAbout(ethers(UNPRICED, "1"))).isTrue();
    assertThat(of(ALLOWS, "maximum").observed(ethers(UNPRICED.pricedBy(stale), "1")))
        .isEqualTo(
            "1000000000000000000 wei (1 ether), and no price of eip155:1/slip44:60 in USD that is"
                + " at most PT5M old; the newest is of 2026-11-01T11:54:59Z from feed-a");
    assertThat(DENIES.unpriced(ethers(UNPRICED, "1"))).isPresent();
    assertThat(DENIES.unpriced(ethers(PRICED, "1"))).isEmpty();
  }

  @Test
  void nothingIsWorthNothingWhateverThePrice() {
    assertThat(ALLOWS.isAbout(judged(UNPRICED, pay(ALICE, BigInteger.ZERO)))).isTrue();
    assertThat(DENIES.isAbout(judged(UNPRICED, pay(ALICE, BigInteger.ZERO)))).isFalse();
  }

  @Test
  void saysByWhichPriceOfWhomAndWhen() {
    Criterion maximum = of(ALLOWS, "maximum");
    assertThat(maximum.expected()).isEqualTo("at most 50000 USD");
    assertThat(maximum.observed(ethers(PRICED, "20.5")))
        .isEqualTo(
            "51250 USD (20500000000000000000 wei (20.5 ether) at 2500 USD from feed-a of"
                + " 2026-11-01T12:00:00Z)");
    assertThat(ALLOWS.prices(ethers(PRICED, "20.5"))).containsExactly(PRICED.prices().getFirst());
    assertThat(DENIES.prices(ethers(PRICED, "1"))).containsExactly(PRICED.prices().getFirst());
    assertThat(of(DENIES, "above").expected()).isEqualTo("more than 50000 USD");
    assertThat(maximum.isTimed()).isTrue();
  }

  @Test
  void theHighestPriceIsTheOneThatCounts() {
    PolicySubject two =
        UNPRICED.pricedBy(prices(ether(FEED_A, "2500", NOW), ether(FEED_B, "2600", NOW)));
    assertThat(ALLOWS.isAbout(ethers(two, "20"))).isFalse();
    assertThat(ALLOWS.isAbout(ethers(two, "19"))).isTrue();
  }

  @Test
  void needsPricesInThePolicy() {
    assertThat(problems(Samples.allowing("maximum: 5 USD")))
        .contains("rules[0].maximum: an amount of a currency needs prices");
    assertThat(problems(Samples.allowing("limits: [{name: a, maximum: 5 USD, window: PT1H}]")))
        .contains("rules[0].limits[0].maximum: an amount of a currency needs prices");
    for (String amount :
        new String[] {"5 US", "5 Usd", "5 DOLLAR", "1,000 USD", "-5 USD", "5  USD"}) {
      assertThat(problems(allowing("maximum: '" + amount + "'")))
          .as(amount)
          .contains("rules[0].maximum: expected an amount of a currency such as 50000 USD");
    }
    assertThat(
            problems(
                allowing("limits: [{name: a, maximum: 5 USD, counts: [actions], window: PT1H}]")))
        .contains("rules[0].limits[0].maximum: expected a whole number");
  }

  @Property(tries = 200)
  void isExact(
      @ForAll @LongRange(max = 1_000_000_000_000L) long amount,
      @ForAll @LongRange(min = 1, max = 1_000_000) long cents,
      @ForAll @LongRange(max = 1_000_000) long maximum,
      @ForAll @IntRange(max = 8) int decimals) {
    BigDecimal price = BigDecimal.valueOf(cents, 2);
    var statement =
        new PriceStatement(
            new FeedName("feed-a"), PriceSamples.USDC, decimals, PriceSamples.USD, price, NOW);
    PolicySubject subject =
        UNPRICED.pricedBy(List.of(new SignedPrice(statement, FEED_A.signs(new byte[1]))));
    Rule rule =
        policy(
                allowing(
                    "operations: [erc20-transfer]", "assets: any", "maximum: " + maximum + " USD"))
            .rules()
            .getFirst();
    // amount * cents / 100 / 10^decimals <= maximum
    boolean within =
        BigInteger.valueOf(amount)
                .multiply(BigInteger.valueOf(cents))
                .compareTo(BigInteger.valueOf(maximum).multiply(BigInteger.TEN.pow(decimals + 2)))
            <= 0;
    assertThat(rule.isAbout(usdcs(subject, amount))).isEqualTo(within);
    // What limits count is rounded up, by less than one of their units.
    BigDecimal worth = statement.worth(BigInteger.valueOf(amount));
    BigDecimal counted = new BigDecimal(Money.unitsOf(worth), Money.SCALE);
    assertThat(counted).isGreaterThanOrEqualTo(worth);
    assertThat(counted.subtract(worth)).isLessThan(BigDecimal.valueOf(1, Money.SCALE));
  }
}
