package dev.countersign.policy.rule;

import dev.countersign.core.model.InvalidValueException;
import dev.countersign.policy.price.Quotation;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import java.math.BigInteger;
import java.util.Optional;

/// An amount of the one asset that a rule is about, or a number of something that is no asset.
///
/// @param quotation the currency it is an amount of instead, in 10^-18 of it
record RuleAmount(BigInteger value, Optional<AssetPattern> asset, Optional<Quotation> quotation) {

  private RuleAmount(BigInteger value, Optional<AssetPattern> asset) {
    this(value, asset, Optional.empty());
  }

  /// An amount of a currency, whatever the rule's assets are.
  static Optional<RuleAmount> readMoney(YamlNode value, String key, RuleContext rule) {
    return MoneyCriterion.readMoney(value, key, rule)
        .flatMap(
            money ->
                rule.vocabulary()
                    .prices()
                    .map(
                        terms ->
                            new RuleAmount(
                                money.units(),
                                Optional.empty(),
                                Optional.of(new Quotation(money.currency(), terms)))));
  }

  /// @param key where it stands below the rule, such as `limits[0].maximum`
  /// @return nothing, after noting why, when it cannot be read
  static Optional<RuleAmount> read(YamlNode value, String key, RuleContext rule) {
    Optional<AssetPattern> asset = AssetCriterion.only(rule);
    if (asset.isEmpty()) {
      rule.problem(
          value.at(),
          key,
          "an amount counts one asset: expected `assets` to list exactly one; for several, write a"
              + " rule for each, or an amount of a currency");
      return Optional.empty();
    }
    return parse(value, key, rule, asset.get().isNative())
        .map(amount -> new RuleAmount(amount, asset));
  }

  /// An amount in wei, whatever the rule's assets are.
  static Optional<BigInteger> readWei(YamlNode value, String key, RuleContext rule) {
    return parse(value, key, rule, true);
  }

  /// An amount of the native asset, whatever the rule's assets are.
  static Optional<RuleAmount> readNative(YamlNode value, String key, RuleContext rule) {
    return readWei(value, key, rule)
        .map(amount -> new RuleAmount(amount, Optional.of(new AssetPattern.Native())));
  }

  /// How many, of whatever it is.
  static Optional<RuleAmount> readNumber(YamlNode value, String key, RuleContext rule) {
    return parse(value, key, rule, false, "a whole number")
        .map(number -> new RuleAmount(number, Optional.empty()));
  }

  private static Optional<BigInteger> parse(
      YamlNode value, String key, RuleContext rule, boolean isNative) {
    return parse(
        value, key, rule, isNative, isNative ? AmountText.FORM_NATIVE : AmountText.FORM_TOKEN);
  }

  private static Optional<BigInteger> parse(
      YamlNode value, String key, RuleContext rule, boolean isNative, String form) {
    if (!(value instanceof Scalar scalar)) {
      rule.problem(value.at(), key, "expected " + form + ", got " + value.kind());
      return Optional.empty();
    }
    try {
      return Optional.of(
          isNative ? AmountText.parseNative(scalar.text()) : AmountText.parseToken(scalar.text()));
    } catch (InvalidValueException e) {
      String expected = e.expected().equals(AmountText.FORM_TOKEN) ? form : e.expected();
      rule.problem(value.at(), key, "expected " + expected + ", got " + value.kind());
      return Optional.empty();
    }
  }

  boolean isNative() {
    return asset.map(AssetPattern::isNative).orElse(false);
  }

  String shown() {
    return AmountText.show(value, isNative());
  }
}
