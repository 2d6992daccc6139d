package dev.countersign.policy.change;

import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.ApprovalTally;
import dev.countersign.core.approval.ApprovalTally.Outcome;
import dev.countersign.core.approval.PolicyChangeStatement;
import dev.countersign.core.approval.ProposalId;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.decision.ChangeSeals;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.policy.approval.ChangeTerms;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.document.PolicyDocument.Reading;
import dev.countersign.policy.document.PolicyDocumentReader;
import dev.countersign.policy.limit.LimitClock;
import dev.countersign.policy.store.ActivePolicies;
import dev.countersign.policy.store.PolicyStore;
import dev.countersign.policy.succession.ChangeAuthority;
import dev.countersign.policy.succession.PolicySuccession;
import dev.countersign.policy.yaml.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/// Policies that were proposed. They are few: one transaction at a time changes any of them, on
/// whatever instance. Safe for concurrent use.
public final class Proposals {
  /// How many may be open at the same time.
  public static final int MOST_OPEN = 100;

  private final UnitOfWork unitOfWork;
  private final ActivePolicies policies;
  private final ProposalStore store;
  private final Settlement settlement;
  private final Supplier<UUID> ids;

  /// By the database's clock.
  ///
  /// @param ids gives one that nobody has used
  public Proposals(
      UnitOfWork unitOfWork,
      AuditTrail audit,
      ActivePolicies policies,
      PolicyStore store,
      ChangeSeals seals,
      Supplier<UUID> ids) {
    this(unitOfWork, audit, policies, store, seals, ids, new LimitClock.OfDatabase());
  }

  public Proposals(
      UnitOfWork unitOfWork,
      AuditTrail audit,
      ActivePolicies policies,
      PolicyStore store,
      ChangeSeals seals,
      Supplier<UUID> ids,
      LimitClock clock) {
    this.unitOfWork = unitOfWork;
    this.policies = policies;
    this.store = new ProposalStore(seals, clock);
    this.settlement = new Settlement(audit, this.store, new Activating(store, this.store));
    this.ids = ids;
  }

  /// What came of proposing.
  public sealed interface Proposing {
    /// It waits for its approvers; or it did already, when the same client proposed the same.
    record Proposed(Proposal proposal) implements Proposing {}

    /// @param problems at least one, in the order of the document
    record Invalid(List<Problem> problems) implements Proposing {
      public Invalid {
        problems = List.copyOf(problems);
      }

      /// One line for each problem.
      public String text() {
        return new Reading.Invalid(problems).text();
      }
    }

    /// Another policy is active than the one that the proposer has seen.
    record Stale(PolicyVersion active) implements Proposing {}

    /// It is active already.
    record Unchanged(PolicyVersion active) implements Proposing {}

    /// Nobody can approve it, or too many are open.
    record Impossible(String reason) implements Proposing {}
  }

  /// What came of a decision.
  public sealed interface Deciding {
    /// It is stored, or was before. See the proposal's state for what it came to.
    record Counted(Proposal proposal) implements Deciding {}

    /// It is worth nothing, and was not stored.
    record NotCounted(String reason) implements Deciding {}

    record NotOpen(Proposal proposal) implements Deciding {}

    record Unknown() implements Deciding {}
  }

  /// What came of a withdrawal.
  public sealed interface Withdrawing {
    record Withdrawn(Proposal proposal) implements Withdrawing {}

    /// Another client proposed it.
    record NotYours(Proposal proposal) implements Withdrawing {}

    record NotOpen(Proposal proposal) implements Withdrawing {}

    record Unknown() implements Withdrawing {}
  }

  /// Proposes a policy.
  ///
  /// @param seen the policy that the proposer takes to be active; `NO_POLICY` of
  /// [PolicyChangeStatement] when none is
  public Proposing propose(
      Bytes document, PolicyVersion seen, String note, ClientId proposer, Actor by) {
    return switch (PolicyDocumentReader.read(document.toArray())) {
      case Reading.Invalid invalid -> new Proposing.Invalid(invalid.problems());
      case Reading.Valid(PolicyDocument next) -> propose(document, next, seen, note, proposer, by);
    };
  }

