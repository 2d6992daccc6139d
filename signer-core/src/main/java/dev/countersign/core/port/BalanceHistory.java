package dev.countersign.core.port;

import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.WalletId;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;

/// What was observed of balances, as far as its blocks still are part of their chains.
public interface BalanceHistory {

  /// A balance, and the number of the block it was seen in first.
  record Seen(BigInteger amount, long block) {}

  /// The most that `wallet` had of `asset` since a time, what it had at that time included.
  ///
  /// @param since by the database's clock
  Optional<Seen> peak(Transaction transaction, WalletId wallet, AssetId asset, Instant since);

  /// What went missing since a time and nothing explains, added up; what came in is not set off
  /// against it.
  BigInteger unexplained(Transaction transaction, WalletId wallet, AssetId asset, Instant since);
}
