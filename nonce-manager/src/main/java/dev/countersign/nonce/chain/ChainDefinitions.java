package dev.countersign.nonce.chain;

import dev.countersign.core.model.ChainId;
import dev.countersign.core.port.ChainDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

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
      ChainDefinition definition = read(file);
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

  /// Reads one file.
  ///
  /// @throws ChainDefinitionException as [#load] does
  public static ChainDefinition read(Path file) {
    return new ChainFile(document(file), List.of()).definition();
  }

  /// Reads one file, with endpoints that take the place of those it names or does not name.
  ///
  /// @throws ChainDefinitionException as [#load] does
  public static ChainDefinition read(Path file, List<ChainEndpoint> endpoints) {
    return new ChainFile(document(file), endpoints).definition();
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

  private static ChainDocument document(Path file) {
    try {
      return ChainDocument.parse(file, Files.readString(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new ChainDefinitionException(file, "", "cannot be read: " + e.getMessage(), e);
    }
  }
}
