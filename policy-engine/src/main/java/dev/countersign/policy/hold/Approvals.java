package dev.countersign.policy.hold;

import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequestId;
import java.util.List;
import java.util.Optional;

/// The requests that wait for approvers. Safe for concurrent use, by several instances.
public interface Approvals {

  /// Those that wait now, the oldest first.
  ///
  /// @param approver whose decision they still want; without one, all
  List<HeldRequest> pending(Optional<ApproverName> approver);

  /// A request that waits or waited for approval.
  Optional<HeldRequest> find(SigningRequestId request);

  /// Takes an approval or a rejection. When it is counted it is durable, and in the audit log; what
  /// follows from it (the request goes on, or ends) may come after the answer. The same decision of
  /// the same approver again is the same answer, and stores nothing.
  ///
  /// @param by who carried it here, which need not be the approver: the signature decides
  /// @param reason why an approver rejects, in words for the log; not signed, and empty for none
  DecisionOutcome decide(SigningRequestId request, Approval approval, String reason, Actor by);

  /// What became of a decision.
  sealed interface DecisionOutcome {
    /// It is stored.
    ///
    /// @param held as it stands with it
    record Counted(HeldRequest held) implements DecisionOutcome {}

    /// It is worth nothing, and was not stored.
    ///
    /// @param reason what was expected and what was there
    record NotCounted(String reason) implements DecisionOutcome {}

    /// The request does not wait, or no longer.
    record NotPending(RequestState state) implements DecisionOutcome {}

    /// There is no such request, or it never needed approval.
    record Unknown() implements DecisionOutcome {}
  }
}
