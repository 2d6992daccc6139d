package dev.countersign.cli.policy;

import com.google.protobuf.ByteString;
import dev.countersign.api.v1.ApprovePolicyRequest;
import dev.countersign.cli.audit.LogWords;
import dev.countersign.core.approval.Approval;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `countersign policy approve`.
@Command(
    name = "approve",
    description = {
      "Shows what a proposal changes, from its bytes, and approves it with your key. When the"
          + " server's statement is about anything else, nothing is signed."
    })
final class ApprovePolicyCommand implements Runnable {
  @Mixin private ProposalOptions options = new ProposalOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    var out = spec.commandLine().getOut();
    try (var server = options.connect()) {
      var approval = options.sign(server, Approval.Decision.APPROVE, out);
      var proposal =
          server
              .policies()
              .approvePolicy(
                  ApprovePolicyRequest.newBuilder()
                      .setProposal(options.id().toString())
                      .setApprover(approval.approver().value())
                      .setKey(approval.key().text())
                      .setSignature(ByteString.copyFrom(approval.signature().toArray()))
                      .build())
              .getProposal();
      out.println(
          LogWords.lines(
              switch (proposal.getState()) {
                case STATE_ACTIVATED -> "approved; it is active: " + proposal.getReason();
                case STATE_APPROVED ->
                    "approved; it is activated at " + ProposalsCommand.time(proposal.getOpenTime());
                default -> "approved; it still waits for " + proposal.getMissing();
              }));
      out.flush();
    }
  }
}
