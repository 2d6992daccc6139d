package dev.countersign.policy.engine;

import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.ApprovalEvidence;
import dev.countersign.core.approval.ApprovalStatement;
import dev.countersign.core.decision.Decision;
import dev.countersign.core.decision.HoldSeals;
import dev.countersign.core.decision.LimitWindow;
import dev.countersign.core.decision.Observed;
import dev.countersign.core.decision.Permit;
import dev.countersign.core.decision.PermitMint;
import dev.countersign.core.decision.PermitTerms;
import dev.countersign.core.evm.ReplacementTransactions;
import dev.countersign.core.evm.TransactionDecoder;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.Keccak;
import dev.countersign.core.port.PolicyEngine.Admitted;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.core.port.ReplacementPolicy;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.replacement.PayloadPurpose;
import dev.countersign.core.replacement.Replacement;
import dev.countersign.core.replacement.ReplacementId;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.document.PolicyDocumentReader;
import dev.countersign.policy.evaluation.PolicyJudge;
import dev.countersign.policy.evaluation.Verdict;
import dev.countersign.policy.evaluation.Verdict.Charge;
import dev.countersign.policy.feed.PriceBook;
import dev.countersign.policy.freeze.FreezeVerdict;
import dev.countersign.policy.freeze.PostgresFreezes;
import dev.countersign.policy.hold.ApprovalStore;
import dev.countersign.policy.hold.HoldStore;
import dev.countersign.policy.hold.StoredHold;
import dev.countersign.policy.limit.LimitClock;
import dev.countersign.policy.limit.LimitLedger;
import dev.countersign.policy.limit.OwnCharges;
import dev.countersign.policy.limit.ScopeBook;
import dev.countersign.policy.rule.Criterion;
import dev.countersign.policy.rule.GasCostCriterion;
import dev.countersign.policy.rule.GasPriceCriterion;
import dev.countersign.policy.rule.ScopeKey;
import dev.countersign.policy.store.ActivePolicies;
import dev.countersign.policy.store.ActivePolicy;
import dev.countersign.policy.store.DecisionStore;
import dev.countersign.policy.store.DecisionStore.AdmittedBy;
import dev.countersign.policy.store.ReplacementStore;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/// Judges replacements by the policy that is active in the database. What was admitted is known by
/// the seal of its decision and by nothing else; that a replacement is one is read off its bytes.
/// Safe for concurrent use.
public final class PostgresReplacementPolicy implements ReplacementPolicy {
  private final PermitMint mint;
  private final ActivePolicies policies;
  private final PostgresFreezes freezes;
  private final LimitClock clock;
  private final LimitLedger limits;
  private final DecisionStore decisions;
  private final ReplacementStore replacements;
  private final HoldStore holds;
  private final ApprovalStore approvals = new ApprovalStore();
  private final PriceBook prices = new PriceBook();

  /// Limits and times go by the database's clock.
  public PostgresReplacementPolicy(
      PermitMint mint, ActivePolicies policies, HoldSeals holdSeals, PostgresFreezes freezes) {
    this(mint, policies, holdSeals, freezes, new LimitClock.OfDatabase());
  }

  public PostgresReplacementPolicy(
      PermitMint mint,
      ActivePolicies policies,
      HoldSeals holdSeals,
      PostgresFreezes freezes,
      LimitClock clock) {
    this.mint = mint;
    this.policies = policies;
    this.freezes = freezes;
    this.clock = clock;
    this.limits = new LimitLedger(clock);
    this.decisions = new DecisionStore(mint);
    this.replacements = new ReplacementStore(mint);
    this.holds = new HoldStore(holdSeals);
  }

  @Override
  public Optional<BigInteger> gasCap(
      Transaction transaction, SigningRequestId request, GasLimit limit, BigInteger blobCost) {
    Handle handle = transaction.unwrap(Handle.class);
    return decisions
        .admittedBy(handle, request)
        .map(by -> gasCap(handle, request, by, limit, blobCost))
        .orElseGet(() -> byPeople(handle, request));
  }

