package dev.countersign.policy.rule;

import dev.countersign.policy.yaml.Fields;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Entry;
import dev.countersign.policy.yaml.YamlNode.Mapping;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import dev.countersign.policy.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Names that a policy gives to several others, so that rules can say them in one word.
///
/// @param groups members by the name of the group
public record NameGroups(Map<String, Set<String>> groups) {
  public static final NameGroups EMPTY = new NameGroups(Map.of());

  public NameGroups {
    groups = Map.copyOf(groups);
  }

  /// Those at `key` of the document; nothing when there is no such key.
  ///
  /// @param member what its members are, for people
  public static NameGroups read(Fields document, String key, String member) {
    Map<String, Set<String>> groups = new LinkedHashMap<>();
    document
        .find(key)
        .ifPresent(
            value -> {
              if (value instanceof Mapping mapping) {
                for (Entry entry : mapping.entries()) {
                  name(entry.key(), key, document);
                  String path = key + "." + entry.key().text();
                  groups.put(entry.key().text(), members(entry.value(), path, member, document));
                }
              } else {
                document
                    .problems()
                    .add(
                        value.at(),
                        key,
                        "expected names with lists of %ss, got %s".formatted(member, value.kind()));
              }
            });
    return new NameGroups(groups);
  }

  private static void name(Scalar name, String key, Fields document) {
    if (!PolicyName.isValid(name.text()) || name.text().equals(ValueList.ANY)) {
      document
          .problems()
          .add(
              name.at(),
              key,
              "the name of a group is %s, and not any; got %s"
                  .formatted(PolicyName.FORM, name.kind()));
    }
  }

  private static Set<String> members(YamlNode value, String path, String member, Fields document) {
    Set<String> members = new LinkedHashSet<>();
    List<YamlNode> items = value instanceof Sequence sequence ? sequence.items() : List.of();
    if (items.isEmpty()) {
      document
          .problems()
          .add(value.at(), path, "expected a list of %ss, got %s".formatted(member, value.kind()));
    }
    for (YamlNode item : items) {
      if (!(item instanceof Scalar text) || !PolicyName.isValid(text.text())) {
        document
            .problems()
            .add(
                item.at(),
                path,
                "expected a %s: %s, got %s".formatted(member, PolicyName.FORM, item.kind()));
      } else if (!members.add(text.text())) {
        document.problems().add(item.at(), path, item.kind() + " is there twice");
      }
    }
    return members;
  }

  /// Several names under the one that a rule says.
  record Named(String text, List<String> members) {
    @Override
    public String toString() {
      return text;
    }
  }

  /// The members of the group of that name, or else what is named itself.
  Named named(String text) {
    Set<String> group = groups.get(text);
    return new Named(text, group == null ? List.of(text) : new ArrayList<>(group));
  }
}
