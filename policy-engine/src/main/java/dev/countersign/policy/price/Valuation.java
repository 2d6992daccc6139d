package dev.countersign.policy.price;

import dev.countersign.core.model.AssetId;
import dev.countersign.core.price.CurrencyCode;
import dev.countersign.core.price.SignedPrice;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What amounts of assets come to in a currency.
///
/// @param worth exactly; nothing when one of them has no price
/// @param used the prices that went into it
/// @param reason why there is no `worth`; empty when there is
public record Valuation(Optional<BigDecimal> worth, List<SignedPrice> used, String reason) {
  public static final Valuation NOTHING =
      new Valuation(Optional.of(BigDecimal.ZERO), List.of(), "");

  public Valuation {
    used = List.copyOf(used);
  }

  /// An amount of an asset.
  ///
  /// @param known see [PriceTerms#quote]
  /// @return nothing that moves is worth nothing, whatever the price, so that takes none
  public static Valuation of(
      BigInteger amount,
      AssetId asset,
      CurrencyCode currency,
      PriceTerms terms,
      List<SignedPrice> known,
      Instant now) {
    if (amount.signum() == 0) {
      return NOTHING;
    }
    return switch (terms.quote(known, asset, currency, now)) {
      case Quote.Priced(SignedPrice price) ->
          new Valuation(Optional.of(price.statement().worth(amount)), List.of(price), "");
      case Quote.Unpriced(String reason) -> new Valuation(Optional.empty(), List.of(), reason);
    };
  }

  /// Both together.
  public Valuation plus(Valuation other) {
    if (worth.isEmpty() || other.worth().isEmpty()) {
      return new Valuation(Optional.empty(), List.of(), worth.isEmpty() ? reason : other.reason());
    }
    return new Valuation(
        Optional.of(worth.get().add(other.worth().get())),
        Stream.concat(used.stream(), other.used().stream()).distinct().toList(),
        "");
  }
}
