package dev.countersign.server.jsonrpc;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.Wallet;
import dev.countersign.vault.wallet.WalletRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The wallets by their addresses. A wallet never changes once it is there.
final class WalletAccounts {
  private final WalletRegistry wallets;
  private final Map<Address, Wallet> known = new ConcurrentHashMap<>();

  WalletAccounts(WalletRegistry wallets) {
    this.wallets = wallets;
  }

  List<Wallet> all() {
    List<Wallet> all = wallets.list();
    all.forEach(wallet -> known.put(wallet.address(), wallet));
    return all;
  }

  /// @throws RpcException when no wallet has it
  Wallet of(Address address) {
    if (!known.containsKey(address)) {
      all();
    }
    Wallet wallet = known.get(address);
    if (wallet == null) {
      throw RpcError.of(
              RpcError.UNAUTHORIZED,
              address.checksummed() + " is the address of no wallet here; see eth_accounts")
          .thrown();
    }
    return wallet;
  }
}
