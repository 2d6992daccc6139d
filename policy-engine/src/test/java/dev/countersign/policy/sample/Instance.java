package dev.countersign.policy.sample;

import static dev.countersign.policy.sample.Samples.payload;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.decision.ChangeSeals;
import dev.countersign.core.decision.Decision;
import dev.countersign.core.decision.HoldSeals;
import dev.countersign.core.decision.PermitMint;
import dev.countersign.core.decision.PolicySeals;
import dev.countersign.core.decision.SealKey;
import dev.countersign.core.decision.ThawSeals;
import dev.countersign.core.freeze.Freeze;
import dev.countersign.core.freeze.FreezeId;
import dev.countersign.core.freeze.FreezeReason;
import dev.countersign.core.freeze.FreezeScope;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.PolicyEngine.PolicySession;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.core.port.ThawAuthority;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.policy.change.FoundingCeremony;
import dev.countersign.policy.change.Proposals;
import dev.countersign.policy.engine.CircuitBreakers;
import dev.countersign.policy.engine.PostgresPolicyEngine;
import dev.countersign.policy.engine.PostgresReplacementPolicy;
import dev.countersign.policy.feed.PriceFeeds;
import dev.countersign.policy.freeze.FreezeStore;
import dev.countersign.policy.freeze.PostgresFreezes;
import dev.countersign.policy.limit.LimitClock;
import dev.countersign.policy.store.ActivePolicies;
import dev.countersign.policy.store.PolicyMemory;
import dev.countersign.policy.store.PolicyStore;
import dev.countersign.policy.succession.Founders;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/// One instance of the server, as far as policy is concerned.
public final class Instance {
  private static final AtomicLong REQUESTS = new AtomicLong();

  private final UnitOfWork unitOfWork;
  private final PermitMint mint;
  private final PolicySeals seals;
  private final ActivePolicies policies;
  private final PolicyStore store;
  private final FoundingCeremony ceremony;
  private final Proposals proposals;
  private final ThawSeals thawSeals;
  private final PostgresFreezes freezes;
  private final FreezeStore freezeStore;
  private final CircuitBreakers breakers;
  private final PostgresPolicyEngine engine;
  private final PriceFeeds feeds;
  private final HoldSeals holdSeals;
  private final PostgresReplacementPolicy replacements;

  Instance(
      UnitOfWork unitOfWork,
      LimitClock clock,
      SealKey key,
      Founders founders,
      PolicyMemory memory,
      AuditTrail audit,
      ThawAuthority authority) {
    this.unitOfWork = unitOfWork;
    this.mint = new PermitMint(key);
    this.seals = new PolicySeals(key);
    this.policies = new ActivePolicies(seals, founders, memory);
    this.store = new PolicyStore(audit, seals, policies);
    ChangeSeals changes = new ChangeSeals(key);
    this.ceremony = new FoundingCeremony(unitOfWork, audit, policies, store, changes);
    this.proposals =
        new Proposals(unitOfWork, audit, policies, store, changes, UUID::randomUUID, clock);
    this.thawSeals = new ThawSeals(key);
    this.freezes = new PostgresFreezes(unitOfWork, thawSeals);
    this.freezeStore = new FreezeStore(audit, thawSeals, authority);
    this.breakers = new CircuitBreakers(unitOfWork, freezeStore, InstantSource.system());
    this.engine =
        new PostgresPolicyEngine(
            unitOfWork, mint, policies, new HoldSeals(key), freezes, breakers, clock);
    this.feeds = new PriceFeeds(unitOfWork, policies, clock);
    this.holdSeals = new HoldSeals(key);
    this.replacements = new PostgresReplacementPolicy(mint, policies, holdSeals, freezes, clock);
  }

  /// A request of its own number, from `desk` out of `hot-1`.
  public static PolicySubject request() {
    return request("desk", "hot-1");
  }

  public static PolicySubject request(String client, String wallet) {
    SigningRequestId id =
        new SigningRequestId(new UUID(0x7000L, Long.MIN_VALUE | REQUESTS.incrementAndGet()));
    return Samples.subject(id, client, wallet, Samples.MAINNET);
  }

  public UnitOfWork unitOfWork() {
    return unitOfWork;
  }

  public PostgresPolicyEngine engine() {
    return engine;
  }

  public PostgresReplacementPolicy replacements() {
    return replacements;
  }

  public HoldSeals holdSeals() {
    return holdSeals;
  }

  public PriceFeeds feeds() {
    return feeds;
  }

  public PermitMint mint() {
    return mint;
  }

  public PolicySeals seals() {
    return seals;
  }

  public ActivePolicies policies() {
    return policies;
  }

  public PolicyStore store() {
    return store;
  }

  public FoundingCeremony ceremony() {
    return ceremony;
  }

  public Proposals proposals() {
    return proposals;
  }

  public ThawSeals thawSeals() {
    return thawSeals;
  }

  public PostgresFreezes freezes() {
    return freezes;
  }

  public CircuitBreakers breakers() {
    return breakers;
  }

  public FreezeStore freezeStore() {
    return freezeStore;
  }

  public Freeze freeze(String scope, String reason) {
    return unitOfWork
        .inTransaction(
            transaction ->
                freezeStore.freeze(
                    transaction,
                    FreezeScope.parse(scope),
                    new FreezeReason(reason),
                    new Actor(Actor.Kind.CLIENT, "risk", "test"),
                    Instant.now()))
        .freeze();
  }

  /// @param expires of the statement
  public FreezeStore.Thawing thaw(FreezeId freeze, Instant expires, Bytes... evidence) {
    return unitOfWork.inTransaction(
        transaction ->
            freezeStore.thaw(
                transaction,
                freeze,
                expires,
                List.of(evidence),
                new Actor(Actor.Kind.CLIENT, "risk", "test"),
                Instant.now()));
  }

  /// What is asked of policy in a batch.
  public record Asked(PolicySubject subject, Intent.OfTransaction intent) {}

  public Decision admit(PolicySubject subject, Intent.OfTransaction intent) {
    return admit(List.of(new Asked(subject, intent))).getFirst();
  }

  /// One admission: open, judge all in order, save, commit.
  public List<Decision> admit(List<Asked> asked) {
    return unitOfWork.inTransaction(
        transaction -> {
          PolicySession session =
              engine.open(transaction, asked.stream().map(Asked::subject).toList());
          List<Decision> decisions = new ArrayList<>();
          asked.forEach(one -> decisions.add(session.judge(one.subject(), payload(one.intent()))));
          session.save();
          return decisions;
        });
  }

  public void commit(PolicySubject... subjects) {
    unitOfWork.run(transaction -> engine.commit(transaction, ids(subjects)));
  }

  public void release(PolicySubject... subjects) {
    unitOfWork.run(transaction -> engine.release(transaction, ids(subjects)));
  }

  private static Set<SigningRequestId> ids(PolicySubject... subjects) {
    return Set.copyOf(List.of(subjects).stream().map(PolicySubject::request).toList());
  }
}
