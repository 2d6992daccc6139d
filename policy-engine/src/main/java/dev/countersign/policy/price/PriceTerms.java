package dev.countersign.policy.price;

import dev.countersign.core.approval.ApproverKey;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.price.CurrencyCode;
import dev.countersign.core.price.FeedName;
import dev.countersign.core.price.PriceStatement;
import dev.countersign.core.price.SignedPrice;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// `prices` of a policy: whose prices count, and for how long.
///
/// @param maximumAge a price that is older is none
/// @param feeds by name, each with a key of its own
/// @param quorum how many feeds have to have a price; at least 1, at most as many as there are
public record PriceTerms(Duration maximumAge, SortedMap<FeedName, ApproverKey> feeds, int quorum) {
  /// How far a feed's clock may be ahead of the database's.
  public static final Duration SKEW = Duration.ofSeconds(10);

  private static final Comparator<PriceStatement> BY_WORTH =
      Comparator.comparing(PriceStatement::ofSmallestUnit);

  public PriceTerms {
    feeds = Collections.unmodifiableSortedMap(new TreeMap<>(feeds));
    if (quorum < 1 || quorum > feeds.size()) {
      throw new IllegalArgumentException(quorum + " of " + feeds.size() + " feeds");
    }
  }

  /// Whether a price is of a feed named here, and signed by it.
  public boolean isAuthentic(SignedPrice price) {
    ApproverKey key = feeds.get(price.statement().feed());
    return key != null && price.isSignedBy(key);
  }

  /// Whether it is dated later than any clock that is right can have it.
  public boolean isEarly(PriceStatement price, Instant now) {
    return price.asOf().isAfter(now.plus(SKEW));
  }

  /// Whether it counts at `now`: exactly `maximumAge` after its time it still does.
  public boolean isFresh(PriceStatement price, Instant now) {
    return !isEarly(price, now) && !price.asOf().plus(maximumAge).isBefore(now);
  }

  /// Of the newest price of each feed those that are fresh; if enough feeds have one, the highest
  /// of them. The highest, since rules ask how much moves: a feed that quotes too little moves
  /// nothing beyond what the others let through.
  ///
  /// @param known of feeds that are named here, with signatures that were verified
  public Quote quote(List<SignedPrice> known, AssetId asset, CurrencyCode currency, Instant now) {
    Map<FeedName, SignedPrice> newest = new HashMap<>();
    for (SignedPrice price : known) {
      PriceStatement statement = price.statement();
      if (statement.asset().equals(asset)
          && statement.currency().equals(currency)
          && feeds.containsKey(statement.feed())) {
        newest.merge(statement.feed(), price, PriceTerms::later);
      }
    }
    List<SignedPrice> fresh =
        newest.values().stream().filter(price -> isFresh(price.statement(), now)).toList();
    if (fresh.size() >= quorum) {
      return new Quote.Priced(
          Collections.max(
              fresh,
              Comparator.comparing(SignedPrice::statement, BY_WORTH)
                  .thenComparing(price -> price.statement().feed())));
    }
    return new Quote.Unpriced(missing(asset, currency, fresh.size(), newest));
  }

  private static SignedPrice later(SignedPrice one, SignedPrice other) {
    return other.statement().asOf().isAfter(one.statement().asOf()) ? other : one;
  }

  private String missing(
      AssetId asset, CurrencyCode currency, int fresh, Map<FeedName, SignedPrice> newest) {
    String what =
        quorum == 1
            ? "no price of %s in %s that is at most %s old".formatted(asset, currency, maximumAge)
            : "prices of %s in %s that are at most %s old from %d of the %d feeds it takes"
                .formatted(asset, currency, maximumAge, fresh, quorum);
    Optional<PriceStatement> last =
        newest.values().stream()
            .map(SignedPrice::statement)
            .max(Comparator.comparing(PriceStatement::asOf).thenComparing(PriceStatement::feed));
    return what
        + last.map(price -> "; the newest is of %s from %s".formatted(price.asOf(), price.feed()))
            .orElse("; there is none at all");
  }
}
