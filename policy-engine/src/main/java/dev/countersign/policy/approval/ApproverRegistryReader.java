package dev.countersign.policy.approval;

import dev.countersign.core.approval.Approver;
import dev.countersign.core.approval.ApproverKey;
import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.approval.ApproverRegistry;
import dev.countersign.core.approval.RuleQuorum;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.policy.rule.PolicyName;
import dev.countersign.policy.yaml.Fields;
import dev.countersign.policy.yaml.Problems;
import dev.countersign.policy.yaml.Similar;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Entry;
import dev.countersign.policy.yaml.YamlNode.Mapping;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import dev.countersign.policy.yaml.YamlNode.Sequence;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Reads `approvers` and `groups` of a policy document.
public final class ApproverRegistryReader {
  public static final String APPROVERS = "approvers";
  public static final String GROUPS = "groups";

  /// The keys of one approver.
  public static final List<String> KEYS = List.of("keys", "client");

  private static final String MEMBERS_FORM = "a list of approvers";

  private final Problems problems;

  /// Every key so far, and whose it is.
  private final Map<ApproverKey, String> owners = new HashMap<>();

  /// What the people stand under.
  private final String section;

  private ApproverRegistryReader(String section, Problems problems) {
    this.section = section;
    this.problems = problems;
  }

  /// Reads both; without them there are none. What is wrong goes to the problems, and what is
  /// returned then is not to be used.
  ///
  /// @param root the document
  public static PolicyApprovers read(Fields root, Problems problems) {
    ApproverRegistryReader reader = new ApproverRegistryReader(APPROVERS, problems);
    Map<ApproverName, Approver> approvers = new LinkedHashMap<>();
    // Those whose keys are wrong are known all the same, so that one fault is told once.
    Set<String> names = new TreeSet<>();
    root.find(APPROVERS).ifPresent(value -> reader.approvers(value, approvers, names));
    Map<String, Set<ApproverName>> groups =
        root.find(GROUPS).map(value -> reader.groups(value, names)).orElse(Map.of());
    return new PolicyApprovers(new ApproverRegistry(approvers), groups);
  }

  /// People with their keys, who are no policy's.
  ///
  /// @param section the key that they stand under, in the form of `approvers`
  public static ApproverRegistry people(Fields root, String section, Problems problems) {
    ApproverRegistryReader reader = new ApproverRegistryReader(section, problems);
    Map<ApproverName, Approver> people = new LinkedHashMap<>();
    root.require(section, "names with their keys")
        .ifPresent(value -> reader.approvers(value, people, new TreeSet<>()));
    return new ApproverRegistry(people);
  }

  private void approvers(YamlNode value, Map<ApproverName, Approver> approvers, Set<String> names) {
    for (Entry entry : entries(value, section, "names of approvers with their keys")) {
      String name = entry.key().text();
      String path = section + "." + name;
      names.add(name);
      Optional<Approver> approver =
          Fields.of(entry.value(), path, problems).flatMap(fields -> approver(fields, name));
      if (isName(entry.key(), section)) {
        approver.ifPresent(one -> approvers.put(new ApproverName(name), one));
      }
    }
  }

  private Optional<Approver> approver(Fields fields, String name) {
    fields.refuseOthersThan(KEYS);
    Set<ApproverKey> keys =
        fields
            .require("keys", "a list of public keys: " + ApproverKey.FORM)
            .map(value -> keys(value, fields.path("keys"), name))
            .orElse(Set.of());
    Optional<ClientId> client =
        fields
            .find("client")
            .flatMap(value -> fields.text(value, "client", "a client id"))
            .flatMap(text -> client(text, fields.path("client")));
    return keys.isEmpty() ? Optional.empty() : Optional.of(new Approver(keys, client));
  }

  private Set<ApproverKey> keys(YamlNode value, String path, String name) {
    Set<ApproverKey> keys = new LinkedHashSet<>();
    for (YamlNode item : items(value, path, "a list of public keys: " + ApproverKey.FORM)) {
      if (!(item instanceof Scalar scalar)) {
        problems.add(item.at(), path, "expected a public key, got " + item.kind());
        continue;
      }
      try {
        ApproverKey key = ApproverKey.parse(scalar.text());
        String owner = owners.putIfAbsent(key, name);
        if (owner == null) {
          keys.add(key);
        } else {
          problems.add(
              item.at(),
              path,
              owner.equals(name)
                  ? "the key " + item.kind() + " is there twice"
                  : "the key %s is that of %s already: each approver has keys of their own"
                      .formatted(item.kind(), owner));
        }
      } catch (InvalidValueException e) {
        problems.add(item.at(), path, "expected " + e.expected() + ", got " + item.kind());
      }
    }
    return keys;
  }

  private Optional<ClientId> client(Scalar text, String path) {
    try {
      return Optional.of(new ClientId(text.text()));
    } catch (InvalidValueException e) {
      problems.add(text.at(), path, "expected " + e.expected() + ", got " + text.kind());
      return Optional.empty();
    }
  }

  private Map<String, Set<ApproverName>> groups(YamlNode value, Set<String> known) {
    Map<String, Set<ApproverName>> groups = new LinkedHashMap<>();
    for (Entry entry : entries(value, GROUPS, "names of groups with lists of approvers")) {
      isName(entry.key(), GROUPS);
      String path = GROUPS + "." + entry.key().text();
      groups.put(entry.key().text(), members(entry.value(), path, known));
    }
    return groups;
  }

  private Set<ApproverName> members(YamlNode value, String path, Set<String> known) {
    Set<ApproverName> members = new LinkedHashSet<>();
    for (YamlNode item : items(value, path, MEMBERS_FORM)) {
      if (!(item instanceof Scalar scalar)) {
        problems.add(item.at(), path, "expected the name of an approver, got " + item.kind());
      } else if (!known.contains(scalar.text())) {
        String meant =
            Similar.to(scalar.text(), known)
                .map(close -> "; did you mean " + close + "?")
                .orElse("");
        problems.add(
            item.at(), path, "there is no approver " + item.kind() + " under approvers" + meant);
      } else if (PolicyName.isValid(scalar.text())
          && !members.add(new ApproverName(scalar.text()))) {
        problems.add(item.at(), path, "the approver " + item.kind() + " is there twice");
      }
    }
    if (members.size() > RuleQuorum.Members.MOST_MEMBERS) {
      problems.add(
          value.at(),
          path,
          "expected at most %d members, got %d"
              .formatted(RuleQuorum.Members.MOST_MEMBERS, members.size()));
    }
    return members;
  }

  private List<Entry> entries(YamlNode value, String path, String expected) {
    if (value instanceof Mapping mapping) {
      return mapping.entries();
    }
    problems.add(value.at(), path, "expected " + expected + ", got " + value.kind());
    return List.of();
  }

  private List<YamlNode> items(YamlNode value, String path, String expected) {
    if (value instanceof Sequence sequence && !sequence.items().isEmpty()) {
      return sequence.items();
    }
    String got = value instanceof Sequence ? "an empty list" : value.kind();
    problems.add(value.at(), path, "expected " + expected + ", got " + got);
    return List.of();
  }

  private boolean isName(Scalar name, String path) {
    boolean valid = PolicyName.isValid(name.text());
    if (!valid) {
      problems.add(name.at(), path, "expected " + PolicyName.FORM + ", got " + name.kind());
    }
    return valid;
  }
}
