package dev.countersign.cli.lane;

import dev.countersign.api.v1.ResumeLaneRequest;
import dev.countersign.cli.connection.ConnectionOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `countersign lane resume`.
@Command(
    name = "resume",
    description = {
      "Lets a paused lane go on, after the nonces that the chain has mined.",
      "One that was paused for FOREIGN_USE: find out first who else has the key."
    })
public final class ResumeLaneCommand implements Runnable {
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Parameters(paramLabel = "WALLET", description = "The id of the wallet")
  private String wallet = "";

  @Option(names = "--chain", required = true, description = "A CAIP-2 id such as eip155:1")
  private String chain = "";

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    try (var server = connection.connect(LaneCommand.CLIENT)) {
      var answer =
          server
              .admin()
              .resumeLane(ResumeLaneRequest.newBuilder().setChain(chain).setWallet(wallet).build());
      spec.commandLine()
          .getOut()
          .printf(
              "the lane of %s on %s, paused for %s, goes on with nonce %s%n",
              wallet, chain, answer.getReason(), Long.toUnsignedString(answer.getNextNonce()));
    }
  }
}
