package dev.countersign.policy.engine;

import dev.countersign.core.decision.Forecast;
import dev.countersign.core.decision.HoldSeals;
import dev.countersign.core.decision.LimitWindow;
import dev.countersign.core.decision.PermitMint;
import dev.countersign.core.freeze.FrozenScopes;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.port.PolicyEngine;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.database.SchemaMigration;
import dev.countersign.policy.evaluation.Verdict;
import dev.countersign.policy.feed.PriceBook;
import dev.countersign.policy.freeze.FreezeVerdict;
import dev.countersign.policy.freeze.PostgresFreezes;
import dev.countersign.policy.hold.ApprovalStore;
import dev.countersign.policy.hold.HoldStore;
import dev.countersign.policy.limit.LimitClock;
import dev.countersign.policy.limit.LimitLedger;
import dev.countersign.policy.limit.ScopeBook;
import dev.countersign.policy.rule.ScopeKey;
import dev.countersign.policy.store.ActivePolicies;
import dev.countersign.policy.store.ActivePolicy;
import dev.countersign.policy.store.DecisionStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/// Judges by the policy that is active in the database. Instances share nothing else, so any number
/// of them may judge at the same time. Safe for concurrent use.
///
/// A batch costs five statements to open (freezes, version, missing scopes, locks, sums) and three
/// to save, whatever its size; two fewer and two fewer when no rule has limits. One more asks for
/// the time where rules depend on it, and one more for prices where the policy names feeds.
public final class PostgresPolicyEngine implements PolicyEngine {
  /// The schema that has to be there.
  public static final SchemaMigration MIGRATION =
      new SchemaMigration("policy", "dev/countersign/policy/migrations");

  private final UnitOfWork unitOfWork;
  private final PostgresPolicySession.Parts parts;
  private final ActivePolicies policies;
  private final PostgresFreezes freezes;
  private final CircuitBreakers breakers;
  private final LimitClock clock;
  private final PriceBook prices = new PriceBook();

  /// Limits and times go by the database's clock.
  public PostgresPolicyEngine(
      UnitOfWork unitOfWork,
      PermitMint mint,
      ActivePolicies policies,
      HoldSeals holdSeals,
      PostgresFreezes freezes,
      CircuitBreakers breakers) {
    this(unitOfWork, mint, policies, holdSeals, freezes, breakers, new LimitClock.OfDatabase());
  }

  public PostgresPolicyEngine(
      UnitOfWork unitOfWork,
      PermitMint mint,
      ActivePolicies policies,
      HoldSeals holdSeals,
      PostgresFreezes freezes,
      CircuitBreakers breakers,
      LimitClock clock) {
    this.unitOfWork = unitOfWork;
    this.freezes = freezes;
    this.breakers = breakers;
    this.clock = clock;
    this.parts =
        new PostgresPolicySession.Parts(
            new LimitLedger(clock),
            new DecisionStore(mint),
            new HoldStore(holdSeals),
            new ApprovalStore(),
            mint);
    this.policies = policies;
  }

  @Override
  public PolicySession open(Transaction transaction, List<PolicySubject> subjects) {
    Handle handle = transaction.unwrap(Handle.class);
    FrozenScopes frozen = freezes.hold(transaction);
    ActivePolicy policy = policies.hold(handle);
    JudgingFacts facts = JudgingFacts.of(handle, policy, clock, prices, subjects);
    ScopeBook book = parts.limits().lock(handle, scopes(policy, facts, subjects));
    return new PostgresPolicySession(
        handle,
        policy,
        facts,
        frozen,
        Set.copyOf(subjects),
        book,
        held(handle, policy, subjects),
        parts,
        decided -> breakers.count(transaction, policy.breakers().decisions(), decided));
  }

  @Override
  public Forecast forecast(PolicySubject asked, Bytes payload) {
    return unitOfWork.inTransaction(
        transaction -> {
          Handle handle = transaction.unwrap(Handle.class);
          ActivePolicy policy = policies.look(handle);
          JudgingFacts facts = JudgingFacts.of(handle, policy, clock, prices, List.of(asked));
          PolicySubject subject = facts.of(asked);
          ScopeBook book = parts.limits().peek(handle, scopes(policy, facts, List.of(subject)));
          Verdict verdict =
              FreezeVerdict.of(freezes.look(transaction), subject)
                  .orElseGet(() -> policy.judge(subject, payload, book));
          return policy.forecast(subject, payload, book, verdict);
        });
  }

  /// Nothing is asked of the database where no rule makes anything wait.
  private PostgresPolicySession.Held held(
      Handle handle, ActivePolicy policy, List<PolicySubject> subjects) {
    if (!policy.demands()) {
      return new PostgresPolicySession.Held(Map.of(), Map.of());
    }
    Set<SigningRequestId> requests =
        subjects.stream().map(PolicySubject::request).collect(Collectors.toSet());
    return new PostgresPolicySession.Held(
        parts.holds().find(handle, requests), parts.approvals().find(handle, requests));
  }

  @Override
  public List<Due> claimDue(Transaction transaction, Duration lease, int limit) {
    return parts.holds().claimDue(transaction.unwrap(Handle.class), lease, limit);
  }

  @Override
  public void endHolds(Transaction transaction, Set<SigningRequestId> requests) {
    parts.holds().end(transaction.unwrap(Handle.class), requests);
  }

  @Override
  public void commit(Transaction transaction, Set<SigningRequestId> requests) {
    if (!requests.isEmpty()) {
      parts.decisions().commit(transaction.unwrap(Handle.class), requests);
    }
  }

  @Override
  public void release(Transaction transaction, Set<SigningRequestId> requests) {
    if (!requests.isEmpty()) {
      Handle handle = transaction.unwrap(Handle.class);
      parts.limits().release(handle, parts.decisions().release(handle, requests));
    }
  }

  @Override
  public Reissue reissue(Transaction transaction, List<Admitted> admitted) {
    Handle handle = transaction.unwrap(Handle.class);
    Set<SigningRequestId> requests =
        admitted.stream().map(Admitted::request).collect(Collectors.toSet());
    return parts
        .decisions()
        .reissue(
            handle,
            admitted,
            parts.holds().statements(handle, requests),
            parts.approvals().find(handle, requests));
  }

  /// Why everything is denied although a policy was activated, for whoever watches over the server;
  /// nothing when the active policy can be judged by.
  ///
  /// @throws dev.countersign.core.port.StoreUnavailableException when the store cannot be asked
  public Optional<String> problem() {
    ActivePolicy active =
        unitOfWork.inTransaction(transaction -> policies.look(transaction.unwrap(Handle.class)));
    return switch (active) {
      case ActivePolicy.Usable _ -> Optional.empty();
      case ActivePolicy.Unusable unusable ->
          unusable.version().number() == 0
              ? Optional.empty()
              : Optional.of(unusable.reason() + "; everything is denied");
    };
  }

  private static SortedMap<ScopeKey, LimitWindow> scopes(
      ActivePolicy policy, JudgingFacts facts, List<PolicySubject> subjects) {
    SortedMap<ScopeKey, LimitWindow> scopes = new TreeMap<>();
    subjects.forEach(subject -> scopes.putAll(policy.scopes(facts.of(subject))));
    return scopes;
  }
}
