package dev.countersign.policy.diff;

import dev.countersign.policy.price.Money;
import dev.countersign.policy.rule.Effect;
import dev.countersign.policy.yaml.YamlNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a changed criterion comes to, for people.
final class CriterionWords {
  private CriterionWords() {}

  static String of(String key, DiffedRule old, DiffedRule now, Extent was, Extent is) {
    if (was instanceof Extent.Values && is instanceof Extent.Values) {
      return lists(
          now.effect(), NodeText.values(old.key(key)), NodeText.values(now.key(key)), was, is);
    }
    String ratio = was.getClass() == is.getClass() ? ratio(was, is) : "";
    return text(old.key(key), was) + " -> " + text(now.key(key), is) + ratio;
  }

  private static String ratio(Extent was, Extent is) {
    return amount(was).flatMap(a -> amount(is).map(b -> Ratio.text(a, b))).orElse("");
  }

  private static Optional<BigInteger> amount(Extent extent) {
    return switch (extent) {
      case Extent.AtMost(BigInteger most) -> Optional.of(most);
      case Extent.MoreThan(BigInteger least) -> Optional.of(least);
      case Extent.WorthAtMost(Money most) -> Optional.of(most.units());
      case Extent.WorthMoreThan(Money least) -> Optional.of(least.units());
      case Extent.Any(), Extent.Values(_), Extent.Unknown(_) -> Optional.empty();
    };
  }

  private static String text(Optional<YamlNode> value, Extent extent) {
    return value.map(NodeText::shown).orElseGet(() -> String.join(", ", extent.shown()));
  }

  private static String lists(
      Effect effect, List<String> old, List<String> now, Extent was, Extent is) {
    List<String> added = without(now.isEmpty() ? is.shown() : now, old);
    List<String> removed = without(old.isEmpty() ? was.shown() : old, now);
    List<String> parts = new ArrayList<>();
    if (!added.isEmpty()) {
      parts.add(NodeText.several(added) + " " + added(effect));
    }
    if (!removed.isEmpty()) {
      parts.add(NodeText.several(removed) + " " + removed(effect));
    }
    return String.join("; ", parts) + meaning(was, is, added, removed);
  }

  /// The addresses behind the names of lists.
  private static String meaning(Extent was, Extent is, List<String> added, List<String> removed) {
    List<String> come = without(is.shown(), was.shown());
    List<String> gone = without(was.shown(), is.shown());
    List<String> parts = new ArrayList<>();
    if (!come.isEmpty() && !added.containsAll(come)) {
      parts.add("that adds " + NodeText.several(come));
    }
    if (!gone.isEmpty() && !removed.containsAll(gone)) {
      parts.add("that takes away " + NodeText.several(gone));
    }
    return parts.isEmpty() ? "" : " (" + String.join("; ", parts) + ")";
  }

  static List<String> without(List<String> all, List<String> those) {
    return all.stream().filter(value -> !those.contains(value)).toList();
  }

  /// Of what a rule is about now, and was not.
  static String added(Effect effect) {
    return switch (effect) {
      case ALLOW -> "now allowed, too";
      case DENY -> "now denied, too";
      case REQUIRE -> "now with approval only";
      case DELAY -> "now with delay only";
    };
  }

  /// Of what a rule was about, and is no more.
  static String removed(Effect effect) {
    return switch (effect) {
      case ALLOW -> "no longer allowed by it";
      case DENY -> "no longer denied by it";
      case REQUIRE -> "no longer with its approval only";
      case DELAY -> "no longer with its delay only";
    };
  }
}
