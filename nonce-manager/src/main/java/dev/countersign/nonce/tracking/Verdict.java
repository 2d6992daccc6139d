package dev.countersign.nonce.tracking;

import dev.countersign.nonce.node.Receipt;
import java.util.Optional;

/// What a receipt, or its absence, says about a transaction.
sealed interface Verdict {
  /// Not mined, as before.
  record Waiting() implements Verdict {}

  /// Was mined and is not any longer: its block was replaced.
  record Unmined() implements Verdict {}

  /// Mined, but not deep enough to count on it.
  record Mined(Receipt receipt) implements Verdict {}

  /// Mined as deep as the chain asks: confirmed, or reverted.
  record Ended(Receipt receipt) implements Verdict {}

  /// @param mined whether it was seen mined before
  /// @param receipt what the node has now
  /// @param deep the number of the newest block that is final
  static Verdict of(boolean mined, Optional<Receipt> receipt, long deep) {
    if (receipt.isEmpty()) {
      return mined ? new Unmined() : new Waiting();
    }
    return receipt.get().blockNumber() <= deep
        ? new Ended(receipt.get())
        : new Mined(receipt.get());
  }
}
