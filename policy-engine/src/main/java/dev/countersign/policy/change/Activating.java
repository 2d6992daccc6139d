package dev.countersign.policy.change;

import dev.countersign.core.approval.PolicyChangeStatement;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.port.Transaction;
import dev.countersign.policy.document.PolicyDocument.Reading;
import dev.countersign.policy.document.PolicyDocumentReader;
import dev.countersign.policy.store.PolicyStore;
import dev.countersign.policy.succession.PolicyLink;
import dev.countersign.policy.succession.PolicySuccession;
import java.time.Instant;
import org.jdbi.v3.core.Handle;

/// Makes an approved proposal the active policy. What it was told is verified once more, by the
/// same function that every instance will verify it with.
final class Activating {
  private final PolicyStore policies;
  private final ProposalStore proposals;

  Activating(PolicyStore policies, ProposalStore proposals) {
    this.policies = policies;
    this.proposals = proposals;
  }

  /// What came of it.
  sealed interface Outcome {
    record Activated(PolicyVersion version) implements Outcome {}

    /// Nothing was changed.
    record Impossible(String reason) implements Outcome {}
  }

  /// @param succession as it is in this transaction, which holds the lock of proposals
  Outcome activate(
      Transaction transaction,
      Proposal proposal,
      PolicySuccession succession,
      Actor by,
      Instant now) {
    PolicyChangeStatement statement = proposal.statement();
    if (PolicyDocumentReader.read(proposal.document().toArray()) instanceof Reading.Invalid wrong) {
      return new Outcome.Impossible(
          "it cannot be read by this release: " + wrong.problems().getFirst());
    }
    Handle handle = transaction.unwrap(Handle.class);
    long number = policies.holdActivation(handle);
    PolicySuccession next =
        succession.then(
            new PolicyLink(
                number, proposal.document(), statement.bytes(), proposal.approvalsGiven()));
    if (next.faultOf(number).isPresent()) {
      return new Outcome.Impossible(next.faultOf(number).get());
    }
    PolicyVersion version =
        policies.activate(
            transaction,
            number,
            proposal.document(),
            statement.document(),
            statement.proposal(),
            by,
            now);
    proposals.end(handle, statement.proposal(), ProposalState.ACTIVATED, "version " + number, now);
    return new Outcome.Activated(version);
  }
}
