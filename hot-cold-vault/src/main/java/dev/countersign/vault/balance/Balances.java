package dev.countersign.vault.balance;

import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.vault.store.BalanceTable;
import dev.countersign.vault.store.BalanceTable.BalanceKey;
import dev.countersign.vault.store.BalanceTable.Filter;
import dev.countersign.vault.store.BalanceWatchTable;
import dev.countersign.vault.store.BalanceWatchTable.Last;
import dev.countersign.vault.store.ObservedBalance;
import dev.countersign.vault.store.WalletTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What was observed of balances, for whoever asks.
public final class Balances {
  private final UnitOfWork unitOfWork;
  private final WalletTable wallets = new WalletTable();
  private final BalanceTable balances = new BalanceTable();
  private final BalanceWatchTable watches = new BalanceWatchTable();

  public Balances(UnitOfWork unitOfWork) {
    this.unitOfWork = unitOfWork;
  }

  /// A balance that stands.
  ///
  /// @param seen the last time that it was seen to
  public record Standing(ObservedBalance balance, Last seen) {}

  /// The balances of all wallets or one, on all chains or one: of what was read the last time. By
  /// wallet and chain, the native asset first.
  public List<Standing> standing(Optional<WalletId> wallet, Optional<ChainId> chain) {
    return unitOfWork.inTransaction(
        transaction -> {
          Map<ChainId, Last> last =
              watches.all(transaction).stream()
                  .filter(one -> chain.isEmpty() || chain.get().equals(one.block().chain()))
                  .collect(Collectors.toMap(one -> one.block().chain(), one -> one));
          List<AssetId> assets =
              last.values().stream().flatMap(one -> one.assets().stream()).toList();
          List<BalanceKey> keys =
              wallets.list(transaction).stream()
                  .filter(one -> wallet.isEmpty() || wallet.get().equals(one.id()))
                  .flatMap(one -> assets.stream().map(asset -> new BalanceKey(one.id(), asset)))
                  .toList();
          return balances.standing(transaction, keys).stream()
              .flatMap(
                  row ->
                      Optional.ofNullable(last.get(row.block().chain())).stream()
                          .map(seen -> new Standing(row, seen)))
              .toList();
        });
  }

  /// What was observed to change, the newest first.
  public List<ObservedBalance> changes(Filter filter, int most) {
    return unitOfWork.inTransaction(transaction -> balances.changes(transaction, filter, most));
  }

  /// When balances were last read, on each chain where they ever were; by the database's clock.
  public List<Last> lastReads() {
    return unitOfWork.inTransaction(watches::all);
  }

  /// Takes away what is past its retention; to be run every now and then.
  public void forget() {
    unitOfWork.run(balances::forget);
  }
}
