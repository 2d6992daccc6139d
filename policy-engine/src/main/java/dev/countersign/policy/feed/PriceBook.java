package dev.countersign.policy.feed;

import dev.countersign.core.model.AssetId;
import dev.countersign.core.price.CurrencyCode;
import dev.countersign.core.price.SignedPrice;
import dev.countersign.policy.price.PriceTerms;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/// The prices that there are to judge by. Safe for concurrent use.
public final class PriceBook {
  private final PriceRows rows = new PriceRows();
  private final PriceMemory memory = new PriceMemory();

  /// In one statement, however many assets.
  ///
  /// @param currencies those that rules count in: what feeds say in others is not read
  /// @param now the time of judging
  /// @return of each feed, asset and currency the newest, signed by the feed's key; fresh or not
  public List<SignedPrice> of(
      Handle handle,
      PriceTerms terms,
      Set<AssetId> assets,
      Set<CurrencyCode> currencies,
      Instant now) {
    List<SignedPrice> stored = rows.ofAssets(handle, assets, terms.feeds().keySet(), currencies);
    return memory.newest(terms, assets, stored, now);
  }
}
