package dev.countersign.policy.engine;

import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.ApprovalEvidence;
import dev.countersign.core.decision.Decision;
import dev.countersign.core.decision.Decision.Allowed;
import dev.countersign.core.decision.Decision.Denied;
import dev.countersign.core.decision.Hold;
import dev.countersign.core.decision.PermitMint;
import dev.countersign.core.decision.PermitTerms;
import dev.countersign.core.freeze.FrozenScopes;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Keccak;
import dev.countersign.core.port.PolicyEngine.PolicySession;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.policy.evaluation.PolicyJudge;
import dev.countersign.policy.evaluation.Verdict;
import dev.countersign.policy.freeze.FreezeVerdict;
import dev.countersign.policy.hold.ApprovalStore;
import dev.countersign.policy.hold.HoldStore;
import dev.countersign.policy.hold.StoredHold;
import dev.countersign.policy.hold.Waiting;
import dev.countersign.policy.limit.LimitLedger;
import dev.countersign.policy.limit.ScopeBook;
import dev.countersign.policy.store.ActivePolicy;
import dev.countersign.policy.store.DecisionStore;
import dev.countersign.policy.store.StoredDecision;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/// The judgements of one transaction. All in memory between the statements of opening and saving.
final class PostgresPolicySession implements PolicySession {
  /// What a session needs of its engine.
  record Parts(
      LimitLedger limits,
      DecisionStore decisions,
      HoldStore holds,
      ApprovalStore approvals,
      PermitMint mint) {}

  /// What the subjects wait for already, and what approvers said of them.
  record Held(
      Map<SigningRequestId, StoredHold> holds, Map<SigningRequestId, List<Approval>> approvals) {}

  private final Handle handle;
  private final ActivePolicy policy;
  private final JudgingFacts facts;
  private final FrozenScopes frozen;
  private final Set<PolicySubject> subjects;
  private final ScopeBook book;
  private final Held held;
  private final Parts parts;
  private final Consumer<List<StoredDecision>> counting;
  private final Set<SigningRequestId> judged = new HashSet<>();
  private final List<StoredDecision> decided = new ArrayList<>();
  private final List<StoredHold> waiting = new ArrayList<>();
  private boolean saved;

  PostgresPolicySession(
      Handle handle,
      ActivePolicy policy,
      JudgingFacts facts,
      FrozenScopes frozen,
      Set<PolicySubject> subjects,
      ScopeBook book,
      Held held,
      Parts parts,
      Consumer<List<StoredDecision>> counting) {
    this.handle = handle;
    this.policy = policy;
    this.facts = facts;
    this.frozen = frozen;
    this.subjects = subjects;
    this.book = book;
    this.held = held;
    this.parts = parts;
    this.counting = counting;
  }

  @Override
  public Decision judge(PolicySubject subject, Bytes payload) {
    refuseOnceSaved();
    if (!subjects.contains(subject)) {
      return denied(PolicyJudge.cannotJudge("it was not announced when judging began"));
    }
    if (!judged.add(subject.request())) {
      return denied(PolicyJudge.cannotJudge("it was judged in this transaction already"));
    }
    Decision decision =
        switch (FreezeVerdict.of(frozen, subject)
            .orElseGet(() -> policy.judge(facts.of(subject), payload, book))) {
          case Verdict.Allow allow when allow.conditions().isNone() ->
              allowed(allow, Optional.empty(), subject, payload);
          case Verdict.Allow allow -> onConditions(allow, subject, payload);
          case Verdict.Deny deny -> denied(deny);
        };
    if (!(decision instanceof Decision.Held)) {
      decided.add(new StoredDecision(subject, Keccak.hash(payload.toArray()), decision));
    }
    return decision;
  }

  private Decision onConditions(Verdict.Allow allow, PolicySubject subject, Bytes payload) {
    SigningRequestId request = subject.request();
    Waiting.Outcome outcome =
        new Waiting(policy.version(), policy.registry(), HoldStore.now(handle))
            .ask(
                subject,
                allow.conditions(),
                allow.observed().gasCost(),
                allow.gasCap(),
                allow.route(),
                Optional.ofNullable(held.holds().get(request)),
                held.approvals().getOrDefault(request, List.of()));
    return switch (outcome) {
      case Waiting.Outcome.Ready(Optional<ApprovalEvidence> evidence) ->
          allowed(allow, evidence, subject, payload);
      case Waiting.Outcome.Waits(StoredHold stored, Hold hold) -> {
        waiting.add(stored);
        yield new Decision.Held(policy.version(), allow.rule(), hold);
      }
      case Waiting.Outcome.Over(String reason) ->
          denied(
              new Verdict.Deny(
                  allow.conditions().ruleNames().getFirst(),
                  policy.explain(facts.of(subject), payload, book),
                  reason));
    };
  }

  private Allowed allowed(
      Verdict.Allow allow,
      Optional<ApprovalEvidence> evidence,
      PolicySubject subject,
      Bytes payload) {
    book.charge(subject.request(), allow.charges());
    PermitTerms terms =
        new PermitTerms(
                subject.request(),
                subject.wallet().backend(),
                subject.wallet().key(),
                payload,
                policy.version(),
                evidence.map(ApprovalEvidence::digests).orElse(List.of()))
            .by(allow.rule());
    return new Allowed(
        policy.version(),
        allow.rule(),
        allow.observed(),
        parts.mint().issue(terms, evidence),
        allow.route());
  }

  private Denied denied(Verdict.Deny deny) {
    return new Denied(
        policy.version(), deny.rule(), deny.outcomes(), deny.reason(), deny.isUnjudged());
  }

  @Override
  public void save() {
    refuseOnceSaved();
    saved = true;
    parts.decisions().insert(handle, decided);
    parts.limits().save(handle, book);
    parts.holds().save(handle, waiting);
    counting.accept(decided);
  }

  private void refuseOnceSaved() {
    if (saved) {
      throw new IllegalStateException("this session was saved already");
    }
  }
}
