package dev.countersign.policy.feed;

import dev.countersign.core.approval.ApproverKey;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.price.CurrencyCode;
import dev.countersign.core.price.FeedName;
import dev.countersign.core.price.PriceStatement;
import dev.countersign.core.price.SignedPrice;
import dev.countersign.policy.price.PriceTerms;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The newest prices whose signatures this instance has verified. So each is verified once, and
/// whoever sets the table back, or takes a row out of it, does not set an instance back that has
/// seen the newer price. Safe for concurrent use.
final class PriceMemory {
  private static final Logger LOG = LoggerFactory.getLogger(PriceMemory.class);

  /// Those that were judged longest ago are forgotten, and verified again when they are asked for.
  private static final int MOST_ASSETS = 2_000;

  private record Slot(FeedName feed, ApproverKey key, CurrencyCode currency) {}

  private final Map<AssetId, Map<Slot, SignedPrice>> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<AssetId, Map<Slot, SignedPrice>> eldest) {
          return size() > MOST_ASSETS;
        }
      };

  /// The newest price of each feed of `terms` for each of `assets`, of what is stored now and what
  /// is remembered.
  ///
  /// @param stored whatever the table has
  /// @param now a price that is dated later is not looked at
  synchronized List<SignedPrice> newest(
      PriceTerms terms, Set<AssetId> assets, List<SignedPrice> stored, Instant now) {
    for (SignedPrice price : stored) {
      PriceStatement statement = price.statement();
      ApproverKey key = terms.feeds().get(statement.feed());
      if (key != null && !terms.isEarly(statement, now)) {
        remember(new Slot(statement.feed(), key, statement.currency()), price);
      }
    }
    List<SignedPrice> newest = new ArrayList<>();
    for (AssetId asset : assets) {
      known
          .getOrDefault(asset, Map.of())
          .forEach(
              (slot, price) -> {
                if (slot.key().equals(terms.feeds().get(slot.feed()))) {
                  newest.add(price);
                }
              });
    }
    return newest;
  }

  private void remember(Slot slot, SignedPrice price) {
    PriceStatement statement = price.statement();
    Map<Slot, SignedPrice> ofAsset = known.computeIfAbsent(statement.asset(), _ -> new HashMap<>());
    SignedPrice last = ofAsset.get(slot);
    if (last != null && !statement.asOf().isAfter(last.statement().asOf())) {
      return;
    }
    if (price.isSignedBy(slot.key())) {
      ofAsset.put(slot, price);
    } else {
      LOG.error(
          "the stored price of {} in {} is not signed by the key of feed {}, and does not count",
          statement.asset(),
          statement.currency(),
          slot.feed());
    }
  }
}
