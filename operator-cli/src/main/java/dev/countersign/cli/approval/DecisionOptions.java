package dev.countersign.cli.approval;

import dev.countersign.api.v1.GetApprovalRequest;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.connection.ConnectionOptions;
import dev.countersign.cli.connection.ServerConnection;
import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.request.SigningRequestId;
import java.io.PrintWriter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What approving and rejecting have in common.
final class DecisionOptions {
  /// The sandbox's client that these commands are for.
  static final String CLIENT = "approver";

  @Mixin private ConnectionOptions connection = new ConnectionOptions();
  @Mixin private KeyChoice key = new KeyChoice();
  @Mixin private Confirmation confirmation = new Confirmation();

  @Parameters(paramLabel = "REQUEST", description = "The request's id, a UUID.")
  private String request = "";

  @Option(
      names = "--approver",
      required = true,
      paramLabel = "NAME",
      description = "Your name in the policy.")
  private String approver = "";

  ServerConnection connect() {
    return connection.connect(CLIENT);
  }

  /// Gets the request, makes its statement here, shows it, asks, and signs.
  ///
  /// @return what is to be sent
  Approval sign(ServerConnection server, Approval.Decision decision, PrintWriter out) {
    ApproverName name = read(() -> new ApproverName(approver), "--approver");
    SigningRequestId id = requestId();
    try (ApprovalKey own = key.open()) {
      var question = GetApprovalRequest.newBuilder().setRequest(id.toString()).build();
      var received =
          ReceivedApproval.of(id, server.approvals().getApproval(question).getApproval());
      var words = new ApprovalWords(received);
      if (decision == Approval.Decision.APPROVE) {
        words.requireReadable();
      }
      words.lines().forEach(out::println);
      out.println("your key     " + own.publicKey().text());
      out.flush();
      confirmation.ask(decision.word());
      var approval =
          new Approval(
              name,
              own.publicKey(),
              decision,
              own.sign(received.statement().signedBytes(decision)));
      if (!approval.isSignatureOf(received.statement())) {
        throw CommandException.unavailable(
            "the key's signature does not verify: its public half belongs to another key");
      }
      return approval;
    }
  }

  SigningRequestId requestId() {
    return read(() -> SigningRequestId.parse(request), "REQUEST");
  }

  private interface Reading<T> {
    T read();
  }

  private static <T> T read(Reading<T> reading, String option) {
    try {
      return reading.read();
    } catch (InvalidValueException e) {
      throw CommandException.usage(option + ": " + e.getMessage());
    }
  }
}