  private Optional<BigInteger> gasCap(
      Handle handle, SigningRequestId request, AdmittedBy by, GasLimit limit, BigInteger blobCost) {
    Optional<BigInteger> byRule =
        document(policies.look(handle), by)
            .flatMap(policy -> gasCap(policy, by.rule(), limit, blobCost));
    Optional<BigInteger> byPeople = byPeople(handle, request);
    return byRule.isPresent() && byPeople.isPresent()
        ? Optional.of(byRule.get().min(byPeople.get()))
        : byRule.or(() -> byPeople);
  }

  private Optional<BigInteger> byPeople(Handle handle, SigningRequestId request) {
    return holds.findEver(handle, request).map(hold -> hold.gasCap().value());
  }

  private static Optional<PolicyDocument> document(ActivePolicy active, AdmittedBy by) {
    if (active instanceof ActivePolicy.Usable usable && usable.version().number() == by.policy()) {
      return Optional.of(usable.document());
    }
    return PolicyDocumentReader.read(by.document().toArray())
            instanceof PolicyDocument.Reading.Valid valid
        ? Optional.of(valid.document())
        : Optional.empty();
  }

  private static Optional<BigInteger> gasCap(
      PolicyDocument policy, String rule, GasLimit limit, BigInteger blobCost) {
    return policy.rules().stream()
        .filter(one -> one.name().equals(rule))
        .flatMap(one -> one.criteria().stream())
        .flatMap(criterion -> gasCap(criterion, limit, blobCost).stream())
        .min(Comparator.naturalOrder());
  }

  private static Optional<BigInteger> gasCap(
      Criterion criterion, GasLimit limit, BigInteger blobCost) {
    return switch (criterion) {
      case GasCostCriterion cost -> Optional.of(cost.maximum());
      case GasPriceCriterion price ->
          Optional.of(price.maximum().multiply(BigInteger.valueOf(limit.units())).add(blobCost));
      default -> Optional.empty();
    };
  }

  @Override
  public Decision judge(Transaction transaction, Question question) {
    Handle handle = transaction.unwrap(Handle.class);
    var frozen = freezes.hold(transaction);
    ActivePolicy policy = policies.hold(handle);
    Optional<Verdict> stopped = FreezeVerdict.of(frozen, question.subject());
    if (stopped.isPresent()) {
      return denied(policy, (Verdict.Deny) stopped.get());
    }
    return switch (policy) {
      case ActivePolicy.Unusable unusable ->
          denied(policy, PolicyJudge.cannotJudge(unusable.reason()));
      case ActivePolicy.Usable usable -> judge(transaction, usable, question);
    };
  }

