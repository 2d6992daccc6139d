package dev.countersign.nonce.fee;

import dev.countersign.nonce.node.NodeText;
import dev.countersign.nonce.node.NodeUnavailableException;
import dev.countersign.nonce.node.Quantities;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// What `eth_feeHistory` tells (EIP-1559's companion in the JSON-RPC API), as far as it is used.
///
/// @param nextBaseFee of the block that comes next
/// @param tips for each percentile that was asked for, in order, the median over the blocks that
///     held any transaction; nothing when no block did, or the node tells no tips
public record FeeHistory(BigInteger nextBaseFee, List<BigInteger> tips) {
  public FeeHistory {
    tips = List.copyOf(tips);
  }

  /// @param percentiles how many were asked for
  /// @param blocks how many were asked for: of an answer with more the newest are looked at
  /// @throws NodeUnavailableException when it is none
  public static FeeHistory read(JsonNode history, int percentiles, int blocks) {
    JsonNode baseFees = history.path("baseFeePerGas");
    if (!baseFees.isArray() || baseFees.isEmpty()) {
      throw new NodeUnavailableException(
          "fee history: expected base fees as EIP-1559 has them, got "
              + NodeText.shown(history.toString()));
    }
    BigInteger next = Quantities.read("base fee", baseFees.get(baseFees.size() - 1));
    List<JsonNode> filled = filled(history, blocks);
    List<BigInteger> tips = new ArrayList<>();
    for (int i = 0; i < percentiles && !filled.isEmpty(); i++) {
      int column = i;
      List<BigInteger> sorted =
          filled.stream()
              .map(block -> Quantities.read("reward", block.path(column)))
              .sorted()
              .toList();
      tips.add(sorted.get(sorted.size() / 2));
    }
    return new FeeHistory(next, tips);
  }

  /// The tips of a block without transactions are zeros that nobody paid.
  private static List<JsonNode> filled(JsonNode history, int blocks) {
    JsonNode rewards = history.path("reward");
    JsonNode used = history.path("gasUsedRatio");
    List<JsonNode> filled = new ArrayList<>();
    for (int i = Math.max(0, rewards.size() - blocks); i < rewards.size(); i++) {
      JsonNode ratio = used.path(i);
      boolean isEmpty = ratio.isNumber() && ratio.doubleValue() == 0;
      if (!isEmpty && rewards.path(i).isArray()) {
        filled.add(rewards.path(i));
      }
    }
    return filled;
  }
}
