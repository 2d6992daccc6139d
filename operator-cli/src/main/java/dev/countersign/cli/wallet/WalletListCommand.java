package dev.countersign.cli.wallet;

import dev.countersign.api.v1.ListWalletsRequest;
import dev.countersign.cli.connection.ConnectionOptions;
import dev.countersign.cli.terminal.Table;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `countersign wallet list`.
@Command(name = "list", description = "Lists the wallets of one vault or of all.")
public final class WalletListCommand implements Runnable {
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Option(names = "--vault", description = "The id of a vault. Default: all")
  private String vault = "";

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    var table = new Table("WALLET", "VAULT", "TIER", "ADDRESS", "BACKEND", "NAME");
    try (var server = connection.connect(Tiers.CLIENT)) {
      var question = ListWalletsRequest.newBuilder().setVault(vault).build();
      for (var wallet : server.wallets().listWallets(question).getWalletsList()) {
        table.add(
            List.of(
                wallet.getId(),
                wallet.getVault(),
                Tiers.name(wallet.getTier()),
                wallet.getAddress(),
                wallet.getBackend(),
                wallet.getName()));
      }
    }
    table.print(spec.commandLine().getOut());
  }
}
