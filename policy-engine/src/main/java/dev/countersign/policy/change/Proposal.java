package dev.countersign.policy.change;

import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.PolicyChangeStatement;
import dev.countersign.core.approval.ProposalId;
import dev.countersign.core.model.Bytes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A policy that somebody wants to be the next.
///
/// @param proposedBy a client's id, or `founders`
/// @param note why, in the proposer's words; not signed
/// @param opensAt when its delay is over, once it is approved
/// @param reason why it ended, or empty
/// @param given what approvers said, in the order in which it came
/// @param missing what it still waits for, in words; empty when nothing
public record Proposal(
    PolicyChangeStatement statement,
    Bytes document,
    String proposedBy,
    String note,
    ProposalState state,
    Optional<Instant> opensAt,
    Optional<Instant> endedAt,
    String reason,
    List<Given> given,
    String missing) {
  public Proposal {
    given = List.copyOf(given);
  }

  public ProposalId id() {
    return statement.proposal();
  }

  /// @param reason of a rejection, in the approver's words; not signed
  public record Given(Approval approval, String reason, Instant at) {}

  Proposal missing(String still) {
    return new Proposal(
        statement, document, proposedBy, note, state, opensAt, endedAt, reason, given, still);
  }

  /// Without the rejections.
  List<Approval> approvalsGiven() {
    return approvals().stream()
        .filter(approval -> approval.decision() == Approval.Decision.APPROVE)
        .toList();
  }

  List<Approval> approvals() {
    return given.stream().map(Given::approval).toList();
  }
}
