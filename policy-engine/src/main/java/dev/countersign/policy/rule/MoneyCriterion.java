package dev.countersign.policy.rule;

import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.price.PriceStatement;
import dev.countersign.core.price.SignedPrice;
import dev.countersign.policy.price.Money;
import dev.countersign.policy.price.PriceTerms;
import dev.countersign.policy.price.Valuation;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import java.util.List;
import java.util.Optional;

/// `maximum` or `above` as an amount of a currency, whatever the asset. Compared by multiplying, so
/// that nothing is rounded. Where nobody knows a price, a rule that allows does not match, and one
/// that restricts does.
///
/// @param isMaximum whether it is the former
public record MoneyCriterion(String key, Money money, PriceTerms terms, boolean isMaximum)
    implements ActionCriterion {

  /// Whether that is what stands there, right or wrong.
  static boolean isWritten(YamlNode value) {
    return value instanceof Scalar text && Money.isMeant(text.text());
  }

  static Optional<MoneyCriterion> read(
      YamlNode value, String key, RuleContext rule, boolean isMaximum) {
    return readMoney(value, key, rule)
        .flatMap(
            money ->
                rule.vocabulary()
                    .prices()
                    .map(terms -> new MoneyCriterion(key, money, terms, isMaximum)));
  }

  /// @return nothing, after noting why, when it has another form, or the policy names no prices
  static Optional<Money> readMoney(YamlNode value, String key, RuleContext rule) {
    if (!(value instanceof Scalar text)) {
      rule.problem(value.at(), key, "expected " + Money.FORM + ", got " + value.kind());
      return Optional.empty();
    }
    try {
      Money money = Money.parse(text.text());
      if (!rule.vocabulary().saysPrices()) {
        rule.problem(
            value.at(),
            key,
            "an amount of a currency needs prices: expected a section `prices` that names feeds, or"
                + " an amount of the asset");
        return Optional.empty();
      }
      return Optional.of(money);
    } catch (InvalidValueException e) {
      rule.problem(value.at(), key, "expected " + e.expected() + ", got " + value.kind());
      return Optional.empty();
    }
  }

  private Valuation value(JudgedAction action) {
    return action.worth(money.currency(), terms);
  }

  @Override
  public boolean holds(JudgedAction action) {
    boolean within =
        value(action).worth().map(worth -> worth.compareTo(money.amount()) <= 0).orElse(false);
    return within == isMaximum;
  }

  /// Prices are asked for once, before any limit is touched; that is no reason to touch fewer.
  @Override
  public boolean mayHold(JudgedAction action) {
    return true;
  }

  @Override
  public String expected() {
    return (isMaximum ? "at most " : "more than ") + money;
  }

  /// The age of a price counts.
  @Override
  public boolean isTimed() {
    return true;
  }

  @Override
  public boolean observesAlike() {
    return false;
  }

  @Override
  public List<SignedPrice> prices(JudgedAction action) {
    return value(action).used();
  }

  @Override
  public Optional<String> unpriced(JudgedAction action) {
    return Optional.of(value(action).reason()).filter(reason -> !reason.isEmpty());
  }

  @Override
  public String observed(JudgedAction action) {
    String amount = AmountText.show(action.amount(), action.asset().isNative());
    Valuation value = value(action);
    return value.worth().isEmpty()
        ? amount + ", and " + value.reason()
        : "%s (%s%s)"
            .formatted(
                Money.show(value.worth().get(), money.currency()),
                amount,
                value.used().stream()
                    .findFirst()
                    .map(price -> " at " + words(price.statement()))
                    .orElse(""));
  }

  /// A price, and whose and of when it is.
  static String words(PriceStatement price) {
    return "%s %s from %s of %s"
        .formatted(price.priceText(), price.currency(), price.feed(), price.asOf());
  }
}
