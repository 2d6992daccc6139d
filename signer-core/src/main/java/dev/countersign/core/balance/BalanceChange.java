package dev.countersign.core.balance;

import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.Wallet;
import java.math.BigInteger;

/// A balance that was observed to be another one than before, or than our own transactions explain.
///
/// @param since the number of the block of the observation before
/// @param before what was there then
/// @param block the one of this observation
/// @param expected `before` and what our own transactions moved since; below 0 when they moved more
/// than there was
/// @param after what is there
public record BalanceChange(
    Wallet wallet,
    AssetId asset,
    long since,
    BigInteger before,
    ChainBlock block,
    BigInteger expected,
    BigInteger after) {

  /// What is missing and nothing explains; 0 when nothing is.
  public BigInteger unexplained() {
    return expected.subtract(after).max(BigInteger.ZERO);
  }

  /// Whether there is less than before.
  public boolean isFall() {
    return after.compareTo(before) < 0;
  }
}
