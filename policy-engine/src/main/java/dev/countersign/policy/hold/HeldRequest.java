package dev.countersign.policy.hold;

import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.ApprovalStatement;
import dev.countersign.core.approval.ApprovalTally;
import dev.countersign.core.request.SigningRequest;
import java.time.Instant;
import java.util.List;

/// A request that waits, or waited, for approval.
///
/// @param given what approvers said about this statement, as it came, whatever it is worth
/// @param tally what that comes to now, by the registry of the policy that the statement names
public record HeldRequest(
    SigningRequest request, ApprovalStatement statement, List<Given> given, ApprovalTally tally) {
  public HeldRequest {
    given = List.copyOf(given);
  }

  /// @param reason in the approver's words, or empty
  /// @param at when it was stored
  public record Given(Approval approval, String reason, Instant at) {}
}
