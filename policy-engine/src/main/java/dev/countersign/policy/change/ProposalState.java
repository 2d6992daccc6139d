package dev.countersign.policy.change;

/// How far a proposed policy has come. It never goes back.
public enum ProposalState {
  /// Waits for approvers.
  PROPOSED,
  /// Is approved, and waits for its delay.
  APPROVED,
  /// Became the active policy.
  ACTIVATED,
  /// An approver said no.
  REJECTED,
  /// Its proposer took it back.
  WITHDRAWN,
  /// Its approvers' time was up.
  EXPIRED,
  /// Cannot be activated any more: another policy was activated, or it does not hold what it
  /// should.
  VOID;

  /// Whether it may still be activated.
  public boolean isOpen() {
    return switch (this) {
      case PROPOSED, APPROVED -> true;
      case ACTIVATED, REJECTED, WITHDRAWN, EXPIRED, VOID -> false;
    };
  }
}
