package dev.countersign.policy.diff;

import dev.countersign.policy.diff.PolicyChange.Kind;
import dev.countersign.policy.rule.Effect;
import dev.countersign.policy.yaml.YamlNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The limits of one rule. More room loosens, whether a rule allows within its limits or restricts
/// beyond them; a limit that counts anew gives back what was spent.
final class LimitDiff {
  private static final String ANEW = ": it counts anew, from nothing";

  private final DiffedRule rule;
  private final List<PolicyChange> changes = new ArrayList<>();

  private LimitDiff(DiffedRule rule) {
    this.rule = rule;
  }

  static List<PolicyChange> changes(DiffedRule before, DiffedRule after) {
    Map<String, DiffedLimit> old = named(before);
    Map<String, DiffedLimit> now = named(after);
    LimitDiff diff = new LimitDiff(after);
    if (after.effect() != Effect.ALLOW && old.isEmpty() != now.isEmpty()) {
      diff.bounds(old, now);
      return diff.changes;
    }
    old.forEach(
        (name, limit) -> {
          DiffedLimit other = now.get(name);
          if (other == null) {
            diff.whole(Kind.REMOVED, name, limit, Direction.LOOSENS);
          } else {
            diff.compare(limit, other);
          }
        });
    now.forEach(
        (name, limit) -> {
          if (!old.containsKey(name)) {
            diff.whole(Kind.ADDED, name, limit, Direction.TIGHTENS);
          }
        });
    return diff.changes;
  }

  private static Map<String, DiffedLimit> named(DiffedRule rule) {
    Map<String, DiffedLimit> limits = new LinkedHashMap<>();
    for (YamlNode item : DiffedPolicy.items(rule.key("limits"))) {
      DiffedLimit limit = new DiffedLimit(DiffedPolicy.entries(item), rule.asset());
      limits.put(limit.name(), limit);
    }
    return limits;
  }

  /// A rule that restricts begins where its limits end: without any it restricts everything.
  private void bounds(Map<String, DiffedLimit> old, Map<String, DiffedLimit> now) {
    List<String> were = old.values().stream().map(DiffedLimit::summary).toList();
    List<String> are = now.values().stream().map(DiffedLimit::summary).toList();
    boolean begins = old.isEmpty();
    add(
        "limits",
        begins ? Kind.ADDED : Kind.REMOVED,
        were,
        are,
        begins ? Direction.LOOSENS : Direction.TIGHTENS,
        begins
            ? "only beyond %s, was from the first on".formatted(NodeText.several(are))
            : "from the first on, was only beyond %s".formatted(NodeText.several(were)));
  }

  private void whole(Kind kind, String name, DiffedLimit limit, Direction direction) {
    boolean gone = kind == Kind.REMOVED;
    List<String> text = List.of(limit.summary());
    add(
        "limits." + name,
        kind,
        gone ? text : List.of(),
        gone ? List.of() : text,
        direction,
        "limit %s %s: %s".formatted(name, gone ? "removed" : "added", limit.summary()));
  }

  private void compare(DiffedLimit old, DiffedLimit now) {
    if (!old.asset().equals(now.asset())) {
      value(now, "assets", old.asset(), now.asset(), Direction.LOOSENS, ANEW);
    }
    if (!old.per().equals(now.per())) {
      value(now, "per", words(old.per()), words(now.per()), Direction.LOOSENS, ANEW);
    }
    if (!old.counts().equals(now.counts())) {
      value(
          now,
          "counts",
          words(old.counts()),
          words(now.counts()),
          now.counts().containsAll(old.counts()) ? Direction.TIGHTENS : Direction.LOOSENS,
          "");
    }
    maximum(old, now);
    window(old, now);
    Set<String> others = old.others(now);
    for (String key : others) {
      value(
          now,
          key,
          old.text(key),
          now.text(key),
          Direction.LOOSENS,
          " (what that lets through was not compared: look at it)");
    }
  }

  private void maximum(DiffedLimit old, DiffedLimit now) {
    var was = old.maximum();
    var is = now.maximum();
    if (was.isPresent() && is.isPresent()) {
      int more = is.get().compareTo(was.get());
      if (more != 0) {
        add(
            "limits." + now.name() + ".maximum",
            Kind.CHANGED,
            List.of(was.get().toString()),
            List.of(is.get().toString()),
            more > 0 ? Direction.LOOSENS : Direction.TIGHTENS,
            "limit %s maximum %s -> %s%s"
                .formatted(
                    now.name(),
                    old.text("maximum"),
                    now.text("maximum"),
                    Ratio.text(was.get(), is.get())));
      }
    } else if (!old.text("maximum").equals(now.text("maximum"))) {
      value(now, "maximum", old.text("maximum"), now.text("maximum"), Direction.LOOSENS, "");
    }
  }

  /// The longer the window, the more of what was spent still counts.
  private void window(DiffedLimit old, DiffedLimit now) {
    Optional<Duration> was = old.window();
    Optional<Duration> is = now.window();
    if (was.isPresent() && is.isPresent()) {
      int longer = is.get().compareTo(was.get());
      if (longer != 0) {
        value(
            now,
            "window",
            old.text("window"),
            now.text("window"),
            longer > 0 ? Direction.TIGHTENS : Direction.LOOSENS,
            longer > 0 ? " (what was spent counts longer)" : " (there is room again sooner)");
      }
    } else if (!old.text("window").equals(now.text("window"))) {
      value(now, "window", old.text("window"), now.text("window"), Direction.LOOSENS, "");
    }
  }

  private void value(
      DiffedLimit limit, String key, String was, String is, Direction direction, String remark) {
    add(
        "limits." + limit.name() + "." + key,
        Kind.CHANGED,
        List.of(was),
        List.of(is),
        direction,
        "limit %s %s %s -> %s%s".formatted(limit.name(), key, was, is, remark));
  }

  private void add(
      String key, Kind kind, List<String> was, List<String> is, Direction direction, String text) {
    changes.add(
        new PolicyChange(
            "rules",
            rule.name(),
            key,
            kind,
            was,
            is,
            direction,
            "rule " + rule.name() + ": " + text));
  }

  private static String words(Set<String> words) {
    return words.isEmpty() ? "nothing" : String.join(", ", words);
  }
}
