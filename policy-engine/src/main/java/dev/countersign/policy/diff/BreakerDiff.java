package dev.countersign.policy.diff;

import dev.countersign.core.model.InvalidValueException;
import dev.countersign.policy.diff.PolicyChange.Kind;
import dev.countersign.policy.rule.AmountText;
import dev.countersign.policy.rule.BalanceShare;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import java.math.BigInteger;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Circuit breakers, told by their names: one that trips sooner tightens.
final class BreakerDiff {
  private static final int PART_DECIMALS = 4;

  private final List<PolicyChange> changes = new ArrayList<>();

  private BreakerDiff() {}

  static List<PolicyChange> changes(Optional<YamlNode> before, Optional<YamlNode> after) {
    BreakerDiff diff = new BreakerDiff();
    Map<String, Map<String, YamlNode>> old = named(before);
    Map<String, Map<String, YamlNode>> now = named(after);
    old.forEach(
        (name, breaker) -> {
          if (now.containsKey(name)) {
            diff.compare(name, breaker, now.getOrDefault(name, Map.of()));
          } else {
            diff.whole(Kind.REMOVED, name, breaker);
          }
        });
    now.forEach(
        (name, breaker) -> {
          if (!old.containsKey(name)) {
            diff.whole(Kind.ADDED, name, breaker);
          }
        });
    return diff.changes;
  }

  private static Map<String, Map<String, YamlNode>> named(Optional<YamlNode> section) {
    Map<String, Map<String, YamlNode>> breakers = new LinkedHashMap<>();
    for (YamlNode item : DiffedPolicy.items(section)) {
      Map<String, YamlNode> breaker = DiffedPolicy.entries(item);
      breakers.put(text(breaker, "name"), breaker);
    }
    return breakers;
  }

  private void whole(Kind kind, String name, Map<String, YamlNode> breaker) {
    boolean gone = kind == Kind.REMOVED;
    List<String> summary =
        breaker.entrySet().stream()
            .filter(entry -> !entry.getKey().equals("name"))
            .map(entry -> entry.getKey() + " " + NodeText.shown(entry.getValue()))
            .toList();
    changes.add(
        new PolicyChange(
            "breakers",
            name,
            "",
            kind,
            gone ? summary : List.of(),
            gone ? List.of() : summary,
            gone ? Direction.LOOSENS : Direction.TIGHTENS,
            "breaker %s: %s: %s"
                .formatted(name, gone ? "removed" : "new", String.join("; ", summary))));
  }

  private void compare(String name, Map<String, YamlNode> old, Map<String, YamlNode> now) {
    Set<String> keys = new LinkedHashSet<>(old.keySet());
    keys.addAll(now.keySet());
    for (String key : keys) {
      String was = text(old, key);
      String is = text(now, key);
      if (was.equals(is)) {
        continue;
      }
      boolean isPart = isPart(key, old) && isPart(key, now);
      Optional<BigInteger> less = isPart ? part(key, old) : number(key, old);
      Optional<BigInteger> more = isPart ? part(key, now) : number(key, now);
      Direction direction = Direction.LOOSENS;
      String ratio = "";
      if (key.equals("asset") && is.equals("any")) {
        direction = Direction.TIGHTENS;
      }
      if (less.isPresent() && more.isPresent()) {
        int rises = more.get().compareTo(less.get());
        if (rises == 0) {
          continue;
        }
        boolean sooner = key.equals("maximum") ? rises < 0 : rises > 0;
        direction = sooner ? Direction.TIGHTENS : Direction.LOOSENS;
        ratio = Ratio.text(less.get(), more.get());
      }
      changes.add(
          new PolicyChange(
              "breakers",
              name,
              key,
              Kind.CHANGED,
              List.of(was),
              List.of(is),
              direction,
              "breaker %s: %s %s -> %s%s".formatted(name, key, was, is, ratio)));
    }
  }

  private static boolean isPart(String key, Map<String, YamlNode> breaker) {
    return key.equals("maximum")
        && breaker.get(key) instanceof Scalar text
        && BalanceShare.isWritten(text);
  }

  /// A part of a balance, in ten thousandths of a percent: the finest there is.
  private static Optional<BigInteger> part(String key, Map<String, YamlNode> breaker) {
    return breaker.get(key) instanceof Scalar text
        ? BalanceShare.parse(text.text())
            .map(share -> share.percent().movePointRight(PART_DECIMALS).toBigIntegerExact())
        : Optional.empty();
  }

  /// A maximum, or a window in seconds.
  private static Optional<BigInteger> number(String key, Map<String, YamlNode> breaker) {
    if (!(breaker.get(key) instanceof Scalar scalar)) {
      return Optional.empty();
    }
    try {
      return switch (key) {
        case "maximum" -> Optional.of(AmountText.parseNative(scalar.text()));
        case "window" -> Optional.of(BigInteger.valueOf(Duration.parse(scalar.text()).toSeconds()));
        default -> Optional.empty();
      };
    } catch (InvalidValueException | DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static String text(Map<String, YamlNode> breaker, String key) {
    YamlNode node = breaker.get(key);
    return node == null ? "nothing" : NodeText.of(node);
  }
}
