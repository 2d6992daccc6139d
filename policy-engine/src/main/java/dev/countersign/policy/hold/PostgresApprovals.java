package dev.countersign.policy.hold;

import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.ApprovalStatement;
import dev.countersign.core.approval.ApprovalTally;
import dev.countersign.core.approval.ApprovalTally.Outcome;
import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.approval.ApproverRegistry;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.decision.HoldSeals;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.RequestLedger;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequest;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.policy.store.ActivePolicies;
import dev.countersign.policy.store.ActivePolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/// Requests that wait for approvers, in PostgreSQL. A decision locks its request, so that of two at
/// the same time the second sees what the first has come to.
public final class PostgresApprovals implements Approvals {
  private static final int MOST = 1_000;

  private final UnitOfWork unitOfWork;
  private final RequestLedger requests;
  private final AuditTrail audit;
  private final ActivePolicies policies;
  private final HoldStore holds;
  private final ApprovalStore approvals = new ApprovalStore();

  public PostgresApprovals(
      UnitOfWork unitOfWork,
      RequestLedger requests,
      AuditTrail audit,
      ActivePolicies policies,
      HoldSeals holdSeals) {
    this.unitOfWork = unitOfWork;
    this.requests = requests;
    this.audit = audit;
    this.policies = policies;
    this.holds = new HoldStore(holdSeals);
  }

  @Override
  public List<HeldRequest> pending(Optional<ApproverName> approver) {
    return unitOfWork.inTransaction(
        transaction -> {
          List<SigningRequestId> ids =
              holds.waitingForApprovers(transaction.unwrap(Handle.class), MOST);
          List<HeldRequest> pending = new ArrayList<>();
          ids.forEach(id -> find(transaction, id).ifPresent(pending::add));
          return pending.stream()
              .filter(held -> held.request().state() == RequestState.PENDING_APPROVAL)
              .filter(held -> approver.map(name -> isWanted(name, held)).orElse(true))
              .toList();
        });
  }

  private static boolean isWanted(ApproverName approver, HeldRequest held) {
    return held.statement().terms().quorum().members().contains(approver)
        && held.given().stream().noneMatch(given -> given.approval().approver().equals(approver));
  }

  @Override
  public Optional<HeldRequest> find(SigningRequestId request) {
    return unitOfWork.inTransaction(transaction -> find(transaction, request));
  }

  private Optional<HeldRequest> find(Transaction transaction, SigningRequestId id) {
    Handle handle = transaction.unwrap(Handle.class);
    Optional<ApprovalStatement> statement =
        holds.findEver(handle, id).flatMap(StoredHold::statement);
    Optional<SigningRequest> request =
        requests.findAll(transaction, Set.of(id)).stream().findFirst();
    if (statement.isEmpty() || request.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(held(handle, request.get(), statement.get(), HoldStore.now(handle)));
  }

  private HeldRequest held(
      Handle handle, SigningRequest request, ApprovalStatement statement, Instant now) {
    List<HeldRequest.Given> given = approvals.find(handle, request.id(), statement.digest());
    return new HeldRequest(
        request,
        statement,
        given,
        ApprovalTally.of(
            statement,
            registry(handle, statement),
            given.stream().map(HeldRequest.Given::approval).toList(),
            now));
  }

  /// Nobody's approval counts under another policy than the one that asked.
  private ApproverRegistry registry(Handle handle, ApprovalStatement statement) {
    ActivePolicy active = policies.look(handle);
    return active.version().equals(statement.terms().policy())
        ? active.registry()
        : ApproverRegistry.EMPTY;
  }

  @Override
  public DecisionOutcome decide(
      SigningRequestId request, Approval approval, String reason, Actor by) {
    return unitOfWork.inTransaction(
        transaction -> {
          Optional<HeldRequest> known = find(transaction, request);
          if (known.isEmpty()) {
            return new DecisionOutcome.Unknown();
          }
          if (requests
              .lock(transaction, Set.of(request), Set.of(RequestState.PENDING_APPROVAL))
              .isEmpty()) {
            return new DecisionOutcome.NotPending(known.get().request().state());
          }
          return decide(
              transaction, find(transaction, request).orElseThrow(), approval, reason, by);
        });
  }

  private DecisionOutcome decide(
      Transaction transaction, HeldRequest held, Approval approval, String reason, Actor by) {
    if (held.given().stream().anyMatch(given -> given.approval().equals(approval))) {
      return new DecisionOutcome.Counted(held);
    }
    Handle handle = transaction.unwrap(Handle.class);
    Instant now = HoldStore.now(handle);
    ApprovalStatement statement = held.statement();
    List<Approval> all =
        new ArrayList<>(held.given().stream().map(HeldRequest.Given::approval).toList());
    all.add(approval);
    ApprovalTally tally = ApprovalTally.of(statement, registry(handle, statement), all, now);
    Optional<String> ignored =
        tally.ignored().stream()
            .filter(one -> one.approval().equals(approval))
            .map(ApprovalTally.Ignored::reason)
            .findFirst();
    if (ignored.isPresent()) {
      return new DecisionOutcome.NotCounted(ignored.get());
    }
    approvals.insert(handle, held.request().id(), statement.digest(), approval, reason, now);
    switch (tally.outcome()) {
      case Outcome.Met _ -> holds.decided(handle, held.request().id(), true);
      case Outcome.Rejected _ -> holds.decided(handle, held.request().id(), false);
      case Outcome.Waiting _, Outcome.Expired _ -> {}
    }
    audit.append(
        transaction,
        List.of(
            AuditRecord.of(
                now,
                by,
                held.request().id(),
                held.request().digest(),
                new AuditEvent.ApprovalGiven(
                    approval.approver().value(),
                    approval.key().text(),
                    approval.decision().word(),
                    statement.digest(),
                    approval.signature(),
                    reason))));
    return new DecisionOutcome.Counted(held(handle, held.request(), statement, now));
  }
}
