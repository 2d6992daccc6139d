package dev.countersign.policy.yaml;

import dev.countersign.policy.yaml.YamlNode.Entry;
import dev.countersign.policy.yaml.YamlNode.Mapping;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import java.util.List;
import java.util.Optional;

/// A mapping read key by key. What is missing or wrong goes to the problems, with its line.
///
/// @param path where the mapping stands, such as `rules[2]`, or empty for the root
public record Fields(Mapping mapping, String path, Problems problems) {

  /// @return nothing, after noting it, when `node` is not a mapping
  public static Optional<Fields> of(YamlNode node, String path, Problems problems) {
    if (node instanceof Mapping mapping) {
      return Optional.of(new Fields(mapping, path, problems));
    }
    problems.add(node.at(), path, "expected a mapping, got " + node.kind());
    return Optional.empty();
  }

  /// Notes every key that is not one of `known`.
  public void refuseOthersThan(List<String> known) {
    for (Entry entry : mapping.entries()) {
      String key = entry.key().text();
      if (!known.contains(key)) {
        String meant =
            Similar.to(key, known).map(close -> "; did you mean " + close + "?").orElse("");
        problems.add(
            entry.key().at(),
            path,
            "unknown key %s, expected one of %s%s"
                .formatted(entry.key().kind(), String.join(", ", known), meant));
      }
    }
  }

  public Optional<YamlNode> find(String key) {
    return mapping.entries().stream()
        .filter(entry -> entry.key().text().equals(key))
        .map(Entry::value)
        .findFirst();
  }

  /// @param expected what should stand there, for the problem when it does not
  public Optional<YamlNode> require(String key, String expected) {
    Optional<YamlNode> value = find(key);
    if (value.isEmpty()) {
      problems.add(mapping.at(), path(key), "is missing, expected " + expected);
    }
    return value;
  }

  /// The text at `key`; a list, a mapping or nothing there is a problem.
  public Optional<Scalar> requireText(String key, String expected) {
    return require(key, expected).flatMap(value -> text(value, key, expected));
  }

  /// `value` as text that is not empty.
  public Optional<Scalar> text(YamlNode value, String key, String expected) {
    if (value instanceof Scalar scalar && !scalar.text().isEmpty()) {
      return Optional.of(scalar);
    }
    problems.add(value.at(), path(key), "expected " + expected + ", got " + value.kind());
    return Optional.empty();
  }

  public String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
