package dev.countersign.cli.wallet;

import dev.countersign.api.v1.ListVaultsRequest;
import dev.countersign.cli.connection.ConnectionOptions;
import dev.countersign.cli.terminal.Table;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `countersign vault list`.
@Command(name = "list", description = "Lists all vaults.")
public final class VaultListCommand implements Runnable {
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    var table = new Table("VAULT", "TIER", "NAME");
    try (var server = connection.connect(Tiers.CLIENT)) {
      for (var vault :
          server.wallets().listVaults(ListVaultsRequest.getDefaultInstance()).getVaultsList()) {
        table.add(List.of(vault.getId(), Tiers.name(vault.getTier()), vault.getName()));
      }
    }
    table.print(spec.commandLine().getOut());
  }
}
