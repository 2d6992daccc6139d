package dev.countersign.policy.engine;

import dev.countersign.core.decision.Decision;
import dev.countersign.core.decision.Decision.Allowed;
import dev.countersign.core.decision.Decision.Denied;
import dev.countersign.core.decision.PermitMint;
import dev.countersign.core.decision.PermitTerms;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Keccak;
import dev.countersign.core.port.PolicyEngine.PolicySession;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.policy.evaluation.PolicyJudge;
import dev.countersign.policy.evaluation.Verdict;
import dev.countersign.policy.limit.LimitLedger;
import dev.countersign.policy.limit.ScopeBook;
import dev.countersign.policy.store.ActivePolicy;
import dev.countersign.policy.store.DecisionStore;
import dev.countersign.policy.store.StoredDecision;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/// The judgements of one transaction. All in memory between the statements of opening and saving.
final class PostgresPolicySession implements PolicySession {
  /// What a session needs of its engine.
  record Parts(LimitLedger limits, DecisionStore decisions, PermitMint mint) {}

  private final Handle handle;
  private final ActivePolicy policy;
  private final Set<PolicySubject> subjects;
  private final ScopeBook book;
  private final Parts parts;
  private final Set<SigningRequestId> judged = new HashSet<>();
  private final List<StoredDecision> decided = new ArrayList<>();
  private boolean saved;

  PostgresPolicySession(
      Handle handle,
      ActivePolicy policy,
      Set<PolicySubject> subjects,
      ScopeBook book,
      Parts parts) {
    this.handle = handle;
    this.policy = policy;
    this.subjects = subjects;
    this.book = book;
    this.parts = parts;
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
        switch (policy.judge(subject, payload, book)) {
          case Verdict.Allow allow -> allowed(allow, subject, payload);
          case Verdict.Deny deny -> denied(deny);
        };
    decided.add(new StoredDecision(subject, Keccak.hash(payload.toArray()), decision));
    return decision;
  }

  private Allowed allowed(Verdict.Allow allow, PolicySubject subject, Bytes payload) {
    book.charge(subject.request(), allow.charges());
    PermitTerms terms =
        new PermitTerms(
            subject.request(),
            subject.wallet().backend(),
            subject.wallet().key(),
            payload,
            policy.version(),
            List.of());
    return new Allowed(
        policy.version(),
        allow.rule(),
        allow.outcomes(),
        allow.observed(),
        parts.mint().issue(terms));
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
  }

  private void refuseOnceSaved() {
    if (saved) {
      throw new IllegalStateException("this session was saved already");
    }
  }
}
