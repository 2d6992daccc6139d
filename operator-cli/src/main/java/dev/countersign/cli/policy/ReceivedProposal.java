package dev.countersign.cli.policy;

import dev.countersign.api.v1.GetPolicyProposalRequest;
import dev.countersign.api.v1.GetPolicyVersionRequest;
import dev.countersign.api.v1.PolicyProposal;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.audit.LogWords;
import dev.countersign.cli.connection.ServerConnection;
import dev.countersign.core.approval.PolicyChangeStatement;
import dev.countersign.core.approval.ProposalId;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.policy.succession.ChangeAuthority;
import dev.countersign.policy.succession.Founders;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.LongFunction;

/// A proposal as a server gives it, held against its own bytes: that of the document, and that of
/// the policy it is to follow.
///
/// @param statement that is about exactly `document`, and follows exactly `base`
/// @param base the bytes of the policy that it follows
record ReceivedProposal(
    PolicyProposal message, PolicyChangeStatement statement, Bytes document, Bytes base) {

  /// Gets a proposal.
  ///
  /// @throws CommandException when what the server says does not fit together: nothing of it is to
  /// be signed then
  static ReceivedProposal get(ServerConnection server, ProposalId id) {
    PolicyProposal message =
        server
            .policies()
            .getPolicyProposal(
                GetPolicyProposalRequest.newBuilder().setProposal(id.toString()).build())
            .getProposal();
    return of(id, message, version -> stored(server, version));
  }

  /// @param id of the proposal that was asked for
  /// @param stored gives the document of a policy, as the server has it
  static ReceivedProposal of(ProposalId id, PolicyProposal message, LongFunction<Bytes> stored) {
    PolicyChangeStatement statement = parse(message.getStatement());
    if (!statement.proposal().equals(id)) {
      throw differs("it is about proposal " + statement.proposal());
    }
    Bytes document = Bytes.of(message.getDocument().toByteArray());
    if (!statement.isAbout(document)) {
      throw differs(
          "the document has the SHA-256 %s, the statement is about %s"
              .formatted(PolicyChangeStatement.hashOf(document), statement.document()));
    }
    return new ReceivedProposal(message, statement, document, base(statement, stored));
  }

  private static Bytes stored(ServerConnection server, long version) {
    return Bytes.of(
        server
            .policies()
            .getPolicyVersion(GetPolicyVersionRequest.newBuilder().setVersion(version).build())
            .getPolicy()
            .getDocument()
            .toByteArray());
  }

  private static Bytes base(PolicyChangeStatement statement, LongFunction<Bytes> stored) {
    if (statement.baseNumber() == 0) {
      return Bytes.EMPTY;
    }
    Bytes document = stored.apply(statement.baseNumber());
    if (!PolicyChangeStatement.hashOf(document).equals(statement.baseHash())) {
      throw differs("policy %d is not the one that it follows".formatted(statement.baseNumber()));
    }
    return document;
  }

  private static PolicyChangeStatement parse(String text) {
    try {
      return PolicyChangeStatement.parse(Bytes.of(text.getBytes(StandardCharsets.UTF_8)));
    } catch (InvalidValueException e) {
      throw differs(String.valueOf(e.getMessage()));
    }
  }

  private static CommandException differs(String why) {
    return CommandException.no(
        LogWords.lines(
            "the server's statement is not that of the proposal it sends: "
                + why
                + "\n  nothing was signed"));
  }

  /// Holds who has to approve, and how long it waits, against what the policy says that it follows.
  ///
  /// @param founders where they are known; without them the deployment's name is not checked, nor
  /// who may change a policy that does not say so
  /// @throws CommandException when it asks something else
  void check(Optional<Founders> founders) {
    founders
        .filter(known -> !known.deployment().equals(statement.deployment()))
        .ifPresent(
            known -> {
              throw differs(
                  "it is for the deployment %s, the founders' file is that of %s"
                      .formatted(statement.deployment(), known.deployment()));
            });
    authority(founders)
        .flatMap(authority -> authority.mismatch(statement))
        .ifPresent(
            why -> {
              throw differs(
                  why + ", by policy %d that it follows".formatted(statement.baseNumber()));
            });
  }

  private Optional<ChangeAuthority> authority(Optional<Founders> founders) {
    if (founders.isPresent()) {
      return statement.baseNumber() == 0
          ? founders.map(Founders::authority)
          : ChangeAuthority.of(base, founders.get());
    }
    return ChangeAuthority.stated(base);
  }
}
