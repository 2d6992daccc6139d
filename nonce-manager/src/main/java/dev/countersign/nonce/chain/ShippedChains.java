package dev.countersign.nonce.chain;

import dev.countersign.core.model.ChainId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The definitions that come with Countersign: all of a chain but where its nodes are. A file of
/// the operator's with the id of one of them may leave out whatever it does not say otherwise.
public final class ShippedChains {
  private static final String FOLDER = "definitions/";

  /// Names of the files, main networks before test networks.
  static final List<String> NAMES =
      List.of(
          "ethereum",
          "bsc",
          "polygon",
          "arbitrum-one",
          "op-mainnet",
          "base",
          "avalanche-c",
          "sepolia",
          "hoodi",
          "bsc-testnet",
          "polygon-amoy",
          "arbitrum-sepolia",
          "op-sepolia",
          "base-sepolia",
          "avalanche-fuji");

  private static final Map<ChainId, ChainDocument> BY_ID = load();

  private ShippedChains() {}

  private static Map<ChainId, ChainDocument> load() {
    Map<ChainId, ChainDocument> byId = new LinkedHashMap<>();
    for (String name : NAMES) {
      ChainDocument document = document(name);
      byId.put(new ChainId(String.valueOf(document.values().get("id"))), document);
    }
    return byId;
  }

  private static ChainDocument document(String name) {
    String resource = FOLDER + name + ".yaml";
    try (InputStream file = ShippedChains.class.getResourceAsStream(resource)) {
      if (file == null) {
        throw new IllegalStateException(resource + " is missing from the class path");
      }
      return ChainDocument.parse(
          Path.of(name + ".yaml"), new String(file.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Optional<ChainDocument> find(ChainId id) {
    return Optional.ofNullable(BY_ID.get(id));
  }

  /// All of them, with a node on this machine for an endpoint; main networks first.
  public static List<ChainDefinition> all() {
    List<ChainEndpoint> local = List.of(ChainEndpoint.of(URI.create("http://127.0.0.1:8545")));
    return BY_ID.values().stream()
        .map(document -> new ChainFile(document, local).definition())
        .toList();
  }
}
