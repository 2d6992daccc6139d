package dev.countersign.cli.policy;

import dev.countersign.cli.CommandException;
import dev.countersign.cli.approval.ApprovalKey;
import dev.countersign.cli.approval.Confirmation;
import dev.countersign.cli.approval.KeyChoice;
import dev.countersign.cli.connection.ConnectionOptions;
import dev.countersign.cli.connection.ServerConnection;
import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.approval.ProposalId;
import dev.countersign.core.model.InvalidValueException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What approving and rejecting a policy have in common.
final class ProposalOptions {
  /// The sandbox's client that carries what approvers sign.
  static final String CLIENT = "approver";

  @Mixin private ConnectionOptions connection = new ConnectionOptions();
  @Mixin private KeyChoice key = new KeyChoice();

  @Parameters(paramLabel = "PROPOSAL", description = "The proposal's id, a UUID.")
  private String proposal = "";

  @Option(
      names = "--approver",
      required = true,
      paramLabel = "NAME",
      description = "Your name in the active policy, or in the founders' file.")
  private String approver = "";

  @Option(
      names = "--founders",
      paramLabel = "FILE",
      description = {
        "The founders' file, as you keep it: the deployment's name is held against it, and who may"
            + " change a policy that does not say so."
      })
  private @Nullable Path founders;

  @Mixin private Confirmation confirmation = new Confirmation();

  ServerConnection connect() {
    return connection.connect(CLIENT);
  }

  ProposalId id() {
    return id(proposal);
  }

  static ProposalId id(String text) {
    try {
      return ProposalId.parse(text);
    } catch (InvalidValueException e) {
      throw CommandException.usage("PROPOSAL: " + e.getMessage());
    }
  }

  /// Gets the proposal, holds its statement against its bytes, shows it, asks, and signs.
  ///
  /// @return what is to be sent
  Approval sign(ServerConnection server, Approval.Decision decision, PrintWriter out) {
    ApproverName name = name();
    try (ApprovalKey own = key.open()) {
      var received = ReceivedProposal.get(server, id());
      received.check(Optional.ofNullable(founders).map(PolicyFiles::founders));
      ProposalWords.of(received).forEach(out::println);
      out.println(ProposalWords.line("your key", own.publicKey().text()));
      out.flush();
      confirmation.ask(decision.word());
      return Signing.sign(name, own, decision, received.statement());
    }
  }

  private ApproverName name() {
    try {
      return new ApproverName(approver);
    } catch (InvalidValueException e) {
      throw CommandException.usage("--approver: " + e.getMessage());
    }
  }
}
