package dev.countersign.cli.balance;

import dev.countersign.api.v1.ListBalancesRequest;
import dev.countersign.cli.connection.ConnectionOptions;
import dev.countersign.cli.terminal.Table;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `countersign balance list`.
@Command(
    name = "list",
    description = {
      "Lists what wallets have, as of the last confirmed block that was read.",
      "Amounts are in the asset's smallest unit."
    })
public final class BalanceListCommand implements Runnable {
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Option(names = "--wallet", description = "The id of a wallet. Default: all")
  private String wallet = "";

  @Option(names = "--chain", description = "A CAIP-2 id such as eip155:1. Default: all")
  private String chain = "";

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    var table =
        new Table("WALLET", "ASSET", "AMOUNT", "SINCE BLOCK", "LAST CHANGE", "BLOCK", "READ AT");
    try (var server = connection.connect(BalanceCommand.CLIENT)) {
      var question = ListBalancesRequest.newBuilder().setWallet(wallet).setChain(chain).build();
      for (var balance : server.wallets().listBalances(question).getBalancesList()) {
        var observed = balance.getObservation();
        table.add(
            List.of(
                observed.getWallet(),
                observed.getAsset(),
                observed.getAmount(),
                Long.toString(observed.getBlock()),
                DifferenceWords.of(observed),
                Long.toString(balance.getConfirmedBlock()),
                Instant.ofEpochSecond(balance.getConfirmedTime().getSeconds()).toString()));
      }
    }
    table.print(spec.commandLine().getOut());
  }
}
