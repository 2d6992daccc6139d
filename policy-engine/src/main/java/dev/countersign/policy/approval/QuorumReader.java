package dev.countersign.policy.approval;

import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.approval.RuleQuorum;
import dev.countersign.core.approval.RuleQuorum.AllOf;
import dev.countersign.core.approval.RuleQuorum.AnyOf;
import dev.countersign.core.approval.RuleQuorum.Members;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.policy.yaml.Fields;
import dev.countersign.policy.yaml.Problems;
import dev.countersign.policy.yaml.Similar;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import dev.countersign.policy.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads `approvals` of a rule: `{group: treasury, count: 2}`, `{allOf: [...]}` or `{anyOf:
/// [...]}`.
public final class QuorumReader {
  public static final String KEY = "approvals";
  public static final String FORM =
      "{group: NAME, count: N}, {allOf: [...]} or {anyOf: [...]}, at most 4 levels deep";

  private static final String ALL = "allOf";
  private static final String ANY = "anyOf";
  private static final List<String> KEYS = List.of("group", "count", ALL, ANY);
  private static final Pattern COUNT = Pattern.compile("[1-9][0-9]{0,3}");

  private final Map<String, Set<ApproverName>> groups;
  private final Problems problems;

  private QuorumReader(Map<String, Set<ApproverName>> groups, Problems problems) {
    this.groups = groups;
    this.problems = problems;
  }

  /// @param path where `value` stands, such as `rules[2].approvals`
  /// @param groups of [ApproverRegistryReader]
  /// @return nothing when there are problems
  public static Optional<RuleQuorum> read(
      YamlNode value, String path, Map<String, Set<ApproverName>> groups, Problems problems) {
    return new QuorumReader(groups, problems)
        .quorum(value, path, 1)
        .filter(quorum -> isPossible(quorum, value, path, problems));
  }

  private static boolean isPossible(
      RuleQuorum quorum, YamlNode value, String path, Problems problems) {
    boolean possible = quorum.isStillPossible(Set.of());
    if (!possible) {
      problems.add(
          value.at(),
          path,
          quorum.text()
              + " can never be met: an approval serves one group only, and these have too"
              + " few people between them");
    }
    return possible;
  }

  private Optional<RuleQuorum> quorum(YamlNode value, String path, int depth) {
    if (depth > RuleQuorum.MOST_DEPTH) {
      problems.add(value.at(), path, "is too deep: expected " + FORM);
      return Optional.empty();
    }
    Optional<Fields> fields = Fields.of(value, path, problems);
    return fields.flatMap(form -> quorum(form, depth));
  }

  private Optional<RuleQuorum> quorum(Fields fields, int depth) {
    fields.refuseOthersThan(KEYS);
    List<String> there = KEYS.stream().filter(key -> fields.find(key).isPresent()).toList();
    if (there.equals(List.of(ALL))) {
      return parts(fields, ALL, depth).flatMap(parts -> made(fields, () -> new AllOf(parts)));
    }
    if (there.equals(List.of(ANY))) {
      return parts(fields, ANY, depth).flatMap(parts -> made(fields, () -> new AnyOf(parts)));
    }
    if (there.isEmpty() || there.contains(ALL) || there.contains(ANY)) {
      problems.add(
          fields.mapping().at(),
          fields.path(),
          "expected one of %s; got %s"
              .formatted(FORM, there.isEmpty() ? "none" : String.join(", ", there)));
      return Optional.empty();
    }
    return members(fields);
  }

  private Optional<List<RuleQuorum>> parts(Fields fields, String key, int depth) {
    YamlNode value = fields.find(key).orElseThrow();
    if (!(value instanceof Sequence sequence) || sequence.items().isEmpty()) {
      problems.add(value.at(), fields.path(key), "expected a list of quorums, got " + value.kind());
      return Optional.empty();
    }
    List<RuleQuorum> parts = new ArrayList<>();
    for (int i = 0; i < sequence.items().size(); i++) {
      quorum(sequence.items().get(i), fields.path(key) + "[" + i + "]", depth + 1)
          .ifPresent(parts::add);
    }
    return parts.size() == sequence.items().size() ? Optional.of(parts) : Optional.empty();
  }

  private Optional<RuleQuorum> members(Fields fields) {
    Optional<Scalar> group =
        fields.requireText("group", "the name of a group").filter(name -> isKnown(name, fields));
    Optional<Scalar> count =
        fields.requireText("count", "how many of them").filter(text -> isCount(text, fields));
    if (group.isEmpty() || count.isEmpty()) {
      return Optional.empty();
    }
    Set<ApproverName> members = groups.getOrDefault(group.get().text(), Set.of());
    int asked = Integer.parseInt(count.get().text());
    if (members.isEmpty()) { // which is a problem of the group's own
      return Optional.empty();
    }
    if (asked > members.size()) {
      problems.add(
          count.get().at(),
          fields.path("count"),
          "group %s has %d members, %d of them can never approve"
              .formatted(group.get().text(), members.size(), asked));
      return Optional.empty();
    }
    return made(fields, () -> Members.of(group.get().text(), members, asked));
  }

  private boolean isKnown(Scalar name, Fields fields) {
    if (groups.containsKey(name.text())) {
      return true;
    }
    String meant =
        Similar.to(name.text(), groups.keySet())
            .map(close -> "; did you mean " + close + "?")
            .orElse("");
    problems.add(
        name.at(),
        fields.path("group"),
        "there is no group " + name.kind() + " under groups" + meant);
    return false;
  }

  private boolean isCount(Scalar text, Fields fields) {
    boolean valid = COUNT.matcher(text.text()).matches();
    if (!valid) {
      problems.add(
          text.at(), fields.path("count"), "expected a whole number from 1, got " + text.kind());
    }
    return valid;
  }

  private static Optional<RuleQuorum> made(Fields fields, Making making) {
    try {
      return Optional.of(making.make());
    } catch (InvalidValueException e) {
      fields.problems().add(fields.mapping().at(), fields.path(), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  @FunctionalInterface
  private interface Making {
    RuleQuorum make();
  }
}
