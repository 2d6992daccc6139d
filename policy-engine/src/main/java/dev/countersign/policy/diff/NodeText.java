package dev.countersign.policy.diff;

import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Entry;
import dev.countersign.policy.yaml.YamlNode.Mapping;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import dev.countersign.policy.yaml.YamlNode.Sequence;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Parts of a document as one line of text: the same text for the same content, wherever it stands,
/// however it is quoted and in whichever order its keys are.
final class NodeText {
  private static final Pattern PLAIN =
      Pattern.compile("[^\\p{C}\"\\\\\\[\\]{},#]*[^\\p{C}\"\\\\\\[\\]{},#:\\s]");
  private static final int SHOWN = 8;
  private static final int MOST = 500;

  private NodeText() {}

  static String of(YamlNode node) {
    return switch (node) {
      case Scalar scalar -> quoted(scalar.text());
      case Sequence sequence ->
          sequence.items().stream().map(NodeText::of).collect(Collectors.joining(", ", "[", "]"));
      case Mapping mapping ->
          mapping.entries().stream()
              .sorted(Comparator.comparing(entry -> entry.key().text()))
              .map(entry -> quoted(entry.key().text()) + ": " + of(entry.value()))
              .collect(Collectors.joining(", ", "{", "}"));
    };
  }

  private static String quoted(String text) {
    boolean plain = PLAIN.matcher(text).matches() && !text.contains(": ");
    return plain
        ? text
        : '"'
            + text.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .replace("\t", "\\t")
            + '"';
  }

  static boolean same(Optional<YamlNode> one, Optional<YamlNode> other) {
    return one.map(NodeText::of).equals(other.map(NodeText::of));
  }

  /// For people: at most 500 characters.
  static String shown(YamlNode node) {
    String text = of(node);
    return text.length() <= MOST ? text : text.substring(0, MOST) + "…";
  }

  static List<String> values(Optional<YamlNode> node) {
    return node.map(
            there ->
                there instanceof Sequence sequence
                    ? sequence.items().stream().map(NodeText::of).toList()
                    : List.of(of(there)))
        .orElse(List.of());
  }

  /// `a, b, c and 12 more`
  static String several(List<String> values) {
    String shown = String.join(", ", values.stream().limit(SHOWN).toList());
    int more = values.size() - SHOWN;
    return more > 0 ? shown + " and " + more + " more" : shown;
  }

  /// Every text in it, keys too.
  static Set<String> words(YamlNode node) {
    Set<String> words = new HashSet<>();
    collect(node, words);
    return words;
  }

  private static void collect(YamlNode node, Set<String> words) {
    switch (node) {
      case Scalar scalar -> words.add(scalar.text());
      case Sequence sequence -> sequence.items().forEach(item -> collect(item, words));
      case Mapping mapping -> {
        for (Entry entry : mapping.entries()) {
          words.add(entry.key().text());
          collect(entry.value(), words);
        }
      }
    }
  }
}
