package dev.countersign.policy.change;

import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.PolicyChangeStatement;
import dev.countersign.core.audit.AuditEvent;

/// What the log says of proposals and their approvals.
final class ProposalEvents {
  private ProposalEvents() {}

  static AuditEvent proposed(PolicyChangeStatement statement, String note) {
    return new AuditEvent.PolicyProposed(
        statement.proposal(), statement.base(), statement.document(), statement.digest(), note);
  }

  static AuditEvent given(PolicyChangeStatement statement, Approval approval, String reason) {
    return switch (approval.decision()) {
      case APPROVE ->
          new AuditEvent.PolicyApproved(
              statement.proposal(),
              approval.approver().value(),
              approval.key().text(),
              statement.digest(),
              approval.signature());
      case REJECT ->
          new AuditEvent.PolicyRejected(
              statement.proposal(),
              approval.approver().value(),
              approval.key().text(),
              statement.digest(),
              approval.signature(),
              reason);
    };
  }
}
