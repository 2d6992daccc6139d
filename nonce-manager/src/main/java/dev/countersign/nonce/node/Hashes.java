package dev.countersign.nonce.node;

import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.InvalidValueException;
import tools.jackson.databind.JsonNode;

/// 32-byte hashes in answers.
public final class Hashes {
  private Hashes() {}

  /// @throws NodeUnavailableException when it is not one
  public static Digest32 read(String what, JsonNode node) {
    try {
      return Digest32.fromHex(node.isString() ? node.stringValue() : "");
    } catch (InvalidValueException e) {
      throw new NodeUnavailableException(
          "%s: expected 0x and 64 hex digits, got %s"
              .formatted(what, NodeText.shown(node.toString())),
          e);
    }
  }
}
