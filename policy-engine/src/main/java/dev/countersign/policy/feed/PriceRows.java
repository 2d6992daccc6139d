package dev.countersign.policy.feed;

import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.price.CurrencyCode;
import dev.countersign.core.price.FeedName;
import dev.countersign.core.price.SignedPrice;
import dev.countersign.database.SqlRows;
import dev.countersign.policy.feed.PriceFeeds.Slot;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The table of prices. What it holds counts for nothing until its signature is verified.
final class PriceRows {
  private static final Logger LOG = LoggerFactory.getLogger(PriceRows.class);

  /// Rows are locked in the order of their keys, so that batches do not wait for each other in a
  /// ring.
  private static final String TAKE =
      """
      INSERT INTO policy.price (feed, asset, currency, as_of, signed)
      SELECT feed, asset, currency, as_of, signed
      FROM unnest(:feed, :asset, :currency, :as_of, :signed)
        AS taken (feed, asset, currency, as_of, signed)
      ORDER BY feed COLLATE "C", asset COLLATE "C", currency COLLATE "C"
      ON CONFLICT (feed, asset, currency) DO UPDATE
        SET as_of = excluded.as_of, signed = excluded.signed, received_at = now()
        WHERE price.as_of < excluded.as_of
          OR price.as_of > statement_timestamp() + interval '10 s'
      RETURNING feed, asset, currency
      """;

  private static final String OF_ASSETS =
      """
      SELECT signed FROM policy.price
      WHERE asset = ANY (:asset) AND feed = ANY (:feed) AND currency = ANY (:currency)
      """;

  private static final String PAGE =
      """
      SELECT signed FROM policy.price
      WHERE (feed, asset, currency) > (:feed, :asset, :currency)
      ORDER BY feed, asset, currency LIMIT :most
      """;

  /// Stores those that are newer than what is there. What is dated later than any price that was
  /// ever taken in was not taken in, and gives way.
  ///
  /// @param prices of each slot at most one
  /// @return the slots of those that were
  Set<Slot> take(Handle handle, Collection<SignedPrice> prices) {
    if (prices.isEmpty()) {
      return Set.of();
    }
    return new HashSet<>(
        SqlRows.of(prices)
            .text("feed", price -> price.statement().feed().value())
            .text("asset", price -> price.statement().asset().toString())
            .text("currency", price -> price.statement().currency().value())
            .timestamptz("as_of", price -> price.statement().asOf())
            .bytea("signed", SignedPrice::bytes)
            .bindTo(handle.createQuery(TAKE))
            .map(
                (row, context) ->
                    new Slot(
                        new FeedName(row.getString("feed")),
                        AssetId.parse(row.getString("asset")),
                        new CurrencyCode(row.getString("currency"))))
            .list());
  }

  List<SignedPrice> ofAssets(
      Handle handle, Set<AssetId> assets, Set<FeedName> feeds, Set<CurrencyCode> currencies) {
    var query = handle.createQuery(OF_ASSETS);
    SqlRows.of(assets).text("asset", AssetId::toString).bindTo(query);
    SqlRows.of(feeds).text("feed", FeedName::value).bindTo(query);
    SqlRows.of(currencies).text("currency", CurrencyCode::value).bindTo(query);
    return query.mapTo(byte[].class).list().stream()
        .map(PriceRows::parse)
        .flatMap(Optional::stream)
        .toList();
  }

  /// Those after `after`, by feed, asset and currency.
  List<SignedPrice> page(Handle handle, Optional<Slot> after, int most) {
    return handle
        .createQuery(PAGE)
        .bind("feed", after.map(slot -> slot.feed().value()).orElse(""))
        .bind("asset", after.map(slot -> slot.asset().toString()).orElse(""))
        .bind("currency", after.map(slot -> slot.currency().value()).orElse(""))
        .bind("most", most)
        .mapTo(byte[].class)
        .list()
        .stream()
        .map(PriceRows::parse)
        .flatMap(Optional::stream)
        .toList();
  }

  /// Nothing of what no feed can have signed.
  private static Optional<SignedPrice> parse(byte[] signed) {
    try {
      return Optional.of(SignedPrice.parse(Bytes.of(signed)));
    } catch (InvalidValueException e) {
      LOG.error("a stored price is none, and does not count: {}", e.getMessage());
      return Optional.empty();
    }
  }
}