  private Proposing propose(
      Bytes document,
      PolicyDocument next,
      PolicyVersion seen,
      String note,
      ClientId proposer,
      Actor by) {
    return unitOfWork.inTransaction(
        transaction -> {
          Handle handle = lock(transaction);
          PolicySuccession succession = policies.succession(handle);
          PolicyVersion base = succession.base();
          if (!base.equals(seen)) {
            return new Proposing.Stale(base);
          }
          if (base.number() == 0) {
            return new Proposing.Impossible("the first policy is made by the founders' ceremony");
          }
          if (base.hash().equals(PolicyChangeStatement.hashOf(document))) {
            return new Proposing.Unchanged(base);
          }
          return succession
              .authority()
              .map(who -> propose(transaction, document, next, succession, who, note, proposer, by))
              .orElseGet(
                  () ->
                      new Proposing.Impossible(
                          "this release cannot tell who may change version " + base.number()));
        });
  }

  private Proposing propose(
      Transaction transaction,
      Bytes document,
      PolicyDocument next,
      PolicySuccession succession,
      ChangeAuthority authority,
      String note,
      ClientId proposer,
      Actor by) {
    Handle handle = transaction.unwrap(Handle.class);
    Instant now = store.now(handle);
    PolicyVersion base = succession.base();
    Optional<Proposal> same =
        store.list(handle, true, MOST_OPEN, 0).stream()
            .filter(one -> one.statement().base().equals(base))
            .filter(one -> one.statement().proposer().equals(Optional.of(proposer)))
            .filter(
                one -> one.document().equals(document) && now.isBefore(one.statement().expires()))
            .findFirst();
    if (same.isPresent()) {
      return new Proposing.Proposed(shown(same.get(), succession, now));
    }
    ChangeTerms terms = authority.terms();
    if (!terms.quorum().isStillPossible(authority.registry().personsOf(proposer))) {
      return new Proposing.Impossible(
          "it needs %s, who are too few without %s, who proposes"
              .formatted(terms.quorum().words(), proposer));
    }
    List<Problem> early =
        HoldDown.problems(policies.look(handle).readable(), next, now.plus(terms.delay()));
    if (!early.isEmpty()) {
      return new Proposing.Invalid(early);
    }
    if (store.open(handle) >= MOST_OPEN) {
      return new Proposing.Impossible(
          MOST_OPEN + " proposals are open: withdraw or decide some of them first");
    }
    PolicyChangeStatement statement =
        new PolicyChangeStatement(
            policies.founders().deployment(),
            new ProposalId(ids.get()),
            Optional.of(proposer),
            base,
            PolicyChangeStatement.hashOf(document),
            document.size(),
            terms.quorum(),
            terms.delay(),
            now,
            now.plus(terms.lifetime()));
    store.insert(handle, statement, document, proposer.value(), note);
    settlement.log(transaction, by, now, ProposalEvents.proposed(statement, note));
    return new Proposing.Proposed(found(handle, statement.proposal(), succession, now));
  }

  public Optional<Proposal> find(ProposalId id) {
    return unitOfWork.inTransaction(
        transaction -> {
          Handle handle = transaction.unwrap(Handle.class);
          Instant now = store.now(handle);
          PolicySuccession succession = policies.succession(handle);
          return store.find(handle, id).map(proposal -> shown(proposal, succession, now));
        });
  }

  /// The newest first.
  ///
  /// @param openOnly only those that may still be activated
  /// @param skip how many to leave out
  public List<Proposal> list(boolean openOnly, int most, int skip) {
    return unitOfWork.inTransaction(
        transaction -> {
          Handle handle = transaction.unwrap(Handle.class);
          Instant now = store.now(handle);
          PolicySuccession succession = policies.succession(handle);
          return store.list(handle, openOnly, most, skip).stream()
              .map(proposal -> shown(proposal, succession, now))
              .toList();
        });
  }

  /// Approves or rejects. The quorum's last approval activates the policy, unless it has to wait.
  ///
  /// @param reason of a rejection
  /// @param by who carries it
  public Deciding decide(ProposalId id, Approval approval, String reason, Actor by) {
    return unitOfWork.inTransaction(
        transaction -> {
          Handle handle = lock(transaction);
          Instant now = store.now(handle);
          Optional<Proposal> found = store.find(handle, id);
          if (found.isEmpty()) {
            return new Deciding.Unknown();
          }
          PolicySuccession succession = policies.succession(handle);
          if (found.get().approvals().contains(approval)) {
            return new Deciding.Counted(shown(found.get(), succession, now));
          }
          if (!settlement.settle(transaction, found.get(), succession, now).isOpen()) {
            return new Deciding.NotOpen(found(handle, id, succession, now));
          }
          return decide(transaction, found.get(), succession, approval, reason, by, now);
        });
  }

