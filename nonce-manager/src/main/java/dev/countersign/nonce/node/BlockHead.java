package dev.countersign.nonce.node;

import dev.countersign.core.model.Digest32;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The newest block a node knows.
public record BlockHead(long number, Digest32 hash) {

  /// Reads what `eth_getBlockByNumber` answers.
  public static BlockHead read(JsonNode block) {
    if (!block.isObject()) {
      throw new NodeUnavailableException("latest block: expected one, got none");
    }
    return new BlockHead(
        Quantities.readLong("block number", block.path("number")),
        Hashes.read("block hash", block.path("hash")));
  }

  /// [#read], with nothing for what is no block.
  static Optional<BlockHead> find(JsonNode block) {
    try {
      return Optional.of(read(block));
    } catch (NodeUnavailableException _) {
      return Optional.empty();
    }
  }
}
