package dev.countersign.cli.sandbox;

import dev.countersign.api.v1.CreateVaultRequest;
import dev.countersign.api.v1.CreateWalletRequest;
import dev.countersign.api.v1.ListVaultsRequest;
import dev.countersign.api.v1.ListWalletsRequest;
import dev.countersign.api.v1.Vault;
import dev.countersign.api.v1.Wallet;
import dev.countersign.cli.connection.ServerConnection;
import dev.countersign.testenv.chain.ChainRpc;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.IntStream;

/// The vault of a sandbox and its wallets.
///
/// @param wallets `hot-1`, `hot-2` and so on, in their order
record Treasury(Vault vault, List<Wallet> wallets) {
  static final String CHAIN = "eip155:31337";
  static final String FIRST_WALLET = "hot-1";

  /// They pay each other.
  static final int LEAST_WALLETS = 2;

  /// More make a token slow to start.
  static final int MOST_WALLETS = 500;

  private static final String VAULT = "treasury";
  private static final BigInteger ETHER = BigInteger.TEN.pow(18);
  private static final BigInteger LOW = ETHER.multiply(BigInteger.TEN);

  /// What a wallet is given when it runs low.
  static final BigInteger FUNDING = ETHER.multiply(BigInteger.valueOf(100));

  /// Makes what is missing.
  ///
  /// @param custodian a connection of the client that may
  /// @param least how many wallets there are to be; what is there already stays
  static Treasury provide(ServerConnection custodian, int least) {
    var vault =
        custodian
            .wallets()
            .listVaults(ListVaultsRequest.getDefaultInstance())
            .getVaultsList()
            .stream()
            .filter(one -> one.getId().equals(VAULT))
            .findFirst()
            .orElseGet(() -> createVault(custodian));
    var there =
        custodian
            .wallets()
            .listWallets(ListWalletsRequest.newBuilder().setVault(VAULT).build())
            .getWalletsList();
    var wallets =
        IntStream.rangeClosed(1, Math.max(least, there.size()))
            .mapToObj(number -> "hot-" + number)
            .map(
                id ->
                    there.stream()
                        .filter(one -> one.getId().equals(id))
                        .findFirst()
                        .orElseGet(() -> createWallet(custodian, id)))
            .toList();
    return new Treasury(vault, wallets);
  }

  private static Vault createVault(ServerConnection custodian) {
    var wanted =
        Vault.newBuilder().setId(VAULT).setTier(Vault.Tier.TIER_HOT).setName("Treasury").build();
    return custodian
        .wallets()
        .createVault(CreateVaultRequest.newBuilder().setVault(wanted).build())
        .getVault();
  }

  private static Wallet createWallet(ServerConnection custodian, String id) {
    var wanted =
        CreateWalletRequest.newBuilder()
            .setId(id)
            .setVault(VAULT)
            .setName("Hot wallet " + id.substring(id.indexOf('-') + 1))
            .setBackend(ServerFiles.BACKEND)
            .build();
    return custodian.wallets().createWallet(wanted).getWallet();
  }

  List<String> addresses() {
    return wallets.stream().map(Wallet::getAddress).toList();
  }

  /// Gives each wallet ether when it has little.
  void fund(ChainRpc chain) {
    for (String address : addresses()) {
      if (chain.balance(address).compareTo(LOW) < 0) {
        chain.setBalance(address, FUNDING);
      }
    }
  }
}
