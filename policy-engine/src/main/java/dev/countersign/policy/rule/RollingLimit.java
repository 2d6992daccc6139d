package dev.countersign.policy.rule;

import dev.countersign.core.decision.LimitWindow;
import dev.countersign.core.decision.RuleOutcome.UnmetCriterion;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.price.CurrencyCode;
import dev.countersign.core.price.SignedPrice;
import dev.countersign.policy.price.Money;
import dev.countersign.policy.price.Quotation;
import dev.countersign.policy.price.Valuation;
import java.math.BigInteger;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// One of a rule's `limits`: how much may leave, or how often, within any stretch of time as long
/// as `window`, or ever.
///
/// @param name unlike those of the rule's other limits
/// @param asset the one asset that the rule names; the native one when only gas is counted; nothing
///     when actions are, whatever they move, or a currency is
/// @param counts what is added up: never gas together with the value of a token, nor actions with
///     anything else
/// @param maximum in the asset's smallest unit, in 10^-18 of a currency, or a number of actions
/// @param per what is counted apart; nothing means one count for the whole rule
/// @param quotation the currency it counts in, whatever leaves; nothing when it counts an asset, or
///     actions
public record RollingLimit(
    String name,
    Optional<AssetPattern> asset,
    Set<Counted> counts,
    BigInteger maximum,
    LimitWindow window,
    List<LimitDimension> per,
    Optional<Quotation> quotation) {
  /// The name of the criterion in explanations, before that of the limit.
  private static final String KEY = "limit";

  public RollingLimit {
    per = per.stream().sorted().toList();
    counts = Collections.unmodifiableSet(EnumSet.copyOf(counts));
    if (quotation.isPresent() && (asset.isPresent() || counts.contains(Counted.ACTIONS))) {
      throw new IllegalArgumentException("a currency counts amounts of any asset, not " + counts);
    }
    if (quotation.isEmpty()
        && (asset.isEmpty() != counts.contains(Counted.ACTIONS)
            || (asset.isEmpty() && counts.size() > 1))) {
      throw new IllegalArgumentException("actions are no asset: " + counts + " of " + asset);
    }
    if (quotation.isEmpty()
        && counts.contains(Counted.GAS)
        && !asset.map(AssetPattern::isNative).orElse(false)) {
      throw new IllegalArgumentException("gas is not paid in " + asset);
    }
  }

  /// Of an asset, or of actions.
  public RollingLimit(
      String name,
      Optional<AssetPattern> asset,
      Set<Counted> counts,
      BigInteger maximum,
      LimitWindow window,
      List<LimitDimension> per) {
    this(name, asset, counts, maximum, window, per, Optional.empty());
  }

  /// The counter for `action`; nothing when the asset is not one of its chain.
  public Optional<ScopeKey> scope(String rule, JudgedAction action) {
    return what(action)
        .map(
            counted -> {
              StringBuilder text = new StringBuilder();
              text.append(rule).append('/').append(name).append(' ').append(counted);
              for (LimitDimension dimension : per) {
                text.append(' ').append(dimension).append('=').append(dimension.of(action));
              }
              return new ScopeKey(text.toString());
            });
  }

  private Optional<String> what(JudgedAction action) {
    if (quotation.isPresent()) {
      return Optional.of(quotation.get().currency().value());
    }
    return asset.isEmpty()
        ? Optional.of(Counted.ACTIONS.toString())
        : asset.get().on(action.subject().chain()).map(AssetId::toString);
  }

  /// Whether it counts wei.
  public boolean isNative() {
    return asset.map(AssetPattern::isNative).orElse(false);
  }

  /// How much of the limit an action takes; nothing when it counts in a currency and there is no
  /// price to tell, see [#unpriced].
  public Optional<BigInteger> of(JudgedAction action) {
    return quotation.isPresent()
        ? worth(action).worth().map(Money::unitsOf)
        : Optional.of(
            counts.stream()
                .map(counted -> counted.of(action))
                .reduce(BigInteger.ZERO, BigInteger::add));
  }

  private Valuation worth(JudgedAction action) {
    return quotation
        .map(
            in ->
                counts.stream()
                    .map(counted -> counted.worth(action, in))
                    .reduce(Valuation.NOTHING, Valuation::plus))
        .orElse(Valuation.NOTHING);
  }

  /// The prices that tell how much of it an action takes.
  public List<SignedPrice> prices(JudgedAction action) {
    return worth(action).used();
  }

  /// Why nobody can tell how much of it an action takes; nothing where that is known.
  public Optional<String> unpriced(JudgedAction action) {
    return Optional.of(worth(action).reason()).filter(reason -> !reason.isEmpty());
  }

  /// @param spent what the window holds already
  public boolean hasRoom(BigInteger spent, BigInteger amount) {
    return spent.add(amount).compareTo(maximum) <= 0;
  }

  /// The same; for what nobody can tell there is none.
  public boolean hasRoom(BigInteger spent, JudgedAction action) {
    return of(action).map(amount -> hasRoom(spent, amount)).orElse(false);
  }

  /// What a rule that restricts has not met as long as there is room.
  public UnmetCriterion room(BigInteger spent, JudgedAction action) {
    UnmetCriterion unmet = unmet(spent, action);
    return new UnmetCriterion(
        unmet.criterion(), unmet.expected().replace("at most", "more than"), unmet.observed());
  }

  public UnmetCriterion unmet(BigInteger spent, JudgedAction action) {
    return unmet(
        of(action)
            .map(amount -> observed(spent, amount) + by(action))
            .orElseGet(() -> unpriced(action).orElseThrow()));
  }

  UnmetCriterion unmet(BigInteger spent, BigInteger amount) {
    return unmet(observed(spent, amount));
  }

  private UnmetCriterion unmet(String observed) {
    return new UnmetCriterion(
        KEY + " " + name,
        "at most %s%s %s".formatted(shown(maximum), ofWhat(), window.span()),
        observed);
  }

  private String observed(BigInteger spent, BigInteger amount) {
    return "%s, with %s in it already".formatted(shown(spent.add(amount)), shown(spent));
  }

  private String by(JudgedAction action) {
    List<SignedPrice> prices = prices(action);
    return prices.isEmpty()
        ? ""
        : prices.stream()
            .map(price -> MoneyCriterion.words(price.statement()))
            .collect(Collectors.joining(" and ", ", at ", ""));
  }

  private String shown(BigInteger amount) {
    return quotation
        .map(in -> Money.show(amount, in.currency()))
        .orElseGet(() -> AmountText.show(amount, isNative()));
  }

  /// Reads an amount as its `maximum` is written.
  ///
  /// @throws dev.countersign.core.model.InvalidValueException when it is another form
  public BigInteger parse(String text) {
    if (quotation.isPresent()) {
      Money money = Money.parse(text);
      CurrencyCode currency = quotation.get().currency();
      if (!money.currency().equals(currency)) {
        throw InvalidValueException.of("amount", text, "an amount of " + currency);
      }
      return money.units();
    }
    return isNative() ? AmountText.parseNative(text) : AmountText.parseToken(text);
  }

  /// Nothing where it goes without saying: the value alone.
  private String ofWhat() {
    if (asset.isEmpty() && quotation.isEmpty()) {
      return " actions";
    }
    return counts.contains(Counted.GAS)
        ? counts.stream().map(Counted::toString).collect(Collectors.joining(" and ", " of ", ""))
        : "";
  }
}