  private Decision judge(Transaction transaction, ActivePolicy.Usable policy, Question question) {
    Handle handle = transaction.unwrap(Handle.class);
    PolicySubject asked = question.subject();
    Set<SigningRequestId> request = Set.of(asked.request());
    Map<SigningRequestId, ApprovalStatement> statements = holds.statements(handle, request);
    Map<SigningRequestId, List<Approval>> said = approvals.find(handle, request);
    Optional<Permit> original =
        decisions.committed(
            handle,
            new Admitted(asked.request(), asked.wallet(), question.admitted()),
            statements,
            said);
    if (original.isEmpty()) {
      return denied(
          policy,
          PolicyJudge.cannotJudge("no stored decision allowed what it is to take the place of"));
    }
    Optional<String> fault = fault(question);
    if (fault.isPresent()) {
      return denied(policy, PolicyJudge.cannotJudge(fault.get()));
    }
    UnsignedTransaction transactionAsked = decoded(question.payload()).orElseThrow();
    BigInteger gasCost = transactionAsked.mostGasCost();
    Optional<AdmittedBy> by = decisions.admittedBy(handle, asked.request());
    if (by.isEmpty() || !by.get().isOf(original.get().terms())) {
      return denied(
          policy,
          PolicyJudge.cannotJudge(
              "the rule or the policy that admitted it is not what was sealed"));
    }
    Optional<BigInteger> cap =
        gasCap(
            handle,
            asked.request(),
            by.get(),
            transactionAsked.fees().gasLimit(),
            transactionAsked.envelope().mostBlobCost());
    if (cap.isPresent() && gasCost.compareTo(cap.get()) > 0) {
      return denied(policy, overCap(gasCost, cap.get()));
    }
    JudgingFacts facts = JudgingFacts.of(handle, policy, clock, prices, List.of(asked));
    PolicySubject subject = facts.of(asked);
    SortedMap<ScopeKey, LimitWindow> scopes = new TreeMap<>(policy.scopes(subject));
    ScopeBook book = limits.lock(handle, scopes);
    OwnCharges own = limits.own(handle, asked.request(), book);
    Verdict verdict =
        switch (question.purpose()) {
          case SPEED_UP -> ((ActivePolicy) policy).judge(subject, question.payload(), own);
          case CANCELLATION ->
              CancellationJudge.judge(policy.document(), subject, transactionAsked, own);
          case ORIGINAL -> PolicyJudge.cannotJudge("the original replaces nothing");
        };
    return switch (verdict) {
      case Verdict.Deny deny -> denied(policy, deny);
      case Verdict.Allow allow -> {
        Optional<ApprovalEvidence> evidence =
            evidence(allow, original.get(), statements, said, asked.request());
        Optional<String> missing =
            missing(handle, policy, allow, asked.request(), evidence.isPresent());
        yield missing.isPresent()
            ? denied(
                policy,
                new Verdict.Deny(
                    allow.conditions().ruleNames().getFirst(), List.of(), missing.get()))
            : allowed(handle, policy, allow, evidence, question, book, own);
      }
    };
  }

  /// What was approved before counts on: of the same policy, and for what the same rules ask.
  private static Optional<ApprovalEvidence> evidence(
      Verdict.Allow allow,
      Permit original,
      Map<SigningRequestId, ApprovalStatement> statements,
      Map<SigningRequestId, List<Approval>> said,
      SigningRequestId request) {
    List<Digest32> counted = original.terms().approvals();
    if (allow.conditions().quorum().isEmpty() || counted.isEmpty()) {
      return Optional.empty();
    }
    return Optional.ofNullable(statements.get(request))
        .map(
            statement ->
                new ApprovalEvidence(
                    statement,
                    counted.stream()
                        .flatMap(
                            digest ->
                                said.getOrDefault(request, List.of()).stream()
                                    .filter(one -> one.digest().equals(digest))
                                    .limit(1))
                        .toList()));
  }

  private Optional<String> missing(
      Handle handle,
      ActivePolicy.Usable policy,
      Verdict.Allow allow,
      SigningRequestId request,
      boolean isApproved) {
    if (allow.conditions().isNone()) {
      return Optional.empty();
    }
    boolean isMet =
        holds
            .findEver(handle, request)
            .filter(hold -> isFor(hold, policy, allow))
            .filter(_ -> isApproved || allow.conditions().quorum().isEmpty())
            .isPresent();
    return isMet
        ? Optional.empty()
        : Optional.of(
            "policy %d asks for more than the request went through (%s): ask for it anew, or cancel it"
                .formatted(
                    policy.version().number(), String.join(", ", allow.conditions().ruleNames())));
  }

  private static boolean isFor(StoredHold hold, ActivePolicy.Usable policy, Verdict.Allow allow) {
    return hold.isFor(policy.version().number(), allow.conditions().text());
  }

