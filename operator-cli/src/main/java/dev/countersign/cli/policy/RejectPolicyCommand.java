package dev.countersign.cli.policy;

import com.google.protobuf.ByteString;
import dev.countersign.api.v1.RejectPolicyRequest;
import dev.countersign.core.approval.Approval;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `countersign policy reject`.
@Command(
    name = "reject",
    description = "Shows what a proposal changes, as approve does, and rejects it for good.")
final class RejectPolicyCommand implements Runnable {
  @Mixin private ProposalOptions options = new ProposalOptions();

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Why, for the proposer and the log; at most 500 characters. It is not signed.")
  private String reason = "";

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    var out = spec.commandLine().getOut();
    try (var server = options.connect()) {
      var rejection = options.sign(server, Approval.Decision.REJECT, out);
      server
          .policies()
          .rejectPolicy(
              RejectPolicyRequest.newBuilder()
                  .setProposal(options.id().toString())
                  .setApprover(rejection.approver().value())
                  .setKey(rejection.key().text())
                  .setSignature(ByteString.copyFrom(rejection.signature().toArray()))
                  .setReason(reason)
                  .build());
      out.println("rejected " + options.id());
      out.flush();
    }
  }
}
