package dev.countersign.policy.diff;

import dev.countersign.policy.diff.PolicyChange.Kind;
import dev.countersign.policy.rule.Effect;
import dev.countersign.policy.rule.RelayTerms;
import dev.countersign.policy.yaml.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Rules that are there on one side only, and what is other in those that are on both: they are
/// told by their names, as counters of limits are.
final class RuleDiff {
  private static final String SECTION = "rules";
  private static final Set<String> DEMANDS = Set.of("approvals", "lifetime", "delay");

  private static final Set<String> TEXTS = Set.of("name", "effect", "description", RelayTerms.KEY);

  private final DiffedPolicy before;
  private final DiffedPolicy after;
  private final List<PolicyChange> changes = new ArrayList<>();

  private RuleDiff(DiffedPolicy before, DiffedPolicy after) {
    this.before = before;
    this.after = after;
  }

  static List<PolicyChange> changes(DiffedPolicy before, DiffedPolicy after) {
    RuleDiff diff = new RuleDiff(before, after);
    for (DiffedRule rule : before.rules()) {
      after
          .rule(rule.name())
          .ifPresentOrElse(now -> diff.compare(rule, now), () -> diff.gone(rule));
    }
    after.rules().stream().filter(rule -> before.rule(rule.name()).isEmpty()).forEach(diff::fresh);
    diff.order();
    return diff.changes;
  }

  /// Whether both allow or both restrict: else what their criteria let through means the opposite.
  static boolean haveOneSense(DiffedRule one, DiffedRule other) {
    return (one.effect() == Effect.ALLOW) == (other.effect() == Effect.ALLOW);
  }

  /// Whether the meaning of what stands at `key` of a rule is known here.
  static boolean knows(String key) {
    return ExtentReader.knows(key) || DEMANDS.contains(key) || TEXTS.contains(key);
  }

  private void gone(DiffedRule rule) {
    add(
        rule.name(),
        "",
        Kind.REMOVED,
        List.of(rule.effect() + " " + rule.summary()),
        List.of(),
        rule.effect() == Effect.ALLOW ? Direction.TIGHTENS : Direction.LOOSENS,
        "removed; it was %s: %s".formatted(rule.effect(), rule.summary()));
  }

  private void fresh(DiffedRule rule) {
    add(
        rule.name(),
        "",
        Kind.ADDED,
        List.of(),
        List.of(rule.effect() + " " + rule.summary()),
        rule.effect() == Effect.ALLOW ? Direction.LOOSENS : Direction.TIGHTENS,
        "new, %s: %s".formatted(rule.effect(), rule.summary()));
  }

  private void compare(DiffedRule old, DiffedRule now) {
    boolean sameEffect = old.effect() == now.effect();
    if (!sameEffect) {
      add(
          now.name(),
          "effect",
          Kind.CHANGED,
          List.of(old.effect().name()),
          List.of(now.effect().name()),
          ofEffects(old.effect(), now.effect()),
          "%s instead of %s, now: %s".formatted(now.effect(), old.effect(), now.summary()));
    }
    if (!haveOneSense(old, now)) {
      return; // All of it is told above.
    }
    Set<String> keys = new LinkedHashSet<>(old.keys().keySet());
    keys.addAll(now.keys().keySet());
    keys.remove("name");
    keys.remove("effect");
    for (String key : keys) {
      if (key.equals("description")) {
        description(old, now);
      } else if (key.equals(RelayTerms.KEY)) {
        other(old, now, key, ofRelays(old.rule().relay(), now.rule().relay()), "");
      } else if (key.equals("limits")) {
        changes.addAll(LimitDiff.changes(old, now));
      } else if (ExtentReader.knows(key)) {
        criterion(key, old, now);
      } else if (!knows(key)) {
        unknown(key, old, now);
      }
    }
    if (sameEffect) {
      changes.addAll(DemandDiff.changes(old, now));
    }
  }

  /// Of a rule that stops to allow, what it allowed is the less that may be signed; of one that
  /// begins to, the more. To deny is stricter than to wait for anything.
  private static Direction ofEffects(Effect old, Effect now) {
    if (now == Effect.ALLOW) {
      return Direction.LOOSENS;
    }
    return old == Effect.ALLOW || now == Effect.DENY ? Direction.TIGHTENS : Direction.LOOSENS;
  }

  /// The later everybody may see it, the stricter.
  private static Direction ofRelays(Optional<RelayTerms> old, Optional<RelayTerms> now) {
    int later = Integer.compare(blocks(now), blocks(old));
    if (later == 0) {
      return Direction.NEITHER;
    }
    return later > 0 ? Direction.TIGHTENS : Direction.LOOSENS;
  }

  private static int blocks(Optional<RelayTerms> relay) {
    return relay.map(terms -> terms.publicAfterBlocks().orElse(Integer.MAX_VALUE)).orElse(0);
  }

  private void criterion(String key, DiffedRule old, DiffedRule now) {
    Extent was = ExtentReader.read(key, old, before);
    Extent is = ExtentReader.read(key, now, after);
    Breadth breadth = was.to(is);
    // Where the text is the same, the list it names is other: that is told of the list.
    if (breadth != Breadth.SAME && !NodeText.same(old.key(key), now.key(key))) {
      add(
          now.name(),
          key,
          kind(old.key(key), now.key(key)),
          was.shown(),
          is.shown(),
          breadth.direction(now.effect()),
          key + " " + CriterionWords.of(key, old, now, was, is));
    }
  }

  private void description(DiffedRule old, DiffedRule now) {
    other(old, now, "description", Direction.NEITHER, "");
  }

  private void unknown(String key, DiffedRule old, DiffedRule now) {
    other(
        old, now, key, Direction.LOOSENS, " (what that lets through was not compared: look at it)");
  }

  private void other(
      DiffedRule old, DiffedRule now, String key, Direction direction, String remark) {
    Optional<YamlNode> was = old.key(key);
    Optional<YamlNode> is = now.key(key);
    if (!NodeText.same(was, is)) {
      add(
          now.name(),
          key,
          kind(was, is),
          NodeText.values(was),
          NodeText.values(is),
          direction,
          "%s %s -> %s%s"
              .formatted(
                  key,
                  was.map(NodeText::shown).orElse("nothing"),
                  is.map(NodeText::shown).orElse("nothing"),
                  remark));
    }
  }

  private static Kind kind(Optional<YamlNode> was, Optional<YamlNode> is) {
    if (was.isEmpty()) {
      return Kind.ADDED;
    }
    return is.isEmpty() ? Kind.REMOVED : Kind.CHANGED;
  }

  /// Which rule is named when several match, and nothing else, goes by their order.
  private void order() {
    List<String> old = names(before, after);
    List<String> now = names(after, before);
    if (!old.equals(now)) {
      changes.add(
          new PolicyChange(
              SECTION,
              "",
              "order",
              Kind.CHANGED,
              old,
              now,
              Direction.NEITHER,
              "rules are in another order: of several that match, another may be named"));
    }
  }

  private static List<String> names(DiffedPolicy of, DiffedPolicy others) {
    return of.rules().stream()
        .map(DiffedRule::name)
        .filter(name -> others.rule(name).isPresent())
        .toList();
  }

  private void add(
      String name,
      String key,
      Kind kind,
      List<String> was,
      List<String> is,
      Direction direction,
      String text) {
    changes.add(
        new PolicyChange(
            SECTION, name, key, kind, was, is, direction, "rule " + name + ": " + text));
  }
}
