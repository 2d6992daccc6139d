package dev.countersign.cli.policy;

import dev.countersign.cli.connection.ConnectionOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `countersign policy show`.
@Command(
    name = "show",
    description = "Shows what a proposal changes, from its bytes, and how far it is.")
final class ShowPolicyCommand implements Runnable {
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Parameters(paramLabel = "PROPOSAL", description = "The proposal's id, a UUID.")
  private String proposal = "";

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    try (var server = connection.connect(ProposalOptions.CLIENT)) {
      var out = spec.commandLine().getOut();
      ProposalWords.of(ReceivedProposal.get(server, ProposalOptions.id(proposal)))
          .forEach(out::println);
      out.flush();
    }
  }
}
