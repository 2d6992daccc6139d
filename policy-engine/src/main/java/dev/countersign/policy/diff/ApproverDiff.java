package dev.countersign.policy.diff;

import dev.countersign.core.approval.RuleQuorum;
import dev.countersign.policy.diff.PolicyChange.Kind;
import dev.countersign.policy.rule.Demand;
import dev.countersign.policy.yaml.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Who may approve: approvers with their keys, and groups.
final class ApproverDiff {
  private static final String APPROVERS = "approvers";
  private static final String GROUPS = "groups";

  private final DiffedPolicy before;
  private final DiffedPolicy after;
  private final List<PolicyChange> changes = new ArrayList<>();

  private ApproverDiff(DiffedPolicy before, DiffedPolicy after) {
    this.before = before;
    this.after = after;
  }

  static List<PolicyChange> changes(DiffedPolicy before, DiffedPolicy after) {
    ApproverDiff diff = new ApproverDiff(before, after);
    diff.section(APPROVERS);
    diff.section(GROUPS);
    return diff.changes;
  }

  private void section(String section) {
    Map<String, YamlNode> old = before.entriesOf(section);
    Map<String, YamlNode> now = after.entriesOf(section);
    Set<String> names = new LinkedHashSet<>(old.keySet());
    names.addAll(now.keySet());
    for (String name : names) {
      YamlNode was = old.get(name);
      YamlNode is = now.get(name);
      if (was == null && is != null) {
        whole(section, Kind.ADDED, name, is);
      } else if (was != null && is == null) {
        whole(section, Kind.REMOVED, name, was);
      } else if (was != null && is != null) {
        if (section.equals(APPROVERS)) {
          approver(name, DiffedPolicy.entries(was), DiffedPolicy.entries(is));
        } else {
          group(name, was, is);
        }
      }
    }
  }

  /// Nobody counts but in a group, and a group only where something names it: that has changed
  /// itself then.
  private void whole(String section, Kind kind, String name, YamlNode what) {
    boolean gone = kind == Kind.REMOVED;
    List<String> text = List.of(NodeText.of(what));
    changes.add(
        new PolicyChange(
            section,
            name,
            "",
            kind,
            gone ? text : List.of(),
            gone ? List.of() : text,
            Direction.NEITHER,
            "%s %s: %s: %s"
                .formatted(
                    section.equals(APPROVERS) ? "approver" : "group",
                    name,
                    gone ? "removed" : "new",
                    NodeText.shown(what))));
  }

  private void approver(String name, Map<String, YamlNode> old, Map<String, YamlNode> now) {
    Set<String> keys = new LinkedHashSet<>(old.keySet());
    keys.addAll(now.keySet());
    for (String key : keys) {
      Optional<YamlNode> was = Optional.ofNullable(old.get(key));
      Optional<YamlNode> is = Optional.ofNullable(now.get(key));
      List<String> were = NodeText.values(was);
      List<String> are = NodeText.values(is);
      if (key.equals("keys")) {
        keys(name, were, are);
      } else if (!NodeText.same(was, is)) {
        boolean excludes = key.equals("client") && was.isEmpty();
        add(
            APPROVERS,
            name,
            key,
            were,
            are,
            excludes ? Direction.TIGHTENS : Direction.LOOSENS,
            "approver %s: %s %s -> %s%s"
                .formatted(
                    name,
                    key,
                    were.isEmpty() ? "nothing" : String.join(", ", were),
                    are.isEmpty() ? "nothing" : String.join(", ", are),
                    key.equals("client") ? ": whose requests this person cannot approve" : ""));
      }
    }
  }

  private void keys(String name, List<String> were, List<String> are) {
    List<String> added = CriterionWords.without(are, were);
    List<String> removed = CriterionWords.without(were, are);
    List<String> parts = new ArrayList<>();
    if (!added.isEmpty()) {
      parts.add("new: whoever holds %s approves as %s".formatted(String.join(", ", added), name));
    }
    if (!removed.isEmpty()) {
      parts.add("%s no longer counts".formatted(String.join(", ", removed)));
    }
    if (!parts.isEmpty()) {
      add(
          APPROVERS,
          name,
          "keys",
          were,
          are,
          added.isEmpty() ? Direction.TIGHTENS : Direction.LOOSENS,
          "approver " + name + ": keys changed: " + String.join("; ", parts));
    }
  }