  private Deciding decide(
      Transaction transaction,
      Proposal proposal,
      PolicySuccession succession,
      Approval approval,
      String reason,
      Actor by,
      Instant now) {
    Handle handle = transaction.unwrap(Handle.class);
    List<Approval> all = new ArrayList<>(proposal.approvals());
    all.add(approval);
    ApprovalTally tally = Settlement.tally(proposal, succession, all, now);
    Optional<String> ignored =
        tally.ignored().stream()
            .filter(one -> one.approval().equals(approval))
            .map(ApprovalTally.Ignored::reason)
            .findFirst();
    if (ignored.isPresent()) {
      return new Deciding.NotCounted(ignored.get());
    }
    store.give(handle, proposal.id(), approval, reason, now);
    settlement.log(
        transaction, by, now, ProposalEvents.given(proposal.statement(), approval, reason));
    switch (tally.outcome()) {
      case Outcome.Rejected(var no) ->
          store.end(
              handle, proposal.id(), ProposalState.REJECTED, "rejected by " + no.approver(), now);
      case Outcome.Met _ -> approved(transaction, proposal, succession, by, now);
      case Outcome.Waiting _, Outcome.Expired _ -> {}
    }
    return new Deciding.Counted(found(handle, proposal.id(), succession, now));
  }

  private void approved(
      Transaction transaction,
      Proposal proposal,
      PolicySuccession succession,
      Actor by,
      Instant now) {
    Handle handle = transaction.unwrap(Handle.class);
    if (proposal.state() == ProposalState.PROPOSED) {
      Instant opens = now.plus(proposal.statement().delay());
      store.approved(handle, proposal.statement(), opens);
      if (!opens.isAfter(now)) {
        settlement.settle(
            transaction, store.find(handle, proposal.id()).orElseThrow(), succession, now, by);
      }
    }
  }

  /// Takes a proposal back.
  ///
  /// @param reason for people
  public Withdrawing withdraw(ProposalId id, ClientId client, String reason, Actor by) {
    return unitOfWork.inTransaction(
        transaction -> {
          Handle handle = lock(transaction);
          Instant now = store.now(handle);
          Optional<Proposal> found = store.find(handle, id);
          if (found.isEmpty()) {
            return new Withdrawing.Unknown();
          }
          PolicySuccession succession = policies.succession(handle);
          if (!found.get().statement().proposer().equals(Optional.of(client))) {
            return new Withdrawing.NotYours(shown(found.get(), succession, now));
          }
          if (found.get().state() == ProposalState.WITHDRAWN) {
            return new Withdrawing.Withdrawn(found.get());
          }
          if (!settlement.settle(transaction, found.get(), succession, now).isOpen()) {
            return new Withdrawing.NotOpen(found(handle, id, succession, now));
          }
          String why = "withdrawn by " + client + (reason.isEmpty() ? "" : ": " + reason);
          settlement.end(transaction, found.get(), ProposalState.WITHDRAWN, why, by, now);
          return new Withdrawing.Withdrawn(found(handle, id, succession, now));
        });
  }

  /// Activates what is approved and has waited, ends what is too late or was overtaken. To be run
  /// again and again on every instance; it does not matter how many do at the same time.
  ///
  /// @return how many proposals it did something for
  public int run() {
    return unitOfWork.inTransaction(
        transaction -> {
          Handle handle = transaction.unwrap(Handle.class);
          if (store.due(handle, store.now(handle)).isEmpty()) {
            return 0;
          }
          lock(transaction);
          Instant now = store.now(handle);
          int done = 0;
          for (ProposalId id : store.due(handle, now)) {
            Optional<Proposal> proposal = store.find(handle, id);
            if (proposal.isPresent()) {
              // Anew for each: the one before it may have been activated.
              settlement.settle(transaction, proposal.get(), policies.succession(handle), now);
              done++;
            }
          }
          return done;
        });
  }

  private Proposal found(Handle handle, ProposalId id, PolicySuccession succession, Instant now) {
    return shown(store.find(handle, id).orElseThrow(), succession, now);
  }

  /// With what is missing.
  private static Proposal shown(Proposal proposal, PolicySuccession succession, Instant now) {
    return proposal.state() == ProposalState.PROPOSED
            && Settlement.tally(proposal, succession, proposal.approvals(), now).outcome()
                instanceof Outcome.Waiting waiting
        ? proposal.missing(waiting.missing())
        : proposal;
  }

  private static Handle lock(Transaction transaction) {
    Handle handle = transaction.unwrap(Handle.class);
    ProposalStore.lock(handle);
    return handle;
  }
}
