package dev.countersign.nonce.chain;

import dev.countersign.core.model.ChainId;
import dev.countersign.core.port.ChainDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/// The chains this service knows, each defined by one file.
public final class ChainDefinitions implements ChainDirectory {
  private final Map<ChainId, ChainDefinition> byId;

  private ChainDefinitions(Map<ChainId, ChainDefinition> byId) {
    this.byId = byId;
  }

  /// Those given, none twice.
  public static ChainDefinitions of(List<ChainDefinition> definitions) {
    Map<ChainId, ChainDefinition> byId = new TreeMap<>();
    for (ChainDefinition definition : definitions) {
      if (byId.put(definition.id(), definition) != null) {
        throw new IllegalArgumentException("chain " + definition.id() + " is defined twice");
      }
    }
    return new ChainDefinitions(byId);
  }

  /// Reads every `*.yaml` of the directory; other files are not looked at.
  ///
  /// @throws ChainDefinitionException when one cannot be read, has an unknown or missing or wrong
  /// key, a key twice, defines a chain that another file defines, or when there is none at all
  public static ChainDefinitions load(Path directory) {
    Map<ChainId, ChainDefinition> byId = new TreeMap<>();
    Map<ChainId, Path> origin = new HashMap<>();
    for (Path file : files(directory)) {
      ChainDefinition definition = new ChainFile(file, document(file)).definition();
      Path other = origin.put(definition.id(), file);
      if (other != null) {
        throw new ChainDefinitionException(
            file, "id", definition.id() + " is defined in " + other.getFileName() + " too");
      }
      byId.put(definition.id(), definition);
    }
    if (byId.isEmpty()) {
      throw new ChainDefinitionException(directory, "", "no chain is defined: no *.yaml in it");
    }
    return new ChainDefinitions(byId);
  }

  /// By chain id.
  public List<ChainDefinition> definitions() {
    return List.copyOf(byId.values());
  }

  public Optional<ChainDefinition> definition(ChainId id) {
    return Optional.ofNullable(byId.get(id));
  }

  @Override
  public Optional<Chain> find(ChainId id) {
    return definition(id).map(ChainDefinition::chain);
  }

  @Override
  public List<Chain> all() {
    return byId.values().stream().map(ChainDefinition::chain).toList();
  }

  private static List<Path> files(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    } catch (IOException e) {
      throw new ChainDefinitionException(directory, "", "cannot be listed: " + e.getMessage(), e);
    }
  }

  private static Map<String, Object> document(Path file) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    Object document;
    try {
      document =
          new Yaml(new SafeConstructor(options))
              .load(Files.readString(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new ChainDefinitionException(file, "", "cannot be read: " + e.getMessage(), e);
    } catch (YAMLException e) {
      throw new ChainDefinitionException(file, "", "is not valid YAML: " + e.getMessage(), e);
    }
    if (!(document instanceof Map<?, ?> map)) {
      throw new ChainDefinitionException(file, "", "expected keys and values");
    }
    Map<String, Object> values = new LinkedHashMap<>();
    map.forEach((key, value) -> values.put(String.valueOf(key), value));
    return values;
  }
}
