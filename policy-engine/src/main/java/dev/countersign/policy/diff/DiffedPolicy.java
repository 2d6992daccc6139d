package dev.countersign.policy.diff;

import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.document.PolicyDocumentReader;
import dev.countersign.policy.price.PriceTerms;
import dev.countersign.policy.rule.Rule;
import dev.countersign.policy.yaml.Problem;
import dev.countersign.policy.yaml.Problems;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Entry;
import dev.countersign.policy.yaml.YamlNode.Mapping;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import dev.countersign.policy.yaml.YamlNode.Sequence;
import dev.countersign.policy.yaml.YamlReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/// One side of a comparison: a policy, and the text it was read from. The text, so that what the
/// comparison does not know is still seen to be other.
///
/// @param sections what stands at the root
/// @param rules in the order of the document
/// @param lists those address lists that are plain lists of addresses
/// @param groups the members of each group of approvers
/// @param prices whose prices count
record DiffedPolicy(
    Digest32 hash,
    Map<String, YamlNode> sections,
    List<DiffedRule> rules,
    Map<String, TreeSet<String>> lists,
    Map<String, Set<ApproverName>> groups,
    Optional<PriceTerms> prices) {

  /// What came of reading it.
  sealed interface Reading {
    record Valid(DiffedPolicy policy) implements Reading {}

    record Invalid(List<Problem> problems) implements Reading {}
  }

  static Reading read(byte[] bytes) {
    return switch (PolicyDocumentReader.read(bytes)) {
      case PolicyDocument.Reading.Invalid invalid -> new Reading.Invalid(invalid.problems());
      case PolicyDocument.Reading.Valid valid -> {
        YamlNode root = YamlReader.read(bytes, new Problems()).orElseThrow();
        yield new Reading.Valid(of(valid.document(), entries(root)));
      }
    };
  }

  private static DiffedPolicy of(PolicyDocument document, Map<String, YamlNode> sections) {
    Map<String, Rule> read =
        document.rules().stream().collect(Collectors.toMap(Rule::name, Function.identity()));
    Map<String, DiffedRule> rules = named(Optional.ofNullable(sections.get("rules")), read);
    Map<String, TreeSet<String>> lists = new LinkedHashMap<>();
    Optional.ofNullable(sections.get("addresses"))
        .map(DiffedPolicy::entries)
        .orElse(Map.of())
        .forEach((name, list) -> addresses(list).ifPresent(all -> lists.put(name, all)));
    return new DiffedPolicy(
        document.hash(),
        sections,
        List.copyOf(rules.values()),
        lists,
        document.approvers().groups(),
        document.prices());
  }

  private static Map<String, DiffedRule> named(Optional<YamlNode> section, Map<String, Rule> read) {
    Map<String, DiffedRule> rules = new LinkedHashMap<>();
    for (YamlNode item : items(section)) {
      Map<String, YamlNode> keys = entries(item);
      String name = keys.get("name") instanceof Scalar text ? text.text() : "";
      rules.put(name, new DiffedRule(Optional.ofNullable(read.get(name)).orElseThrow(), keys));
    }
    return rules;
  }

  /// With their checksums; nothing when it is another form.
  private static Optional<TreeSet<String>> addresses(YamlNode node) {
    if (!(node instanceof Sequence sequence)) {
      return Optional.empty();
    }
    TreeSet<String> addresses = new TreeSet<>();
    for (YamlNode item : sequence.items()) {
      if (!(item instanceof Scalar scalar)) {
        return Optional.empty();
      }
      try {
        addresses.add(Address.parse(scalar.text()).checksummed());
      } catch (InvalidValueException e) {
        return Optional.empty();
      }
    }
    return Optional.of(addresses);
  }

  Optional<YamlNode> section(String key) {
    return Optional.ofNullable(sections.get(key));
  }

  /// The entries of a section that is a mapping.
  Map<String, YamlNode> entriesOf(String key) {
    return section(key).map(DiffedPolicy::entries).orElse(Map.of());
  }

  Optional<DiffedRule> rule(String name) {
    return rules.stream().filter(rule -> rule.name().equals(name)).findFirst();
  }

  static Map<String, YamlNode> entries(YamlNode node) {
    Map<String, YamlNode> entries = new LinkedHashMap<>();
    if (node instanceof Mapping mapping) {
      for (Entry entry : mapping.entries()) {
        entries.put(entry.key().text(), entry.value());
      }
    }
    return entries;
  }

  static List<YamlNode> items(Optional<YamlNode> node) {
    return node.orElse(null) instanceof Sequence sequence ? sequence.items() : List.of();
  }
}
