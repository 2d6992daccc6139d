package dev.countersign.nonce.balance;

import dev.countersign.core.balance.Holding;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.nonce.node.NodeText;
import dev.countersign.nonce.node.NodeUnavailableException;
import dev.countersign.nonce.node.Quantities;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What one mined transaction moved, read off it and its receipt.
///
/// - The sender pays `gasUsed × effectiveGasPrice`, whether it succeeded or not; on the OP stack
/// also `l1Fee`; for blobs `blobGasUsed × blobGasPrice` (EIP-4844).
/// - The value goes from sender to recipient when it succeeded.
/// - Tokens go as their `Transfer(address,address,uint256)` logs say (ERC-20): those with two
/// indexed addresses and one word of data, which tells them from ERC-721's.
final class MovesOfReceipt {
  private static final String TRANSFER =
      "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
  private static final int TRANSFER_TOPICS = 3;
  private static final Pattern WORD = Pattern.compile("0x[0-9a-fA-F]{64}");
  private static final int PADDING = 26;

  private final ChainId chain;
  private final Set<AssetId> watched;
  private final Map<Holding, BigInteger> changes = new HashMap<>();

  MovesOfReceipt(ChainId chain, Set<AssetId> watched) {
    this.chain = chain;
    this.watched = watched;
  }

  Map<Holding, BigInteger> changes() {
    return changes;
  }

  void add(JsonNode transaction, JsonNode receipt) {
    AssetId ether = AssetId.nativeOf(chain);
    Address sender = address("from", transaction.path("from"));
    move(sender, ether, fee(receipt).negate());
    if (Quantities.readLong("status", receipt.path("status")) != 1) {
      return;
    }
    BigInteger value = Quantities.read("value", transaction.path("value"));
    move(sender, ether, value.negate());
    if (transaction.path("to").isString()) {
      move(address("to", transaction.path("to")), ether, value);
    }
    receipt.path("logs").forEach(this::addLog);
  }

  private static BigInteger fee(JsonNode receipt) {
    BigInteger fee =
        Quantities.read("gasUsed", receipt.path("gasUsed"))
            .multiply(Quantities.read("effectiveGasPrice", receipt.path("effectiveGasPrice")));
    if (receipt.path("l1Fee").isString()) {
      fee = fee.add(Quantities.read("l1Fee", receipt.path("l1Fee")));
    }
    if (receipt.path("blobGasUsed").isString() && receipt.path("blobGasPrice").isString()) {
      fee =
          fee.add(
              Quantities.read("blobGasUsed", receipt.path("blobGasUsed"))
                  .multiply(Quantities.read("blobGasPrice", receipt.path("blobGasPrice"))));
    }
    return fee;
  }

  private void addLog(JsonNode log) {
    JsonNode topics = log.path("topics");
    if (topics.size() != TRANSFER_TOPICS
        || !TRANSFER.equals(text(topics.path(0)))
        || !WORD.matcher(text(log.path("data"))).matches()) {
      return;
    }
    AssetId token = AssetId.erc20(chain, address("log address", log.path("address")));
    if (!watched.contains(token)) {
      return;
    }
    BigInteger amount = new BigInteger(text(log.path("data")).substring(2), 16);
    move(party(topics.path(1)), token, amount.negate());
    move(party(topics.path(2)), token, amount);
  }

  private void move(Address account, AssetId asset, BigInteger amount) {
    changes.merge(new Holding(account, asset), amount, BigInteger::add);
  }

  private static Address party(JsonNode topic) {
    String word = text(topic);
    if (!WORD.matcher(word).matches()) {
      throw new NodeUnavailableException("log topic: expected 32 bytes, got " + shown(topic));
    }
    return new Address("0x" + word.substring(PADDING).toLowerCase(Locale.ROOT));
  }

  private static Address address(String what, JsonNode node) {
    try {
      return new Address(text(node).toLowerCase(Locale.ROOT));
    } catch (InvalidValueException e) {
      throw new NodeUnavailableException(
          "%s: expected an address, got %s".formatted(what, shown(node)), e);
    }
  }

  private static String text(JsonNode node) {
    return node.isString() ? node.stringValue() : "";
  }

  private static String shown(JsonNode node) {
    return NodeText.shown(node.toString());
  }
}
