package dev.countersign.cli.policy;

import dev.countersign.api.v1.WithdrawPolicyRequest;
import dev.countersign.cli.connection.ConnectionOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `countersign policy withdraw`.
@Command(name = "withdraw", description = "Takes a proposal of your own back, for good.")
final class WithdrawPolicyCommand implements Runnable {
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Parameters(paramLabel = "PROPOSAL", description = "The proposal's id, a UUID.")
  private String proposal = "";

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Why, for the log; at most 500 characters.")
  private String reason = "";

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    var id = ProposalOptions.id(proposal);
    try (var server = connection.connect(ProposePolicyCommand.CLIENT)) {
      server
          .policies()
          .withdrawPolicy(
              WithdrawPolicyRequest.newBuilder()
                  .setProposal(id.toString())
                  .setReason(reason)
                  .build());
      var out = spec.commandLine().getOut();
      out.println("withdrawn " + id);
      out.flush();
    }
  }
}
