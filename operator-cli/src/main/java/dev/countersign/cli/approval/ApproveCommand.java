package dev.countersign.cli.approval;

import com.google.protobuf.ByteString;
import dev.countersign.api.v1.ApproveRequest;
import dev.countersign.cli.audit.LogWords;
import dev.countersign.core.approval.Approval;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `countersign approve`.
@Command(
    name = "approve",
    description = {
      "Shows what a request does, decoded here from its bytes, and approves it with your key. The"
          + " server's own words are not believed: when they are about another request, nothing is"
          + " signed."
    })
public final class ApproveCommand implements Runnable {
  @Mixin private DecisionOptions options = new DecisionOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    var out = spec.commandLine().getOut();
    try (var server = options.connect()) {
      var approval = options.sign(server, Approval.Decision.APPROVE, out);
      var answer =
          server
              .approvals()
              .approve(
                  ApproveRequest.newBuilder()
                      .setRequest(options.requestId().toString())
                      .setApprover(approval.approver().value())
                      .setKey(approval.key().text())
                      .setSignature(ByteString.copyFrom(approval.signature().toArray()))
                      .build());
      String missing = answer.getApproval().getMissing();
      out.println(
          LogWords.lines(
              missing.isEmpty() ? "approved" : "approved; it still waits for " + missing));
      out.flush();
    }
  }
}
