package dev.countersign.policy.change;

import static dev.countersign.policy.change.Treasury.BEA;
import static dev.countersign.policy.change.Treasury.BEAS_SECOND;
import static dev.countersign.policy.change.Treasury.BOB;
import static dev.countersign.policy.change.Treasury.CAROL;
import static dev.countersign.policy.change.Treasury.bytes;
import static dev.countersign.policy.change.Treasury.counted;
import static dev.countersign.policy.change.Treasury.notCounted;
import static dev.countersign.policy.change.Treasury.policy;
import static dev.countersign.policy.sample.Instance.request;
import static dev.countersign.policy.sample.PolicyDatabase.CLIENT;
import static dev.countersign.policy.sample.PolicyDatabase.PROPOSER;
import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.pay;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.approval.PolicyChangeStatement;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.decision.Decision.Denied;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.model.ClientId;
import dev.countersign.policy.change.Proposals.Deciding;
import dev.countersign.policy.change.Proposals.Proposing;
import dev.countersign.policy.change.Proposals.Withdrawing;
import dev.countersign.policy.limit.LimitClock;
import dev.countersign.policy.sample.Instance;
import dev.countersign.policy.sample.PolicyDatabase;
import dev.countersign.policy.sample.TestPerson;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// Two of alice, bob and carol change the policy; carol is the client policy-desk.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class ProposalsIT {
  private static final Instant NOON = Instant.parse("2026-12-01T12:00:00Z");
  private static final ClientId DESK = new ClientId("desk");

  private final AtomicReference<Instant> clock = new AtomicReference<>(NOON);
  private final PolicyDatabase database;
  private final Instance one;
  private final Instance other;
  private PolicyVersion first;

  ProposalsIT(PostgresDatabase postgres) {
    this.database = PolicyDatabase.of(postgres);
    this.one = database.instance(new LimitClock.Given(clock::get));
    this.other = database.instance(new LimitClock.Given(clock::get));
    this.first = PolicyChangeStatement.NO_POLICY;
  }

  @BeforeEach
  void found() {
    clock.set(NOON);
    database.forgetPolicies();
    first = database.activate(one, policy("first", "PT0S"));
  }

  @AfterAll
  void close() {
    database.close();
  }

  private static Proposal propose(Instance instance, String yaml, PolicyVersion seen) {
    return Treasury.propose(instance, yaml, seen, DESK);
  }

  private static String rule(Instance instance) {
    return instance.admit(request(), pay(ALICE, BigInteger.ONE)).rule();
  }

  private Proposal found(Proposal proposal) {
    return other.proposals().find(proposal.id()).orElseThrow();
  }

  @Test
  void theLastApprovalOfTheQuorumActivatesItOnEveryInstance() {
    int before = database.audit().events().size();
    Proposal proposal = propose(one, policy("second", "PT0S"), first);
    assertThat(proposal.missing()).isEqualTo("2 of treasury (bea, bob, carol)");
    assertThat(rule(other)).isEqualTo("first");
    assertThat(counted(one, proposal, BEA).missing()).isEqualTo("1 more of treasury (bob, carol)");
    assertThat(rule(other)).isEqualTo("first");
    Proposal activated = counted(other, proposal, BOB);
    assertThat(activated.state()).isEqualTo(ProposalState.ACTIVATED);
    assertThat(rule(one)).isEqualTo("second");
    assertThat(rule(other)).isEqualTo("second");
    assertThat(database.audit().events().stream().skip(before))
        .extracting(event -> event.getClass().getSimpleName())
        .containsExactly("PolicyProposed", "PolicyApproved", "PolicyApproved", "PolicyActivated");
    var stored = one.unitOfWork().inTransaction(one.store()::active).orElseThrow();
    assertThat(stored.proposal()).contains(proposal.id());
    assertThat(stored.link().approvals()).hasSize(2);
  }

  @Test
  void whoHasSeenAnOlderPolicyIsToldSo() {
    Proposal proposal = propose(one, policy("second", "PT0S"), first);
    counted(one, proposal, BEA);
    counted(one, proposal, BOB);
    Proposing stale =
        other.proposals().propose(bytes(policy("third", "PT0S")), first, "", DESK, CLIENT);
    assertThat(stale).isInstanceOf(Proposing.Stale.class);
    assertThat(((Proposing.Stale) stale).active().number()).isEqualTo(2);
  }

  @Test
  void theSameProposalOfTheSameClientIsOne() {
    Proposal proposal = propose(one, policy("second", "PT0S"), first);
    assertThat(propose(other, policy("second", "PT0S"), first).id()).isEqualTo(proposal.id());
    assertThat(one.proposals().propose(bytes(policy("first", "PT0S")), first, "", DESK, CLIENT))
        .isEqualTo(new Proposing.Unchanged(first));
    assertThat(one.proposals().propose(bytes("rules: []"), first, "", DESK, CLIENT))
        .isInstanceOf(Proposing.Invalid.class);
  }

  @Test
  void anApprovalOfAnotherProposalIsWorthNothing() {
    Proposal proposal = propose(one, policy("second", "PT0S"), first);
    Proposal rival = propose(one, policy("third", "PT0S"), first);
    assertThat(notCounted(other, proposal, BEA.approves(rival.statement())))
        .contains("the signature is not that of");
    assertThat(found(proposal).given()).isEmpty();
  }

  @Test
  void whoeverProposesDoesNotApprove() {
    Proposal proposal =
        ((Proposing.Proposed)
                one.proposals()
                    .propose(bytes(policy("second", "PT0S")), first, "", PROPOSER, CLIENT))
            .proposal();
    assertThat(notCounted(one, proposal, CAROL.approves(proposal.statement())))
        .isEqualTo("carol is policy-desk, who asked for it");
  }

  @Test
  void onePersonWithTwoKeysCountsOnce() {
    Proposal proposal = propose(one, policy("second", "PT0S"), first);
    counted(one, proposal, BEA);
    assertThat(notCounted(other, proposal, BEAS_SECOND.approves(proposal.statement())))
        .contains("bea has said so already, and counts once");
    assertThat(rule(one)).isEqualTo("first");
  }

  @Test
  void anApproverWhoWasRemovedMeanwhileApprovesNothing() {
    Proposal proposal = propose(one, policy("third", "PT0S"), first);
    counted(one, proposal, BOB);
    String withoutBob =
        policy("second", "PT0S").replace("treasury: [bea, bob, carol]", "treasury: [bea, carol]");
    Proposal removal = propose(one, withoutBob, first);
    counted(one, removal, BEA);
    counted(one, removal, CAROL);
    assertThat(rule(other)).isEqualTo("second");
    assertThat(
            other.proposals().decide(proposal.id(), BEA.approves(proposal.statement()), "", CLIENT))
        .isInstanceOf(Deciding.NotOpen.class);
    assertThat(found(proposal).state()).isEqualTo(ProposalState.VOID);
    assertThat(found(proposal).reason())
        .isEqualTo("it was to follow version 1, version 2 is active");
    PolicyVersion second = current();
    Proposal anew = propose(one, policy("third", "PT0S"), second);
    assertThat(notCounted(one, anew, BOB.approves(anew.statement()))).contains("bob is none of");
  }

  @Test
  void oneRejectionEndsItForGood() {
    Proposal proposal = propose(one, policy("second", "PT0S"), first);
    counted(one, proposal, BEA);
    other.proposals().decide(proposal.id(), CAROL.rejects(proposal.statement()), "no", CLIENT);
    assertThat(found(proposal).state()).isEqualTo(ProposalState.REJECTED);
    assertThat(
            one.proposals().decide(proposal.id(), BOB.approves(proposal.statement()), "", CLIENT))
        .isInstanceOf(Deciding.NotOpen.class);
    assertThat(database.audit().events().getLast()).isInstanceOf(AuditEvent.PolicyRejected.class);
    assertThat(rule(one)).isEqualTo("first");
  }

  @Test
  void onlyItsProposerWithdrawsIt() {
    Proposal proposal = propose(one, policy("second", "PT0S"), first);
    assertThat(one.proposals().withdraw(proposal.id(), PROPOSER, "", CLIENT))
        .isInstanceOf(Withdrawing.NotYours.class);
    assertThat(one.proposals().withdraw(proposal.id(), DESK, "too early", CLIENT))
        .isInstanceOf(Withdrawing.Withdrawn.class);
    assertThat(found(proposal).reason()).isEqualTo("withdrawn by desk: too early");
    assertThat(
            one.proposals().decide(proposal.id(), BOB.approves(proposal.statement()), "", CLIENT))
        .isInstanceOf(Deciding.NotOpen.class);
  }

  @Test
  void approvalsThatComeTooLateDoNotCount() {
    Proposal proposal = propose(one, policy("second", "PT0S"), first);
    counted(one, proposal, BEA);
    clock.set(NOON.plus(Duration.ofDays(7)));
    assertThat(
            one.proposals().decide(proposal.id(), BOB.approves(proposal.statement()), "", CLIENT))
        .isInstanceOf(Deciding.NotOpen.class);
    assertThat(found(proposal).state()).isEqualTo(ProposalState.EXPIRED);
  }

  @Test
  void itWaitsForItsDelayAndIsActivatedOnceByWhicheverInstanceIsFirst() throws Exception {
    delayed();
    Proposal proposal = propose(one, policy("third", "PT1H"), current());
    counted(one, proposal, BEA);
    Proposal approved = counted(one, proposal, BOB);
    assertThat(approved.state()).isEqualTo(ProposalState.APPROVED);
    assertThat(approved.opensAt()).contains(NOON.plus(Duration.ofHours(1)));
    clock.set(NOON.plus(Duration.ofMinutes(59)));
    assertThat(one.proposals().run()).isZero();
    assertThat(rule(one)).isEqualTo("second");
    clock.set(NOON.plus(Duration.ofHours(1)));
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Integer>> done =
          List.of(
              threads.submit(one.proposals()::run),
              threads.submit(other.proposals()::run),
              threads.submit(one.proposals()::run),
              threads.submit(other.proposals()::run));
      int sum = 0;
      for (Future<Integer> future : done) {
        sum += future.get();
      }
      assertThat(sum).isEqualTo(1);
    }
    assertThat(rule(one)).isEqualTo("third");
    assertThat(rule(other)).isEqualTo("third");
    assertThat(database.number("SELECT count(*) FROM policy.document")).isEqualTo(3);
  }

  @Test
  void whatIsApprovedCanBeRejectedUntilItsDelayIsOver() {
    delayed();
    Proposal proposal = propose(one, policy("third", "PT1H"), current());
    counted(one, proposal, BEA);
    counted(one, proposal, BOB);
    other.proposals().decide(proposal.id(), CAROL.rejects(proposal.statement()), "", CLIENT);
    clock.set(NOON.plus(Duration.ofHours(2)));
    assertThat(one.proposals().run()).isZero();
    assertThat(rule(one)).isEqualTo("second");
    assertThat(found(proposal).state()).isEqualTo(ProposalState.REJECTED);
  }

  @Test
  void whatWaitsIsVoidWhenAnotherPolicyIsActivated() {
    delayed();
    PolicyVersion second = current();
    Proposal proposal = propose(one, policy("third", "PT1H"), second);
    counted(one, proposal, BEA);
    counted(one, proposal, BOB);
    Proposal rival = propose(one, policy("fourth", "PT1H"), second);
    counted(one, rival, BEA);
    counted(one, rival, BOB);
    clock.set(NOON.plus(Duration.ofHours(1)));
    assertThat(one.proposals().run()).isEqualTo(2);
    assertThat(List.of(found(proposal).state(), found(rival).state()))
        .containsExactlyInAnyOrder(ProposalState.ACTIVATED, ProposalState.VOID);
    assertThat(database.number("SELECT count(*) FROM policy.document")).isEqualTo(3);
  }

  @Test
  void nobodyShortensADelayInTheDatabase() {
    delayed();
    Proposal proposal = propose(one, policy("third", "PT1H"), current());
    counted(one, proposal, BEA);
    counted(one, proposal, BOB);
    database
        .login()
        .useHandle(
            handle ->
                handle.execute(
                    "UPDATE policy.proposal SET opens_at = opens_at - interval '1 hour'"
                        + " WHERE state = 'APPROVED'"));
    assertThat(one.proposals().run()).isEqualTo(1);
    assertThat(rule(one)).isEqualTo("second");
    assertThat(found(proposal).state()).isEqualTo(ProposalState.VOID);
  }

  @Test
  void aDocumentThatWasChangedAfterItsApprovalIsNotActivated() {
    delayed();
    Proposal proposal = propose(one, policy("third", "PT1H"), current());
    counted(one, proposal, BEA);
    counted(one, proposal, BOB);
    String lax = policy("lax", "PT1H").replace("'", "''");
    database.asSuperuser(
        "UPDATE policy.proposal SET content = convert_to('%s', 'UTF8') WHERE state = 'APPROVED'"
            .formatted(lax));
    clock.set(NOON.plus(Duration.ofHours(1)));
    one.proposals().run();
    assertThat(rule(one)).isEqualTo("second");
    assertThat(found(proposal).reason()).contains("what was signed is about another document");
  }

  @Test
  void theApprovalsOfTwoInstancesAtTheSameTimeActivateItOnce() throws Exception {
    for (int round = 0; round < 5; round++) {
      PolicyVersion before = current();
      Proposal proposal = propose(one, policy("round-" + round, "PT0S"), before);
      try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
        List<Future<Deciding>> all =
            List.of(
                threads.submit(() -> decide(one, proposal, BEA)),
                threads.submit(() -> decide(other, proposal, BOB)),
                threads.submit(() -> decide(other, proposal, CAROL)));
        for (Future<Deciding> future : all) {
          assertThat(future.get()).isInstanceOfAny(Deciding.Counted.class, Deciding.NotOpen.class);
        }
      }
      assertThat(current().number()).isEqualTo(before.number() + 1);
    }
  }

  private static Deciding decide(Instance instance, Proposal proposal, TestPerson by) {
    return instance
        .proposals()
        .decide(proposal.id(), by.approves(proposal.statement()), "", CLIENT);
  }

  @Test
  void theServersLoginReopensNothingAndSignsForNobody() {
    Proposal proposal = propose(one, policy("second", "PT0S"), first);
    one.proposals().decide(proposal.id(), CAROL.rejects(proposal.statement()), "no", CLIENT);
    for (String sql :
        List.of(
            "UPDATE policy.proposal SET content = ''",
            "UPDATE policy.proposal SET statement = ''",
            "DELETE FROM policy.proposal_approval",
            "UPDATE policy.proposal_approval SET decision = 'APPROVE'",
            "DELETE FROM policy.proposal",
            "DELETE FROM policy.document_change")) {
      assertThatThrownBy(() -> database.login().useHandle(handle -> handle.execute(sql)))
          .as(sql)
          .hasMessageContaining("permission denied");
    }
    assertThatThrownBy(
            () ->
                database
                    .login()
                    .useHandle(
                        handle ->
                            handle.execute(
                                "UPDATE policy.proposal SET state = 'PROPOSED', ended_at = NULL"
                                    + " WHERE state = 'REJECTED'")))
        .hasMessageContaining("is REJECTED, and stays so");
  }

  /// Makes a policy active whose successors wait for an hour.
  private void delayed() {
    Proposal proposal = propose(one, policy("second", "PT1H"), first);
    counted(one, proposal, BEA);
    counted(one, proposal, BOB);
    assertThat(rule(one)).isEqualTo("second");
  }

  private PolicyVersion current() {
    return one.ceremony().last();
  }

  @Test
  void aPolicyThatNobodyCouldChangeWithoutItsProposerIsNotProposed() {
    String lonely =
        policy("second", "PT0S")
            .replace("{group: treasury, count: 2}", "{group: treasury, count: 3}");
    Proposal proposal = propose(one, lonely, first);
    counted(one, proposal, BEA);
    counted(one, proposal, BOB);
    Proposing impossible =
        one.proposals().propose(bytes(policy("third", "PT0S")), current(), "", PROPOSER, CLIENT);
    assertThat(((Proposing.Impossible) impossible).reason())
        .contains("too few without policy-desk, who proposes");
    assertThat(one.admit(request(), pay(ALICE, BigInteger.ONE))).isNotInstanceOf(Denied.class);
  }
}
