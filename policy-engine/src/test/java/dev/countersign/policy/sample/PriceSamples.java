package dev.countersign.policy.sample;

import dev.countersign.core.model.AssetId;
import dev.countersign.core.price.CurrencyCode;
import dev.countersign.core.price.FeedName;
import dev.countersign.core.price.PriceStatement;
import dev.countersign.core.price.SignedPrice;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/// Feeds, and what they say that assets are worth.
public final class PriceSamples {
  public static final TestPerson FEED_A = new TestPerson("feed-a", 90);
  public static final TestPerson FEED_B = new TestPerson("feed-b", 91);
  public static final AssetId ETHER = AssetId.nativeOf(Samples.MAINNET);
  public static final AssetId USDC = AssetId.erc20(Samples.MAINNET, Samples.USDC);
  public static final CurrencyCode USD = new CurrencyCode("USD");

  private PriceSamples() {}

  /// The section of a policy: prices of both feeds that are at most five minutes old.
  public static String section(int quorum) {
    return section(quorum, FEED_A, FEED_B);
  }

  public static String section(int quorum, TestPerson... feeds) {
    StringBuilder yaml = new StringBuilder("prices:\n  maximumAge: PT5M\n  feeds:\n");
    for (TestPerson feed : feeds) {
      yaml.append("    - {name: ").append(feed.name());
      yaml.append(", key: \"").append(feed.key().text()).append("\"}\n");
    }
    return yaml.append("  quorum: ").append(quorum).append('\n').toString();
  }

  /// [Samples#allowing] in a policy with both feeds, either of which suffices.
  public static String allowing(String... overrides) {
    return Samples.allowing(overrides).replace("rules:\n", section(1) + "rules:\n");
  }

  public static PriceStatement usd(
      TestPerson feed, AssetId asset, int decimals, String price, Instant asOf) {
    return new PriceStatement(
        new FeedName(feed.name()), asset, decimals, USD, new BigDecimal(price), asOf);
  }

  public static SignedPrice ether(TestPerson feed, String usd, Instant asOf) {
    return signed(feed, usd(feed, ETHER, 18, usd, asOf));
  }

  public static SignedPrice usdc(TestPerson feed, String usd, Instant asOf) {
    return signed(feed, usd(feed, USDC, 6, usd, asOf));
  }

  public static SignedPrice signed(TestPerson by, PriceStatement statement) {
    return new SignedPrice(statement, by.signs(statement.canonical().toArray()));
  }

  public static List<SignedPrice> prices(SignedPrice... prices) {
    return List.of(prices);
  }
}
