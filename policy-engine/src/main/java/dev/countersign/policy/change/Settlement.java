package dev.countersign.policy.change;

import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.ApprovalTally;
import dev.countersign.core.approval.ApprovalTally.Outcome;
import dev.countersign.core.approval.ApproverRegistry;
import dev.countersign.core.approval.PolicyChangeStatement;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.Transaction;
import dev.countersign.policy.succession.PolicySuccession;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What becomes of a proposal by itself: when its time is up, when its delay is over, when another
/// policy was activated. Its caller has the lock of proposals.
final class Settlement {
  private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);
  private static final Actor ACTOR = Actor.system("policy");

  private final AuditTrail audit;
  private final ProposalStore store;
  private final Activating activating;

  Settlement(AuditTrail audit, ProposalStore store, Activating activating) {
    this.audit = audit;
    this.store = store;
    this.activating = activating;
  }

  ProposalState settle(
      Transaction transaction, Proposal proposal, PolicySuccession succession, Instant now) {
    return settle(transaction, proposal, succession, now, ACTOR);
  }

  /// Does what time, and other policies, ask for.
  ///
  /// @return what it is then
  ProposalState settle(
      Transaction transaction,
      Proposal proposal,
      PolicySuccession succession,
      Instant now,
      Actor by) {
    PolicyChangeStatement statement = proposal.statement();
    if (!proposal.state().isOpen()) {
      return proposal.state();
    }
    if (!statement.base().equals(succession.base())) {
      return end(
          transaction,
          proposal,
          ProposalState.VOID,
          "it was to follow version %d, version %d is active"
              .formatted(statement.base().number(), succession.base().number()),
          ACTOR,
          now);
    }
    if (proposal.opensAt().isEmpty() || proposal.state() == ProposalState.PROPOSED) {
      return now.isBefore(statement.expires())
          ? ProposalState.PROPOSED
          : end(
              transaction,
              proposal,
              ProposalState.EXPIRED,
              "its approvers had time until " + statement.expires(),
              ACTOR,
              now);
    }
    Handle handle = transaction.unwrap(Handle.class);
    Instant opens = proposal.opensAt().get();
    if (!store.isGenuine(handle, statement, opens)) {
      LOG.error(
          "ALARM: the time of proposal {} is not sealed by the permit key: somebody else wrote it,"
              + " or this instance has another key",
          proposal.id());
      return end(
          transaction,
          proposal,
          ProposalState.VOID,
          "the end of its delay was not ours to be seen",
          ACTOR,
          now);
    }
    return now.isBefore(opens)
        ? ProposalState.APPROVED
        : activate(transaction, proposal, succession, by, now);
  }

  private ProposalState activate(
      Transaction transaction,
      Proposal proposal,
      PolicySuccession succession,
      Actor by,
      Instant now) {
    if (tally(proposal, succession, proposal.approvals(), now).outcome()
        instanceof Outcome.Rejected(var no)) {
      store.end(
          transaction.unwrap(Handle.class),
          proposal.id(),
          ProposalState.REJECTED,
          "rejected by " + no.approver(),
          now);
      return ProposalState.REJECTED;
    }
    return switch (activating.activate(transaction, proposal, succession, by, now)) {
      case Activating.Outcome.Activated(PolicyVersion version) -> {
        LOG.info("policy version {} is active, by proposal {}", version.number(), proposal.id());
        yield ProposalState.ACTIVATED;
      }
      case Activating.Outcome.Impossible(String reason) ->
          end(transaction, proposal, ProposalState.VOID, reason, ACTOR, now);
    };
  }

  ProposalState end(
      Transaction transaction,
      Proposal proposal,
      ProposalState state,
      String reason,
      Actor by,
      Instant now) {
    store.end(transaction.unwrap(Handle.class), proposal.id(), state, reason, now);
    log(transaction, by, now, new AuditEvent.PolicyProposalEnded(proposal.id(), reason));
    return state;
  }

  /// By the policy that it is based on. What was in time once it was approved stays so.
  static ApprovalTally tally(
      Proposal proposal, PolicySuccession succession, List<Approval> approvals, Instant now) {
    PolicyChangeStatement statement = proposal.statement();
    boolean counts =
        succession.base().equals(statement.base())
            && succession
                .authority()
                .filter(who -> succession.mismatch(statement, who).isEmpty())
                .isPresent();
    ApproverRegistry registry =
        counts ? succession.authority().orElseThrow().registry() : ApproverRegistry.EMPTY;
    Instant at = proposal.state() == ProposalState.APPROVED ? statement.asked() : now;
    return ApprovalTally.of(statement, registry, approvals, at);
  }

  void log(Transaction transaction, Actor by, Instant now, AuditEvent event) {
    audit.append(transaction, List.of(AuditRecord.of(now, by, event)));
  }
}
