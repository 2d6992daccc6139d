package dev.countersign.audit.entry;

import dev.countersign.audit.entry.Json.Text;
import dev.countersign.core.approval.ProposalId;
import dev.countersign.core.audit.AuditEvent.PolicyApproved;
import dev.countersign.core.audit.AuditEvent.PolicyProposalEnded;
import dev.countersign.core.audit.AuditEvent.PolicyProposed;
import dev.countersign.core.audit.AuditEvent.PolicyRejected;
import java.util.Map;

/// What the events of a proposed policy become in their entries.
final class ProposalFields {
  private ProposalFields() {}

  static EventFields of(PolicyProposed e) {
    return EventFields.of(
        EntryType.POLICY_PROPOSED,
        subject(e.proposal()),
        Map.of(
            "base", EventFields.policy(e.base()),
            "document", EventFields.hash(e.document()),
            "note", Cut.text(e.note()),
            "proposal", new Text(e.proposal().toString()),
            "statement", EventFields.hash(e.statement())));
  }

  static EventFields of(PolicyApproved e) {
    return EventFields.of(
        EntryType.POLICY_APPROVED,
        subject(e.proposal()),
        Map.of(
            "approver", new Text(e.approver()),
            "key", new Text(e.key()),
            "proposal", new Text(e.proposal().toString()),
            "signature", new Text(e.signature().hex()),
            "statement", EventFields.hash(e.statement())));
  }

  static EventFields of(PolicyRejected e) {
    return EventFields.of(
        EntryType.POLICY_REJECTED,
        subject(e.proposal()),
        Map.of(
            "approver", new Text(e.approver()),
            "key", new Text(e.key()),
            "proposal", new Text(e.proposal().toString()),
            "reason", Cut.text(e.reason()),
            "signature", new Text(e.signature().hex()),
            "statement", EventFields.hash(e.statement())));
  }

  static EventFields of(PolicyProposalEnded e) {
    return EventFields.of(
        EntryType.POLICY_PROPOSAL_ENDED,
        subject(e.proposal()),
        Map.of("proposal", new Text(e.proposal().toString()), "reason", Cut.text(e.reason())));
  }

  private static String subject(ProposalId proposal) {
    return "proposal:" + proposal;
  }
}
