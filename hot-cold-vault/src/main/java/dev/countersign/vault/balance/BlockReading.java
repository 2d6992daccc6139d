package dev.countersign.vault.balance;

import dev.countersign.core.balance.AccountState;
import dev.countersign.core.balance.ChainBlock;
import dev.countersign.core.balance.NonceSpan;
import dev.countersign.core.balance.OwnMoves;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.Wallet;
import dev.countersign.vault.store.BalanceTable.BalanceKey;
import dev.countersign.vault.store.BalanceWatchTable.Last;
import dev.countersign.vault.store.ObservedBalance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What one block says of all wallets, beside what stands.
///
/// @param states one for each wallet, in order
/// @param read the assets that are known of all of them
record BlockReading(
    ChainBlock block,
    List<Wallet> wallets,
    List<AccountState> states,
    List<AssetId> read,
    Map<BalanceKey, ObservedBalance> standing) {
  BlockReading {
    wallets = List.copyOf(wallets);
    states = List.copyOf(states);
    read = List.copyOf(read);
    standing = Map.copyOf(standing);
  }

  /// The transactions that were mined since what stands was seen first.
  List<NonceSpan> spans() {
    List<NonceSpan> spans = new ArrayList<>();
    AssetId ether = AssetId.nativeOf(block.chain());
    for (int i = 0; i < wallets.size(); i++) {
      AccountState state = states.get(i);
      Optional<Long> before = before(wallets.get(i), ether).flatMap(ObservedBalance::mined);
      if (before.isPresent() && before.get() < state.mined()) {
        spans.add(new NonceSpan(state.account(), before.get(), state.mined()));
      }
    }
    return spans;
  }

  /// Accounts of which less is mined than before though no block was replaced: their nodes are in
  /// the middle of a reorganisation, or the chain was made anew.
  List<Address> wentBack() {
    List<Address> accounts = new ArrayList<>();
    for (int i = 0; i < wallets.size(); i++) {
      if (wentBack(wallets.get(i), states.get(i))) {
        accounts.add(states.get(i).account());
      }
    }
    return accounts;
  }

  private boolean wentBack(Wallet wallet, AccountState state) {
    return before(wallet, AssetId.nativeOf(block.chain()))
        .flatMap(ObservedBalance::mined)
        .filter(mined -> mined > state.mined())
        .isPresent();
  }

  private Optional<ObservedBalance> before(Wallet wallet, AssetId asset) {
    return Optional.ofNullable(standing.get(new BalanceKey(wallet.id(), asset)));
  }

  /// Of accounts that [#wentBack] nothing is expected.
  ///
  /// @param goesOn whether the last block still is part of the chain: what stands was seen to until
  /// then, and otherwise in its own block alone
  /// @param moves of [#spans]
  List<Reconciliation> reconcile(Optional<Last> last, boolean goesOn, OwnMoves moves) {
    List<Reconciliation> all = new ArrayList<>();
    for (int i = 0; i < wallets.size(); i++) {
      Wallet wallet = wallets.get(i);
      AccountState state = states.get(i);
      boolean anew = wentBack(wallet, state);
      for (AssetId asset : read) {
        Optional<ObservedBalance> before = before(wallet, asset);
        Optional<Long> since =
            last.filter(one -> one.assets().contains(asset) && !anew)
                .flatMap(
                    one ->
                        goesOn
                            ? Optional.of(one.block().number())
                            : before.map(old -> old.block().number()));
        Optional.ofNullable(state.amounts().get(asset))
            .map(
                amount ->
                    Reconciliation.of(wallet, asset, state, amount, block, before, since, moves))
            .ifPresent(all::add);
      }
    }
    return all;
  }
}
