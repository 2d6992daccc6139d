package dev.countersign.fuzz;

import dev.countersign.nonce.node.BlockHead;
import dev.countersign.nonce.node.NodeUnavailableException;
import dev.countersign.nonce.node.Receipt;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What nodes answer, which may be anything: what cannot be read is no answer, by its typed error.
public final class NodeAnswerFuzz {
  private static final JsonMapper JSON = new JsonMapper();

  private NodeAnswerFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    JsonNode node;
    try {
      node = JSON.readTree(input);
    } catch (JacksonException _) {
      return;
    }
    unlessUnavailable(() -> Receipt.read(node));
    unlessUnavailable(() -> BlockHead.read(node));
  }

  private static void unlessUnavailable(Runnable read) {
    try {
      read.run();
    } catch (NodeUnavailableException _) {
      // As it should be.
    }
  }
}
