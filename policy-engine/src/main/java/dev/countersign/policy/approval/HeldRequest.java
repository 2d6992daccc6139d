package dev.countersign.policy.approval;

import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.ApprovalStatement;
import dev.countersign.core.approval.ApprovalTally;
import dev.countersign.core.request.SigningRequest;
import java.util.List;

/// A request that waits, or waited, for approval.
///
/// @param approvals as they came, whatever they are worth
/// @param tally what they come to now, by the registry of the policy that the statement names
public record HeldRequest(
    SigningRequest request,
    ApprovalStatement statement,
    List<Approval> approvals,
    ApprovalTally tally) {
  public HeldRequest {
    approvals = List.copyOf(approvals);
  }
}
