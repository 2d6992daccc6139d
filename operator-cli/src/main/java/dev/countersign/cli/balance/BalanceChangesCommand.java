package dev.countersign.cli.balance;

import dev.countersign.api.v1.ListBalanceChangesRequest;
import dev.countersign.cli.connection.ConnectionOptions;
import dev.countersign.cli.terminal.Table;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `countersign balance changes`.
@Command(
    name = "changes",
    description = {
      "Lists what balances were observed to change, the newest first.",
      "Amounts are in the asset's smallest unit."
    })
public final class BalanceChangesCommand implements Runnable {
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Option(names = "--wallet", description = "The id of a wallet. Default: all")
  private String wallet = "";

  @Option(names = "--chain", description = "A CAIP-2 id such as eip155:1. Default: all")
  private String chain = "";

  @Option(names = "--unexplained", description = "Only what is missing and nothing explains")
  private boolean unexplained;

  @Option(names = "--most", description = "How many at most, 1 to 500. Default: 100")
  private int most = 100;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    var table = new Table("TIME", "WALLET", "ASSET", "AMOUNT", "EXPECTED", "CHANGE", "BLOCK");
    try (var server = connection.connect(BalanceCommand.CLIENT)) {
      var question =
          ListBalanceChangesRequest.newBuilder()
              .setWallet(wallet)
              .setChain(chain)
              .setUnexplainedOnly(unexplained)
              .setPageSize(most)
              .build();
      for (var change : server.wallets().listBalanceChanges(question).getChangesList()) {
        table.add(
            List.of(
                Instant.ofEpochSecond(change.getTime().getSeconds()).toString(),
                change.getWallet(),
                change.getAsset(),
                change.getAmount(),
                change.getExpected().isEmpty() ? "-" : change.getExpected(),
                DifferenceWords.of(change),
                change.getBlock() + (change.getSuperseded() ? " (replaced)" : "")));
      }
    }
    table.print(spec.commandLine().getOut());
  }
}
