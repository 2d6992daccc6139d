package dev.countersign.nonce.node;

import dev.countersign.core.model.Digest32;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Where a transaction was mined and how it went.
///
/// @param succeeded false when it reverted: its nonce and its fee are spent all the same (EIP-658)
public record Receipt(
    Digest32 transactionHash, long blockNumber, Digest32 blockHash, boolean succeeded) {

  /// Reads what `eth_getTransactionReceipt` answers; empty when the transaction is not mined.
  public static Optional<Receipt> read(JsonNode receipt) {
    // Some nodes answer early with a receipt that has no block yet.
    if (!receipt.isObject() || receipt.path("blockHash").isNull()) {
      return Optional.empty();
    }
    return Optional.of(
        new Receipt(
            Hashes.read("transaction hash", receipt.path("transactionHash")),
            Quantities.readLong("block number", receipt.path("blockNumber")),
            Hashes.read("block hash", receipt.path("blockHash")),
            Quantities.readLong("status", receipt.path("status")) == 1));
  }
}
