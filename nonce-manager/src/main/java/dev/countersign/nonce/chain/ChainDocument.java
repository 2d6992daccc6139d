package dev.countersign.nonce.chain;

import java.io.StringReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/// A YAML document of keys and values that knows on which lines they stand.
///
/// @param file where it comes from, for messages
/// @param values as YAML has them
/// @param lines from 1, by path such as `endpoints[1].batch`
record ChainDocument(Path file, Map<String, Object> values, Map<String, Integer> lines) {

  /// @throws ChainDefinitionException when it is no YAML, has a key twice or is no mapping
  static ChainDocument parse(Path file, String text) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    Object document;
    Map<String, Integer> lines = new HashMap<>();
    try {
      document = new Yaml(new SafeConstructor(options)).load(text);
      Node root = new Yaml(options).compose(new StringReader(text));
      if (root != null) {
        collect(root, "", lines);
      }
    } catch (YAMLException e) {
      throw new ChainDefinitionException(file, "", "is not valid YAML: " + e.getMessage(), e);
    }
    if (!(document instanceof Map<?, ?> map)) {
      throw new ChainDefinitionException(file, "", "expected keys and values");
    }
    Map<String, Object> values = new LinkedHashMap<>();
    map.forEach((key, value) -> values.put(String.valueOf(key), value));
    return new ChainDocument(file, values, lines);
  }

  private static void collect(Node node, String path, Map<String, Integer> lines) {
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        if (tuple.getKeyNode() instanceof ScalarNode key) {
          String child = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
          lines.put(child, key.getStartMark().getLine() + 1);
          collect(tuple.getValueNode(), child, lines);
        }
      }
    } else if (node instanceof SequenceNode sequence) {
      for (int i = 0; i < sequence.getValue().size(); i++) {
        Node item = sequence.getValue().get(i);
        String child = path + "[" + i + "]";
        lines.put(child, item.getStartMark().getLine() + 1);
        collect(item, child, lines);
      }
    }
  }

  /// Something is wrong at a key, or with its absence.
  ChainDefinitionException wrong(String key, String problem) {
    return new ChainDefinitionException(file, line(key), key, problem);
  }

  private OptionalInt line(String key) {
    Integer line = lines.get(key);
    return line == null ? OptionalInt.empty() : OptionalInt.of(line);
  }
}
