package dev.countersign.vault.store;

import dev.countersign.core.balance.ChainBlock;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.WalletId;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;

/// A row of `vault.balance`.
///
/// @param number grows with each row
/// @param block the first at which the balance was seen
/// @param since the number of the block of the observation before, if there is one to go on from
/// @param expected what should have been there, likewise
/// @param mined how many transactions of the account were mined; of the native asset alone
/// @param superseded whether the block was found to be part of its chain no longer
public record ObservedBalance(
    long number,
    WalletId wallet,
    AssetId asset,
    ChainBlock block,
    Optional<Long> since,
    Optional<BigInteger> expected,
    BigInteger amount,
    Optional<Long> mined,
    Instant at,
    boolean superseded) {

  /// What is there beyond what was expected, or is missing when below 0; 0 where nothing was
  /// expected.
  public BigInteger difference() {
    return expected.map(amount::subtract).orElse(BigInteger.ZERO);
  }
}
