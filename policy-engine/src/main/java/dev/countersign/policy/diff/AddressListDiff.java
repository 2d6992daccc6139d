package dev.countersign.policy.diff;

import dev.countersign.policy.diff.PolicyChange.Kind;
import dev.countersign.policy.rule.Effect;
import dev.countersign.policy.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The address lists, and what a changed one means for the rules that name it.
final class AddressListDiff {
  private static final String SECTION = "addresses";

  private AddressListDiff() {}

  static List<PolicyChange> changes(DiffedPolicy before, DiffedPolicy after) {
    List<PolicyChange> changes = new ArrayList<>();
    Map<String, YamlNode> old = before.entriesOf(SECTION);
    Map<String, YamlNode> now = after.entriesOf(SECTION);
    old.forEach(
        (name, list) -> {
          if (!now.containsKey(name)) {
            changes.add(whole(Kind.REMOVED, name, values(before, name, list)));
          } else {
            compare(name, before, after, list, now.getOrDefault(name, list))
                .ifPresent(changes::add);
          }
        });
    now.forEach(
        (name, list) -> {
          if (!old.containsKey(name)) {
            changes.add(whole(Kind.ADDED, name, values(after, name, list)));
          }
        });
    return changes;
  }

  /// A rule that begins or stops to name it has changed itself.
  private static PolicyChange whole(Kind kind, String name, List<String> values) {
    boolean gone = kind == Kind.REMOVED;
    return new PolicyChange(
        SECTION,
        name,
        "",
        kind,
        gone ? values : List.of(),
        gone ? List.of() : values,
        Direction.NEITHER,
        "address list %s: %s, with %s"
            .formatted(name, gone ? "removed" : "new", NodeText.several(values)));
  }

  private static List<String> values(DiffedPolicy policy, String name, YamlNode list) {
    return policy.lists().containsKey(name)
        ? List.copyOf(policy.lists().get(name))
        : NodeText.values(Optional.of(list));
  }

  private static Optional<PolicyChange> compare(
      String name, DiffedPolicy before, DiffedPolicy after, YamlNode old, YamlNode now) {
    List<String> were = values(before, name, old);
    List<String> are = values(after, name, now);
    boolean plain = before.lists().containsKey(name) && after.lists().containsKey(name);
    if (plain ? were.equals(are) : NodeText.of(old).equals(NodeText.of(now))) {
      return Optional.empty();
    }
    List<String> added = CriterionWords.without(are, were);
    List<String> removed = CriterionWords.without(were, are);
    List<Use> uses = uses(name, before, after);
    boolean elsewhere = isNamedElsewhere(name, before) || isNamedElsewhere(name, after);
    Direction direction =
        plain && !elsewhere
            ? Direction.of(uses.stream().map(Use::direction).toList())
            : Direction.LOOSENS;
    List<String> parts = new ArrayList<>();
    if (!added.isEmpty()) {
      parts.add("%d added: %s".formatted(added.size(), NodeText.several(added)));
    }
    if (!removed.isEmpty()) {
      parts.add("%d removed: %s".formatted(removed.size(), NodeText.several(removed)));
    }
    if (!plain) {
      parts.add("what that lets through was not compared: look at it");
    }
    uses.stream().map(use -> use.text(!added.isEmpty(), !removed.isEmpty())).forEach(parts::add);
    if (elsewhere) {
      parts.add("named where it was not compared: look at it");
    } else if (uses.isEmpty()) {
      parts.add("no rule names it in both");
    }
    return Optional.of(
        new PolicyChange(
            SECTION,
            name,
            "",
            Kind.CHANGED,
            were,
            are,
            direction,
            "address list " + name + ": " + String.join("; ", parts)));
  }

  /// A rule that names the list on both sides, in the same text.
  private record Use(String rule, String key, Effect effect, Direction direction) {
    String text(boolean adds, boolean removes) {
      List<String> words = new ArrayList<>();
      if (adds) {
        words.add("what was added is " + CriterionWords.added(effect));
      }
      if (removes) {
        words.add("what was removed is " + CriterionWords.removed(effect));
      }
      return "in %s of rule %s (%s) %s".formatted(key, rule, effect, String.join(", ", words));
    }
  }

  private static List<Use> uses(String name, DiffedPolicy before, DiffedPolicy after) {
    List<Use> uses = new ArrayList<>();
    for (DiffedRule now : after.rules()) {
      Optional<DiffedRule> old = before.rule(now.name());
      for (String key : ExtentReader.OF_ADDRESSES) {
        Optional<YamlNode> text = now.key(key).filter(node -> NodeText.words(node).contains(name));
        if (text.isPresent()
            && old.isPresent()
            && RuleDiff.haveOneSense(old.get(), now)
            && NodeText.same(old.get().key(key), text)) {
          Extent was = ExtentReader.read(key, old.get(), before);
          Extent is = ExtentReader.read(key, now, after);
          uses.add(new Use(now.name(), key, now.effect(), was.to(is).direction(now.effect())));
        }
      }
    }
    return uses;
  }

  /// Whether it is named by something whose meaning is not known here.
  private static boolean isNamedElsewhere(String name, DiffedPolicy policy) {
    return policy.rules().stream().anyMatch(rule -> rule.namesUnknowingly(name))
        || SectionDiff.names(policy, name);
  }
}
