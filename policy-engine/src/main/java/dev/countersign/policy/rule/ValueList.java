package dev.countersign.policy.rule;

import dev.countersign.core.model.InvalidValueException;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import dev.countersign.policy.yaml.YamlNode.Sequence;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// The form most criteria have: `any`, or a list of one or more values.
final class ValueList {
  static final String ANY = "any";
  private static final int SHOWN = 8;

  private ValueList() {}

  /// @param parse reads one value, or throws [InvalidValueException]
  /// @return nothing for `any`, and when there are problems
  static <T> Optional<List<T>> read(
      YamlNode value, String key, String form, RuleContext rule, Function<String, T> parse) {
    if (value instanceof Scalar scalar && scalar.text().equals(ANY)) {
      return Optional.empty();
    }
    if (!(value instanceof Sequence sequence)) {
      rule.problem(value.at(), key, "expected " + form + ", got " + value.kind());
      return Optional.empty();
    }
    if (sequence.items().isEmpty()) {
      rule.problem(value.at(), key, "an empty list matches nothing: expected " + form);
    }
    Set<T> values = new LinkedHashSet<>();
    for (int i = 0; i < sequence.items().size(); i++) {
      String place = key + "[" + i + "]";
      item(sequence.items().get(i), place, rule, parse)
          .ifPresent(
              item -> {
                if (!values.add(item.parsed())) {
                  rule.problem(item.source().at(), place, item.source().kind() + " is there twice");
                }
              });
    }
    return values.size() == sequence.items().size() && !values.isEmpty()
        ? Optional.of(List.copyOf(values))
        : Optional.empty();
  }

  private record Item<T>(Scalar source, T parsed) {}

  private static <T> Optional<Item<T>> item(
      YamlNode node, String key, RuleContext rule, Function<String, T> parse) {
    if (!(node instanceof Scalar scalar)) {
      rule.problem(node.at(), key, "expected a single value, got " + node.kind());
      return Optional.empty();
    }
    if (scalar.text().equals(ANY)) {
      rule.problem(node.at(), key, "`any` stands alone, not in a list");
      return Optional.empty();
    }
    try {
      return Optional.of(new Item<>(scalar, parse.apply(scalar.text())));
    } catch (InvalidValueException e) {
      rule.problem(node.at(), key, "expected " + e.expected() + ", got " + scalar.kind());
      return Optional.empty();
    }
  }

  /// `one of a, b, c and 12 more`
  static String oneOf(List<?> values) {
    String shown = String.join(", ", values.stream().limit(SHOWN).map(Object::toString).toList());
    int more = values.size() - SHOWN;
    String all = more > 0 ? shown + " and " + more + " more" : shown;
    return values.size() == 1 ? all : "one of " + all;
  }
}