  private void group(String name, YamlNode was, YamlNode is) {
    List<String> were = NodeText.values(Optional.of(was));
    List<String> are = NodeText.values(Optional.of(is));
    List<String> added = CriterionWords.without(are, were);
    List<String> removed = CriterionWords.without(were, are);
    if (added.isEmpty() && removed.isEmpty()) {
      return;
    }
    List<String> parts = new ArrayList<>();
    if (!added.isEmpty()) {
      parts.add("%s may now approve and reject".formatted(String.join(", ", added)));
    }
    if (!removed.isEmpty()) {
      parts.add("%s can no longer approve nor reject".formatted(String.join(", ", removed)));
    }
    List<Direction> directions = new ArrayList<>();
    List<String> rules = new ArrayList<>();
    for (DiffedRule rule : after.rules()) {
      use(name, rule)
          .ifPresent(
              direction -> {
                directions.add(direction);
                rules.add(rule.name());
              });
    }
    if (!rules.isEmpty()) {
      parts.add("what rule %s requires".formatted(NodeText.several(rules)));
    }
    new TreeMap<>(StandingTerms.QUORUMS)
        .forEach(
            (section, key) ->
                standing(name, section, key)
                    .ifPresent(
                        direction -> {
                          directions.add(direction);
                          parts.add("what %s.%s requires".formatted(section, key));
                        }));
    boolean elsewhere = isNamedElsewhere(name, before) || isNamedElsewhere(name, after);
    if (elsewhere) {
      directions.add(Direction.LOOSENS);
      parts.add("named where it was not compared: look at it");
    } else if (directions.isEmpty()) {
      parts.add("nothing asks it in both");
    }
    add(
        GROUPS,
        name,
        "",
        were,
        are,
        Direction.of(directions),
        "group " + name + ": " + String.join("; ", parts));
  }

  /// What it does to a rule that asks the group on both sides, in the same text.
  private Optional<Direction> use(String group, DiffedRule now) {
    Optional<DiffedRule> old = before.rule(now.name());
    if (old.isPresent()
        && old.get().demand().orElse(null) instanceof Demand.Approvals(RuleQuorum was, _)
        && now.demand().orElse(null) instanceof Demand.Approvals(RuleQuorum is, _)
        && now.key("approvals").filter(asked -> NodeText.words(asked).contains(group)).isPresent()
        && NodeText.same(old.get().key("approvals"), now.key("approvals"))) {
      return Optional.of(QuorumComparison.direction(was, is));
    }
    return Optional.empty();
  }

  /// What it does to a quorum outside of rules that names the group on both sides, in the same
  /// text.
  private Optional<Direction> standing(String group, String section, String key) {
    Optional<YamlNode> old = Optional.ofNullable(before.entriesOf(section).get(key));
    Optional<YamlNode> now = Optional.ofNullable(after.entriesOf(section).get(key));
    if (now.filter(node -> NodeText.words(node).contains(group)).isEmpty()
        || !NodeText.same(old, now)) {
      return Optional.empty();
    }
    return Optional.of(
        StandingTerms.direction(section, key, old, now, before, after).orElse(Direction.LOOSENS));
  }

  private static boolean isNamedElsewhere(String name, DiffedPolicy policy) {
    return policy.rules().stream().anyMatch(rule -> rule.namesUnknowingly(name))
        || SectionDiff.names(policy, name);
  }

  private void add(
      String section,
      String name,
      String key,
      List<String> were,
      List<String> are,
      Direction direction,
      String text) {
    changes.add(new PolicyChange(section, name, key, Kind.CHANGED, were, are, direction, text));
  }
}
