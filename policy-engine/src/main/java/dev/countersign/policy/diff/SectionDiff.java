package dev.countersign.policy.diff;

import dev.countersign.policy.diff.PolicyChange.Kind;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Mapping;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The sections that nothing else compares. Whatever is other in them is told with its path, and
/// loosens: nobody knows that it does not.
final class SectionDiff {
  private static final Set<String> COMPARED =
      Set.of("format", "addresses", "approvers", "groups", "rules", "breakers", "prices");
  private static final String DESCRIPTION = "description";

  private final String section;
  private final DiffedPolicy before;
  private final DiffedPolicy after;
  private final List<PolicyChange> changes = new ArrayList<>();

  private SectionDiff(String section, DiffedPolicy before, DiffedPolicy after) {
    this.section = section;
    this.before = before;
    this.after = after;
  }

  static List<PolicyChange> changes(DiffedPolicy before, DiffedPolicy after) {
    List<PolicyChange> changes = new ArrayList<>();
    Set<String> sections = new LinkedHashSet<>(before.sections().keySet());
    sections.addAll(after.sections().keySet());
    sections.removeAll(COMPARED);
    for (String section : sections) {
      SectionDiff diff = new SectionDiff(section, before, after);
      diff.compare("", before.section(section), after.section(section));
      changes.addAll(diff.changes);
    }
    return changes;
  }

  /// Whether `word` stands in one of them.
  static boolean names(DiffedPolicy policy, String word) {
    return policy.sections().entrySet().stream()
        .filter(
            section ->
                !COMPARED.contains(section.getKey()) && !section.getKey().equals(DESCRIPTION))
        .anyMatch(section -> names(section.getKey(), section.getValue(), word));
  }

  private static boolean names(String section, YamlNode value, String word) {
    return value instanceof Mapping mapping
        ? DiffedPolicy.entries(mapping).entrySet().stream()
            .filter(entry -> !StandingTerms.knows(section, entry.getKey()))
            .anyMatch(
                entry ->
                    entry.getKey().equals(word) || NodeText.words(entry.getValue()).contains(word))
        : NodeText.words(value).contains(word);
  }

  private void compare(String path, Optional<YamlNode> old, Optional<YamlNode> now) {
    if (NodeText.same(old, now)) {
      return;
    }
    Optional<Direction> known = StandingTerms.direction(section, path, old, now, before, after);
    if (known.isPresent()) {
      add(path, old, now, known.get(), "");
      return;
    }
    if (old.orElse(null) instanceof Mapping one && now.orElse(null) instanceof Mapping other) {
      Map<String, YamlNode> were = DiffedPolicy.entries(one);
      Map<String, YamlNode> are = DiffedPolicy.entries(other);
      Set<String> keys = new LinkedHashSet<>(were.keySet());
      keys.addAll(are.keySet());
      for (String key : keys) {
        compare(
            path.isEmpty() ? key : path + "." + key,
            Optional.ofNullable(were.get(key)),
            Optional.ofNullable(are.get(key)));
      }
      return;
    }
    if (section.equals(DESCRIPTION)) {
      add(path, old, now, Direction.NEITHER, "");
    } else {
      add(
          path,
          old,
          now,
          Direction.LOOSENS,
          " (what that lets through was not compared: look at it)");
    }
  }

  private void add(
      String path,
      Optional<YamlNode> old,
      Optional<YamlNode> now,
      Direction direction,
      String remark) {
    changes.add(
        new PolicyChange(
            section,
            "",
            path,
            old.isEmpty() ? Kind.ADDED : now.isEmpty() ? Kind.REMOVED : Kind.CHANGED,
            NodeText.values(old),
            NodeText.values(now),
            direction,
            "%s: %s -> %s%s"
                .formatted(
                    path.isEmpty() ? section : section + "." + path,
                    old.map(NodeText::shown).orElse("nothing"),
                    now.map(NodeText::shown).orElse("nothing"),
                    remark)));
  }
}
