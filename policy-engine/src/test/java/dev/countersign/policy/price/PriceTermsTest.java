package dev.countersign.policy.price;

import static dev.countersign.policy.sample.PriceSamples.ETHER;
import static dev.countersign.policy.sample.PriceSamples.FEED_A;
import static dev.countersign.policy.sample.PriceSamples.FEED_B;
import static dev.countersign.policy.sample.PriceSamples.USD;
import static dev.countersign.policy.sample.PriceSamples.ether;
import static dev.countersign.policy.sample.PriceSamples.prices;
import static dev.countersign.policy.sample.PriceSamples.signed;
import static dev.countersign.policy.sample.PriceSamples.usd;
import static dev.countersign.policy.sample.PriceSamples.usdc;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.price.CurrencyCode;
import dev.countersign.core.price.FeedName;
import dev.countersign.core.price.SignedPrice;
import dev.countersign.policy.sample.PriceSamples;
import dev.countersign.policy.sample.TestPerson;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PriceTermsTest {
  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

  private static PriceTerms terms(int quorum) {
    return new PriceTerms(
        Duration.ofMinutes(5),
        new TreeMap<>(
            Map.of(
                new FeedName("feed-a"), FEED_A.key(),
                new FeedName("feed-b"), FEED_B.key())),
        quorum);
  }

  private static Quote quote(int quorum, SignedPrice... known) {
    return terms(quorum).quote(List.of(known), ETHER, USD, NOW);
  }

  @Test
  void countsUntilItIsExactlyAsOldAsItMayBe() {
    SignedPrice justSo = ether(FEED_A, "2600", NOW.minusSeconds(300));
    assertThat(quote(1, justSo)).isEqualTo(new Quote.Priced(justSo));
    assertThat(quote(1, ether(FEED_A, "2600", NOW.minusSeconds(301))))
        .isEqualTo(
            new Quote.Unpriced(
                "no price of eip155:1/slip44:60 in USD that is at most PT5M old; the newest is of"
                    + " 2026-11-01T11:54:59Z from feed-a"));
  }

  @Test
  void aClockMayBeTenSecondsAhead() {
    SignedPrice early = ether(FEED_A, "2600", NOW.plusSeconds(10));
    assertThat(quote(1, early)).isEqualTo(new Quote.Priced(early));
    assertThat(quote(1, ether(FEED_A, "2600", NOW.plusSeconds(11))))
        .isInstanceOf(Quote.Unpriced.class);
  }

  @Test
  void theHighestOfTheFreshOnesCounts() {
    SignedPrice low = ether(FEED_A, "2600", NOW);
    SignedPrice high = ether(FEED_B, "2600.01", NOW.minusSeconds(299));
    assertThat(quote(1, low, high)).isEqualTo(new Quote.Priced(high));
    assertThat(quote(2, low, high)).isEqualTo(new Quote.Priced(high));
    SignedPrice stale = ether(FEED_B, "9000", NOW.minusSeconds(301));
    assertThat(quote(1, low, stale)).isEqualTo(new Quote.Priced(low));
  }

  @Test
  void theHighestIsThatOfTheSmallestUnit() {
    SignedPrice six = usdc(FEED_A, "1", NOW);
    SignedPrice eight = signed(FEED_B, usd(FEED_B, PriceSamples.USDC, 8, "2", NOW));
    assertThat(terms(1).quote(prices(six, eight), PriceSamples.USDC, USD, NOW))
        .isEqualTo(new Quote.Priced(six));
  }

  @Test
  void asManyFeedsAsTheQuorumHaveToHaveOne() {
    SignedPrice only = ether(FEED_A, "2600", NOW);
    assertThat(quote(2, only, ether(FEED_A, "2700", NOW.minusSeconds(1))))
        .isEqualTo(
            new Quote.Unpriced(
                "prices of eip155:1/slip44:60 in USD that are at most PT5M old from 1 of the 2"
                    + " feeds it takes; the newest is of 2026-11-01T12:00:00Z from feed-a"));
  }

  @Test
  void theNewestOfAFeedIsItsOnlyOne() {
    SignedPrice newer = ether(FEED_A, "2600", NOW);
    SignedPrice older = ether(FEED_A, "2700", NOW.minusSeconds(1));
    assertThat(quote(1, older, newer)).isEqualTo(new Quote.Priced(newer));
    assertThat(quote(1, newer, older)).isEqualTo(new Quote.Priced(newer));
  }

  @Test
  void otherAssetsCurrenciesAndFeedsAreNoPrice() {
    assertThat(quote(1, usdc(FEED_A, "1", NOW)))
        .extracting(it -> ((Quote.Unpriced) it).reason())
        .asString()
        .endsWith("; there is none at all");
    assertThat(terms(1).quote(prices(ether(FEED_A, "1", NOW)), ETHER, new CurrencyCode("EUR"), NOW))
        .isInstanceOf(Quote.Unpriced.class);
    var stranger = new TestPerson("feed-c", 92);
    assertThat(quote(1, ether(stranger, "1", NOW))).isInstanceOf(Quote.Unpriced.class);
  }

  @Test
  void onlyTheKeyOfTheFeedMakesAPriceAuthentic() {
    assertThat(terms(1).isAuthentic(ether(FEED_A, "2600", NOW))).isTrue();
    assertThat(terms(1).isAuthentic(signed(FEED_B, usd(FEED_A, ETHER, 18, "2600", NOW)))).isFalse();
  }
}
