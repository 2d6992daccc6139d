package dev.countersign.policy.diff;

import static dev.countersign.policy.diff.DiffedPolicy.entries;

import dev.countersign.policy.rule.AssetPattern;
import dev.countersign.policy.rule.Demand;
import dev.countersign.policy.rule.Effect;
import dev.countersign.policy.rule.Rule;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// One side's rule.
///
/// @param keys what stands in it, in the order of the document
record DiffedRule(Rule rule, Map<String, YamlNode> keys) {

  String name() {
    return rule.name();
  }

  Effect effect() {
    return rule.effect();
  }

  Optional<Demand> demand() {
    return rule.demand();
  }

  Optional<YamlNode> key(String key) {
    return Optional.ofNullable(keys.get(key));
  }

  /// The one asset its amounts are of.
  Optional<AssetPattern> asset() {
    List<YamlNode> assets = DiffedPolicy.items(key("assets"));
    return assets.size() == 1 && assets.getFirst() instanceof Scalar asset
        ? Optional.of(AssetPattern.parse(asset.text()))
        : Optional.empty();
  }

  /// All it says but its name, in one line.
  String summary() {
    return keys.entrySet().stream()
        .filter(entry -> !entry.getKey().equals("name") && !entry.getKey().equals("effect"))
        .map(entry -> entry.getKey() + " " + NodeText.shown(entry.getValue()))
        .collect(Collectors.joining("; "));
  }

  /// Whether the name of an address list or a group stands where the comparison does not know what
  /// for.
  boolean namesUnknowingly(String word) {
    return keys.entrySet().stream()
        .anyMatch(
            entry ->
                entry.getKey().equals("limits")
                    ? DiffedPolicy.items(Optional.of(entry.getValue())).stream()
                        .anyMatch(limit -> new DiffedLimit(entries(limit), asset()).names(word))
                    : !RuleDiff.knows(entry.getKey())
                        && NodeText.words(entry.getValue()).contains(word));
  }
}
