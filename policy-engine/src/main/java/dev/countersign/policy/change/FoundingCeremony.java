package dev.countersign.policy.change;

import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.PolicyChangeStatement;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.decision.ChangeSeals;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.policy.document.PolicyDocument.Reading;
import dev.countersign.policy.document.PolicyDocumentReader;
import dev.countersign.policy.limit.LimitClock;
import dev.countersign.policy.store.ActivePolicies;
import dev.countersign.policy.store.PolicyStore;
import dev.countersign.policy.succession.Founding;
import dev.countersign.policy.succession.PolicySuccession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// Makes the first policy, from what the founders have signed. Once there is one it changes
/// nothing.
public final class FoundingCeremony {
  private static final String BY = "founders";

  private final UnitOfWork unitOfWork;
  private final AuditTrail audit;
  private final ActivePolicies policies;
  private final ProposalStore proposals;
  private final Activating activating;

  public FoundingCeremony(
      UnitOfWork unitOfWork,
      AuditTrail audit,
      ActivePolicies policies,
      PolicyStore store,
      ChangeSeals seals) {
    this.unitOfWork = unitOfWork;
    this.audit = audit;
    this.policies = policies;
    this.proposals = new ProposalStore(seals, new LimitClock.OfDatabase());
    this.activating = new Activating(store, proposals);
  }

  /// What came of it.
  public sealed interface Outcome {
    /// It is the first policy.
    record Founded(PolicyVersion version) implements Outcome {}

    /// There is a policy already.
    ///
    /// @param active the last that was approved
    record AlreadyFounded(PolicyVersion active) implements Outcome {}

    /// Nothing was changed.
    record Refused(String reason) implements Outcome {}
  }

  /// The policy that the next would have to follow; `NO_POLICY` of [PolicyChangeStatement] before
  /// the first.
  public PolicyVersion last() {
    return unitOfWork.inTransaction(
        transaction -> policies.succession(transaction.unwrap(Handle.class)).base());
  }

  /// Makes it, unless there is one: also when another instance does so at the same time.
  public Outcome found(Bytes document, Founding founding, Actor by) {
    return unitOfWork.inTransaction(
        transaction -> {
          Handle handle = transaction.unwrap(Handle.class);
          ProposalStore.lock(handle);
          PolicySuccession succession = policies.succession(handle);
          return succession.head().isPresent()
              ? new Outcome.AlreadyFounded(succession.base())
              : found(transaction, succession, document, founding, by);
        });
  }

  private Outcome found(
      Transaction transaction,
      PolicySuccession succession,
      Bytes document,
      Founding founding,
      Actor by) {
    Handle handle = transaction.unwrap(Handle.class);
    Instant now = proposals.now(handle);
    PolicyChangeStatement statement = founding.statement();
    if (!now.isBefore(statement.expires())) {
      return new Outcome.Refused(
          "what the founders signed was good until %s: repeat the ceremony"
              .formatted(statement.expires()));
    }
    // Before anything is written.
    if (PolicyDocumentReader.read(document.toArray()) instanceof Reading.Invalid invalid) {
      return new Outcome.Refused("it is wrong:\n" + invalid.text());
    }
    PolicySuccession checked = succession.then(founding.link(document));
    if (checked.head().isEmpty()) {
      return new Outcome.Refused(checked.faultOf(1).orElse("nobody has signed it"));
    }
    List<AuditRecord> records = new ArrayList<>();
    proposals.insert(handle, statement, document, BY, "");
    records.add(AuditRecord.of(now, by, ProposalEvents.proposed(statement, "")));
    for (Approval signature : founding.signatures()) {
      proposals.give(handle, statement.proposal(), signature, "", now);
      records.add(AuditRecord.of(now, by, ProposalEvents.given(statement, signature, "")));
    }
    proposals.approved(handle, statement, now);
    audit.append(transaction, records);
    Proposal proposal = proposals.find(handle, statement.proposal()).orElseThrow();
    return switch (activating.activate(transaction, proposal, succession, by, now)) {
      case Activating.Outcome.Activated(PolicyVersion version) -> new Outcome.Founded(version);
      case Activating.Outcome.Impossible(String reason) -> new Outcome.Refused(reason);
    };
  }
}
