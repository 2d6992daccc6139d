package dev.countersign.cli.freeze;

import dev.countersign.api.v1.FreezeRequest;
import dev.countersign.cli.connection.ConnectionOptions;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `countersign freeze`.
@Command(
    name = "freeze",
    description = {
      "Stops signing for a wallet, a vault, a chain or everything, on every instance.",
      "What was signed before is still broadcast. Only a quorum can lift a freeze."
    })
public final class FreezeCommand implements Runnable {
  /// The sandbox's client that these commands are for.
  static final String CLIENT = "operator";

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Parameters(
      paramLabel = "SCOPE",
      description = "everything, vault:NAME, wallet:NAME or chain:eip155:NUMBER")
  private String scope = "";

  @Option(
      names = "--reason",
      required = true,
      description = "Why, on one line. Those who are denied read it, those who lift it sign it")
  private String reason = "";

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    try (var server = connection.connect(CLIENT)) {
      var answer =
          server
              .admin()
              .freeze(FreezeRequest.newBuilder().setScope(scope).setReason(reason).build());
      var freeze = answer.getFreeze();
      if (answer.getCreated()) {
        out.printf("%s is frozen: freeze %s%n", freeze.getScope(), freeze.getId());
      } else {
        out.printf(
            "%s was frozen already: freeze %s, by %s, at %s: %s%n",
            freeze.getScope(),
            freeze.getId(),
            freeze.getFrozenBy(),
            FreezesCommand.time(freeze),
            freeze.getReason());
      }
    }
  }
}
