package dev.countersign.policy.diff;

import dev.countersign.core.model.InvalidValueException;
import dev.countersign.policy.price.Money;
import dev.countersign.policy.rule.AmountText;
import dev.countersign.policy.rule.AssetPattern;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import java.math.BigInteger;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// One limit of one side's rule.
///
/// @param only the one asset of its rule
record DiffedLimit(Map<String, YamlNode> keys, Optional<AssetPattern> only) {
  private static final Set<String> KNOWN = Set.of("name", "maximum", "counts", "window", "per");
  private static final String GAS = "gas";
  private static final String NATIVE = "native";

  String name() {
    return text("name");
  }

  /// What stands there, in one line; `nothing` where there is nothing.
  String text(String key) {
    YamlNode node = keys.get(key);
    return node == null ? "nothing" : NodeText.shown(node);
  }

  String summary() {
    return keys.entrySet().stream()
        .map(
            entry ->
                entry.getKey().equals("name")
                    ? name()
                    : entry.getKey() + " " + NodeText.shown(entry.getValue()))
        .collect(Collectors.joining(" "));
  }

  /// What it counts is of this asset, or currency; that is part of the counter's name.
  String asset() {
    Optional<Money> money = money();
    if (money.isPresent()) {
      return money.get().currency().value();
    }
    return counts().equals(Set.of(GAS))
        ? NATIVE
        : only.map(AssetPattern::toString).orElse("nothing");
  }

  private Optional<Money> money() {
    if (!(keys.get("maximum") instanceof Scalar text) || !Money.isMeant(text.text())) {
      return Optional.empty();
    }
    try {
      return Optional.of(Money.parse(text.text()));
    } catch (InvalidValueException e) {
      return Optional.empty();
    }
  }

  private boolean isNative() {
    return asset().equals(NATIVE) || only.map(AssetPattern::isNative).orElse(false);
  }

  /// Of a limit that does not say: all of a native asset and in a currency, the value of a token.
  Set<String> counts() {
    if (keys.containsKey("counts")) {
      return words("counts");
    }
    return money().isPresent() || only.map(AssetPattern::isNative).orElse(false)
        ? new TreeSet<>(Set.of("value", GAS))
        : new TreeSet<>(Set.of("value"));
  }

  Set<String> per() {
    return words("per");
  }

  private Set<String> words(String key) {
    return new TreeSet<>(NodeText.values(Optional.ofNullable(keys.get(key))));
  }

  /// In the smallest unit, or that of limits in a currency; nothing when it has a form that is not
  /// known here.
  Optional<BigInteger> maximum() {
    if (!(keys.get("maximum") instanceof Scalar text)) {
      return Optional.empty();
    }
    Optional<Money> money = money();
    if (money.isPresent()) {
      return money.map(Money::units);
    }
    try {
      return Optional.of(
          isNative() ? AmountText.parseNative(text.text()) : AmountText.parseToken(text.text()));
    } catch (InvalidValueException e) {
      return Optional.empty();
    }
  }

  Optional<Duration> window() {
    if (!(keys.get("window") instanceof Scalar text)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Duration.parse(text.text()));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /// The keys that are not known here and not the same.
  Set<String> others(DiffedLimit other) {
    Set<String> others = new TreeSet<>(keys.keySet());
    others.addAll(other.keys.keySet());
    others.removeAll(KNOWN);
    others.removeIf(
        key ->
            NodeText.same(
                Optional.ofNullable(keys.get(key)), Optional.ofNullable(other.keys.get(key))));
    return others;
  }

  /// Whether `word` stands at a key that is not known here.
  boolean names(String word) {
    return keys.entrySet().stream()
        .filter(entry -> !KNOWN.contains(entry.getKey()))
        .anyMatch(entry -> NodeText.words(entry.getValue()).contains(word));
  }
}
