package dev.countersign.nonce.chain;

import java.util.Optional;

/// What makes a mined transaction final: all of it.
///
/// @param confirmations how many blocks, its own included, it takes
/// @param tag the block that nodes name by it must be as high; nothing where the number of blocks
///     is all
public record Finality(int confirmations, Optional<FinalityTag> tag) {

  /// The newest block that is deep enough below `head`, whatever its nodes call final.
  public long deepest(long head) {
    return head - confirmations + 1;
  }
}
