package dev.countersign.core.price;

import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/// What a price feed signs: what one whole unit of an asset is worth in a currency, and when. Each
/// line holds one value, so no two statements share their bytes.
///
/// ```
/// countersign/price/v1
/// feed desk-a
/// asset eip155:1/erc20:0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48
/// decimals 6
/// currency USD
/// price 0.9998
/// as-of 2026-11-23T11:00:00Z
/// ```
///
/// @param decimals a whole unit is 10^decimals of the asset's smallest unit; 18 for a native asset
/// @param price of a whole unit; above 0, with at most 18 digits before the point and 18 after it,
///     and no zeros at the end of those
/// @param asOf whole seconds
public record PriceStatement(
    FeedName feed,
    AssetId asset,
    int decimals,
    CurrencyCode currency,
    BigDecimal price,
    Instant asOf) {
  static final String FORMAT = "countersign/price/v1";
  public static final String PRICE_FORM =
      "a number above 0 such as 2600.5, at most 18 digits before the point and 18 after it, no"
          + " zeros at its end";
  public static final int MOST_DECIMALS = 36;
  private static final int NATIVE_DECIMALS = 18;
  private static final int DIGITS = 18;
  private static final Pattern PRICE =
      Pattern.compile("(?:0|[1-9][0-9]{0,17})(?:\\.[0-9]{0,17}[1-9])?");

  public PriceStatement {
    if (decimals < 0 || decimals > MOST_DECIMALS) {
      throw InvalidValueException.of(
          "decimals", Integer.toString(decimals), "a whole number from 0 to " + MOST_DECIMALS);
    }
    if (asset.isNative() && decimals != NATIVE_DECIMALS) {
      throw InvalidValueException.of(
          "decimals", Integer.toString(decimals), "18, which every native asset has");
    }
    price = price.signum() == 0 ? BigDecimal.ZERO : price.stripTrailingZeros();
    if (price.signum() <= 0
        || price.scale() > DIGITS
        || price.precision() - price.scale() > DIGITS) {
      // Its own text, which is short whatever its exponent.
      throw InvalidValueException.of("price", price.toString(), PRICE_FORM);
    }
    if (!asOf.equals(asOf.truncatedTo(ChronoUnit.SECONDS))) {
      throw InvalidValueException.of("as-of", asOf.toString(), "whole seconds");
    }
  }

  /// Reads a price as statements write it.
  ///
  /// @throws InvalidValueException when it is another form
  public static BigDecimal parsePrice(String text) {
    if (!PRICE.matcher(text).matches()) {
      throw InvalidValueException.of("price", text, PRICE_FORM);
    }
    return new BigDecimal(text);
  }

  /// As a policy and its answers show it.
  public String priceText() {
    return price.toPlainString();
  }

  /// What the smallest unit of the asset is worth, exactly.
  public BigDecimal ofSmallestUnit() {
    return price.movePointLeft(decimals);
  }

  /// What `amount` of the asset is worth, exactly.
  ///
  /// @param amount in its smallest unit
  public BigDecimal worth(BigInteger amount) {
    return new BigDecimal(amount).multiply(ofSmallestUnit());
  }

  /// ASCII; each line ends in one line feed.
  public String text() {
    return String.join(
        "\n",
        FORMAT,
        "feed " + feed,
        "asset " + asset,
        "decimals " + decimals,
        "currency " + currency,
        "price " + priceText(),
        "as-of " + asOf,
        "");
  }

  /// What is signed.
  public Bytes canonical() {
    return Bytes.of(text().getBytes(StandardCharsets.US_ASCII));
  }
}
