package dev.countersign.cli.approval;

import com.google.protobuf.ByteString;
import dev.countersign.api.v1.RejectRequest;
import dev.countersign.core.approval.Approval;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `countersign reject`.
@Command(
    name = "reject",
    description = "Shows what a request does, as approve does, and rejects it for good.")
public final class RejectCommand implements Runnable {
  @Mixin private DecisionOptions options = new DecisionOptions();

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Why, for the client and the log; at most 500 characters. It is not signed.")
  private String reason = "";

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    var out = spec.commandLine().getOut();
    try (var server = options.connect()) {
      var rejection = options.sign(server, Approval.Decision.REJECT, out);
      var answer =
          server
              .approvals()
              .reject(
                  RejectRequest.newBuilder()
                      .setRequest(options.requestId().toString())
                      .setApprover(rejection.approver().value())
                      .setKey(rejection.key().text())
                      .setSignature(ByteString.copyFrom(rejection.signature().toArray()))
                      .setReason(reason)
                      .build());
      out.println("rejected " + answer.getApproval().getRequest());
      out.flush();
    }
  }
}
