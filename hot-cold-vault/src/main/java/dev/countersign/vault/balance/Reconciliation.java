package dev.countersign.vault.balance;

import dev.countersign.core.balance.AccountState;
import dev.countersign.core.balance.BalanceChange;
import dev.countersign.core.balance.ChainBlock;
import dev.countersign.core.balance.Holding;
import dev.countersign.core.balance.OwnMoves;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.Wallet;
import dev.countersign.vault.store.NewBalance;
import dev.countersign.vault.store.ObservedBalance;
import java.math.BigInteger;
import java.util.Optional;

/// One balance, held against the one before it and what our own transactions moved since.
///
/// @param row to store; nothing when all is as it was
/// @param change to judge; nothing when there was no balance before
record Reconciliation(Optional<NewBalance> row, Optional<BalanceChange> change) {

  /// @param before what stands, if anything
  /// @param since the block up to which `before` was seen to stand, as long as it was looked at
  /// without a gap; nothing where our own transactions in between are not known
  static Reconciliation of(
      Wallet wallet,
      AssetId asset,
      AccountState state,
      BigInteger amount,
      ChainBlock block,
      Optional<ObservedBalance> before,
      Optional<Long> since,
      OwnMoves moves) {
    Optional<Long> mined = asset.isNative() ? Optional.of(state.mined()) : Optional.empty();
    if (before.isEmpty()) {
      return new Reconciliation(
          Optional.of(
              new NewBalance(
                  wallet.id(), asset, Optional.empty(), Optional.empty(), amount, mined)),
          Optional.empty());
    }
    BigInteger was = before.get().amount();
    Optional<BigInteger> expected =
        since.map(_ -> was.add(moves.of(new Holding(state.account(), asset))));
    if (amount.equals(was)
        && mined.equals(before.get().mined())
        && expected.orElse(amount).equals(amount)) {
      return new Reconciliation(Optional.empty(), Optional.empty());
    }
    return new Reconciliation(
        Optional.of(new NewBalance(wallet.id(), asset, since, expected, amount, mined)),
        Optional.of(
            new BalanceChange(
                wallet,
                asset,
                since.orElse(before.get().block().number()),
                was,
                block,
                expected.orElse(amount),
                amount)));
  }
}
