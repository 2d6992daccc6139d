package dev.countersign.policy.yaml;

import java.util.List;

/// One node of a YAML document. Scalars stay text: nothing is guessed to be a number, so no digit
/// is lost before someone who knows the type reads it.
public sealed interface YamlNode {
  Position at();

  /// What kind of node it is, for messages.
  String kind();

  record Scalar(Position at, String text) implements YamlNode {
    @Override
    public String kind() {
      return text.isEmpty() ? "nothing" : "\"" + Shown.text(text) + "\"";
    }
  }

  record Sequence(Position at, List<YamlNode> items) implements YamlNode {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public String kind() {
      return "a list";
    }
  }

  /// @param entries in the order of the document, no key twice
  record Mapping(Position at, List<Entry> entries) implements YamlNode {
    public Mapping {
      entries = List.copyOf(entries);
    }

    @Override
    public String kind() {
      return "a mapping";
    }
  }

  record Entry(Scalar key, YamlNode value) {}
}
