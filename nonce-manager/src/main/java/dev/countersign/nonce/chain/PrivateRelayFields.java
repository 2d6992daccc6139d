package dev.countersign.nonce.chain;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The key `privateRelay` of a chain's file: a mapping with its endpoints.
final class PrivateRelayFields {
  static final String KEY = "privateRelay";

  private static final String ENDPOINTS = "endpoints";
  private static final String AUTHORIZATION = "authorizationFile";
  private static final Set<String> KEYS = Set.of(ENDPOINTS, AUTHORIZATION);

  private PrivateRelayFields() {}

  static Optional<PrivateRelayTerms> read(
      ChainDocument document, @Nullable Object value, List<ChainEndpoint> nodes) {
    if (value == null) {
      return Optional.empty();
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw document.wrong(KEY, "expected keys and values: " + keys());
    }
    for (Object key : map.keySet()) {
      if (!(key instanceof String known) || !KEYS.contains(known)) {
        throw document.wrong(KEY + "." + key, "unknown key; there are " + keys());
      }
    }
    return Optional.of(
        new PrivateRelayTerms(
            endpoints(document, map.get(ENDPOINTS), nodes),
            Optional.ofNullable(map.get(AUTHORIZATION)).map(file -> path(document, file))));
  }

  private static String keys() {
    return String.join(", ", new TreeSet<>(KEYS));
  }

  /// An endpoint that is one of the chain's nodes too would give to everybody what was to be seen
  /// by nobody.
  private static List<URI> endpoints(
      ChainDocument document, @Nullable Object value, List<ChainEndpoint> nodes) {
    String at = KEY + "." + ENDPOINTS;
    if (!(value instanceof List<?> list) || list.isEmpty()) {
      throw document.wrong(at, "expected a list with at least one URL");
    }
    Set<URI> endpoints = new LinkedHashSet<>();
    for (int i = 0; i < list.size(); i++) {
      String item = at + "[" + i + "]";
      URI url = url(document, item, list.get(i));
      if (nodes.stream().anyMatch(node -> node.url().equals(url))) {
        throw document.wrong(
            item, "is one of the chain's `endpoints`, expected a relay of its own");
      }
      if (!endpoints.add(url)) {
        throw document.wrong(item, "the same endpoint twice");
      }
    }
    return List.copyOf(endpoints);
  }

  private static URI url(ChainDocument document, String key, @Nullable Object value) {
    try {
      return ChainEndpoint.parse(value instanceof String text ? text : "").url();
    } catch (IllegalArgumentException e) {
      throw document.wrong(key, String.valueOf(e.getMessage()));
    }
  }

  private static Path path(ChainDocument document, Object value) {
    String at = KEY + "." + AUTHORIZATION;
    try {
      if (value instanceof String text && Path.of(text).isAbsolute()) {
        return Path.of(text);
      }
    } catch (InvalidPathException _) {
      // As below.
    }
    throw document.wrong(at, "expected the absolute path of a file");
  }
}
