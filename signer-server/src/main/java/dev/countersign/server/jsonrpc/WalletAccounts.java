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
    return wallets.list();
  }

  /// @throws RpcException when no wallet has it
  Wallet of(Address address) {
    Wallet wallet = known.get(address);
    return wallet != null ? wallet : found(address);
  }

  /// Whoever asks for an address that is nobody's makes the database look for one row.
  private Wallet found(Address address) {
    Wallet wallet =
        wallets
            .find(address)
            .orElseThrow(
                () ->
                    RpcError.of(
                            RpcError.UNAUTHORIZED,
                            address.checksummed()
                                + " is the address of no wallet here; see eth_accounts")
                        .thrown());
    known.put(address, wallet);
    return wallet;
  }
}