  private Decision allowed(
      Handle handle,
      ActivePolicy.Usable policy,
      Verdict.Allow allow,
      Optional<ApprovalEvidence> evidence,
      Question question,
      ScopeBook book,
      OwnCharges own) {
    List<Charge> growth = own.growth(allow.charges());
    Observed seen = allow.observed();
    Observed observed =
        new Observed(
            seen.asset(),
            seen.amount(),
            seen.gasCost(),
            own.uses(seen.limits(), growth),
            seen.prices());
    book.charge(question.id().request(), question.id().ordinal(), growth);
    Permit permit =
        mint.issue(
            new PermitTerms(
                    question.id().request(),
                    question.subject().wallet().backend(),
                    question.subject().wallet().key(),
                    question.payload(),
                    policy.version(),
                    evidence.map(ApprovalEvidence::digests).orElse(List.of()))
                .replacing(
                    new Replacement(
                        question.id().ordinal(),
                        question.purpose(),
                        Keccak.hash(question.replaced().toArray()))),
            evidence);
    replacements.insert(handle, question.id(), question.purpose(), allow.rule(), permit);
    limits.save(handle, book);
    return new Decision.Allowed(policy.version(), allow.rule(), observed, permit);
  }

  /// Why the payload cannot take the place of what is signed, by the bytes alone.
  private static Optional<String> fault(Question question) {
    Optional<UnsignedTransaction> admitted = decoded(question.admitted());
    Optional<UnsignedTransaction> replaced = decoded(question.replaced());
    Optional<UnsignedTransaction> payload = decoded(question.payload());
    if (admitted.isEmpty() || replaced.isEmpty() || payload.isEmpty()) {
      return Optional.of("the bytes are no transaction that is signed here");
    }
    if (!payload.get().chain().equals(replaced.get().chain())
        || !payload.get().nonce().equals(replaced.get().nonce())
        || !payload.get().nonce().equals(admitted.get().nonce())) {
      return Optional.of("it is for another nonce or another chain than what it is to replace");
    }
    if (!ReplacementTransactions.paysMore(replaced.get(), payload.get())) {
      return Optional.of("it does not pay more than what it is to replace");
    }
    return question.purpose() == PayloadPurpose.CANCELLATION
        ? ReplacementTransactions.cancellationFault(
            admitted.get(), payload.get(), question.subject().wallet().address())
        : ReplacementTransactions.speedUpFault(admitted.get(), payload.get());
  }

  private static Optional<UnsignedTransaction> decoded(Bytes payload) {
    return switch (TransactionDecoder.decode(payload)) {
      case TransactionDecoder.Outcome.Decoded(UnsignedTransaction transaction) ->
          Optional.of(transaction);
      case TransactionDecoder.Outcome.Undecodable _ -> Optional.empty();
    };
  }

  private static Verdict.Deny overCap(BigInteger gasCost, BigInteger cap) {
    return new Verdict.Deny(
        Decision.DEFAULT_DENY,
        List.of(),
        "gas may cost %s wei, and the request was admitted, or approved, for %s at most: ask for it anew"
            .formatted(gasCost, cap));
  }

  private static Decision denied(ActivePolicy policy, Verdict.Deny deny) {
    return new Decision.Denied(
        policy.version(), deny.rule(), deny.outcomes(), deny.reason(), deny.isUnjudged());
  }

  @Override
  public void commit(Transaction transaction, ReplacementId id) {
    replacements.commit(transaction.unwrap(Handle.class), id);
  }

  @Override
  public void release(Transaction transaction, ReplacementId id) {
    Handle handle = transaction.unwrap(Handle.class);
    if (replacements.release(handle, id)) {
      limits.release(handle, id);
    }
  }

  @Override
  public List<Reissued> reissue(Transaction transaction, List<Permitted> permitted) {
    Handle handle = transaction.unwrap(Handle.class);
    Set<SigningRequestId> requests =
        permitted.stream().map(one -> one.id().request()).collect(Collectors.toSet());
    Map<SigningRequestId, ApprovalStatement> statements = holds.statements(handle, requests);
    Map<SigningRequestId, List<Approval>> said = approvals.find(handle, requests);
    return permitted.stream()
        .map(
            one ->
                replacements.reissue(
                    handle,
                    one,
                    Optional.ofNullable(statements.get(one.id().request())),
                    said.getOrDefault(one.id().request(), List.of())))
        .toList();
  }
}
