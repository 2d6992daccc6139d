package dev.countersign.policy.diff;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.policy.price.Money;
import dev.countersign.policy.rule.AmountText;
import dev.countersign.policy.rule.AssetPattern;
import dev.countersign.policy.rule.Effect;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import dev.countersign.policy.yaml.YamlNode.Sequence;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/// Reads what a criterion lets through off the text of a rule. Whatever has not exactly the form
/// that is known here is [Extent.Unknown], so that a form added later is never misread.
final class ExtentReader {
  /// The criteria whose lists hold addresses, or names of address lists.
  static final Set<String> OF_ADDRESSES = Set.of("destinations", "accounts");

  private static final String OWN = "the wallet's own";
  private static final String ANY = "any";
  private static final Map<String, Function<String, String>> LISTS =
      Map.of(
          "initiators", text -> text,
          "wallets", text -> text,
          "chains", text -> text,
          "operations", text -> text,
          "selectors", text -> text.toLowerCase(Locale.ROOT),
          "tokenIds", text -> text,
          "assets", text -> AssetPattern.parse(text).toString());

  private ExtentReader() {}

  /// Whether `key` is a criterion that this comparison knows.
  static boolean knows(String key) {
    return LISTS.containsKey(key)
        || OF_ADDRESSES.contains(key)
        || key.equals("maximum")
        || key.equals("above")
        || key.equals("maximumGasCost");
  }

  static Extent read(String key, DiffedRule rule, DiffedPolicy policy) {
    Optional<YamlNode> value = rule.key(key);
    if (value.isEmpty()) {
      return key.equals("accounts") && rule.effect() == Effect.ALLOW
          ? new Extent.Values(Set.of(OWN))
          : new Extent.Any();
    }
    if (value.get() instanceof Scalar scalar && scalar.text().equals(ANY)) {
      return new Extent.Any();
    }
    try {
      return OF_ADDRESSES.contains(key)
          ? addresses(value.get(), policy)
          : LISTS.containsKey(key)
              ? list(value.get(), LISTS.get(key))
              : amount(key, value.get(), rule);
    } catch (InvalidValueException e) {
      return unknown(value.get());
    }
  }

  private static Extent list(YamlNode value, Function<String, String> normal) {
    if (!(value instanceof Sequence sequence)) {
      return unknown(value);
    }
    Set<String> values = new TreeSet<>();
    for (YamlNode item : sequence.items()) {
      if (!(item instanceof Scalar scalar)) {
        return unknown(value);
      }
      values.add(normal.apply(scalar.text()));
    }
    return new Extent.Values(values);
  }

  private static Extent addresses(YamlNode value, DiffedPolicy policy) {
    if (!(value instanceof Sequence sequence)) {
      return unknown(value);
    }
    Set<String> addresses = new TreeSet<>();
    for (YamlNode item : sequence.items()) {
      if (!(item instanceof Scalar scalar)) {
        return unknown(value);
      }
      if (scalar.text().startsWith("0x")) {
        addresses.add(Address.parse(scalar.text()).checksummed());
      } else if (policy.lists().containsKey(scalar.text())) {
        addresses.addAll(policy.lists().get(scalar.text()));
      } else {
        return unknown(value);
      }
    }
    return new Extent.Values(addresses);
  }

  private static Extent amount(String key, YamlNode value, DiffedRule rule) {
    if (!(value instanceof Scalar scalar)) {
      return unknown(value);
    }
    if (!key.equals("maximumGasCost") && Money.isMeant(scalar.text())) {
      Money money = Money.parse(scalar.text());
      return key.equals("above") ? new Extent.WorthMoreThan(money) : new Extent.WorthAtMost(money);
    }
    Optional<Boolean> isNative =
        key.equals("maximumGasCost") ? Optional.of(true) : rule.asset().map(AssetPattern::isNative);
    if (isNative.isEmpty()) {
      return unknown(value);
    }
    BigInteger amount =
        isNative.get()
            ? AmountText.parseNative(scalar.text())
            : AmountText.parseToken(scalar.text());
    return key.equals("above") ? new Extent.MoreThan(amount) : new Extent.AtMost(amount);
  }

  private static Extent unknown(YamlNode value) {
    return new Extent.Unknown(NodeText.of(value));
  }
}
