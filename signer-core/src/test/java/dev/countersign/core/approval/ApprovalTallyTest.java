package dev.countersign.core.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.approval.Approval.Decision;
import dev.countersign.core.approval.ApprovalTally.Outcome;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.Wei;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Two of alice, bob and carol have to approve what trading-desk asks.
class ApprovalTallyTest {
  private static final TestApprover ALICE = TestApprover.ed25519("alice", 1);
  private static final TestApprover BOB = TestApprover.ed25519("bob", 2);
  private static final TestApprover CAROL = carol();
  private static final TestApprover DAVE = TestApprover.ed25519("dave", 4);
  private static final TestApprover ALICES_SECOND = TestApprover.ed25519("alice", 5);
  private static final ApprovalStatement STATEMENT = Statements.one();
  private static final Instant NOW = Statements.ASKED.plusSeconds(60);
  private static final ApproverRegistry REGISTRY = registry(ALICE, BOB, CAROL, DAVE, ALICES_SECOND);

  private static TestApprover carol() {
    try {
      return TestApprover.p256("carol");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("P-256 is part of every JDK", e);
    }
  }

  private static ApproverRegistry registry(TestApprover... approvers) {
    Map<ApproverName, Set<ApproverKey>> keys =
        Arrays.stream(approvers)
            .collect(
                Collectors.groupingBy(
                    TestApprover::name, Collectors.mapping(TestApprover::key, Collectors.toSet())));
    Map<ApproverName, Approver> registry = new HashMap<>();
    keys.forEach((name, set) -> registry.put(name, new Approver(set, Optional.empty())));
    return new ApproverRegistry(registry);
  }

  private static ApprovalTally tally(Approval... approvals) {
    return ApprovalTally.of(STATEMENT, REGISTRY, List.of(approvals), NOW);
  }

  @Test
  void enoughMembersMeetIt() {
    Approval alice = ALICE.approves(STATEMENT);
    Approval carol = CAROL.approves(STATEMENT);
    assertThat(tally(carol, alice))
        .isEqualTo(new ApprovalTally(new Outcome.Met(List.of(alice, carol)), List.of()));
  }

  @Test
  void tooFewWaitForTheRest() {
    Approval alice = ALICE.approves(STATEMENT);
    assertThat(tally(alice).outcome())
        .isEqualTo(new Outcome.Waiting(List.of(alice), "1 more of treasury (bob, carol)", true));
    assertThat(tally().outcome())
        .isEqualTo(new Outcome.Waiting(List.of(), "2 of treasury (alice, bob, carol)", true));
  }

  @Test
  void oneRejectionIsEnough() {
    Approval no = CAROL.rejects(STATEMENT);
    assertThat(tally(ALICE.approves(STATEMENT), BOB.approves(STATEMENT), no).outcome())
        .isEqualTo(new Outcome.Rejected(no));
    Approval changed = ALICE.rejects(STATEMENT);
    assertThat(tally(ALICE.approves(STATEMENT), BOB.approves(STATEMENT), changed).outcome())
        .isEqualTo(new Outcome.Rejected(changed));
  }

  @Test
  void rejectionsOfOthersThanMembersDoNotCount() {
    ApprovalTally tally =
        tally(ALICE.approves(STATEMENT), BOB.approves(STATEMENT), DAVE.rejects(STATEMENT));
    assertThat(tally.outcome()).isInstanceOf(Outcome.Met.class);
    assertThat(reasons(tally)).containsExactly("dave is none of [alice, bob, carol]");
  }

  /// The signed bytes end with the decision.
  @Test
  void anApprovalIsNoRejection() {
    Approval yes = ALICE.approves(STATEMENT);
    Approval turned = new Approval(yes.approver(), yes.key(), Decision.REJECT, yes.signature());
    assertThat(waits(tally(turned))).contains("the signature is not that of");
  }

  @Test
  void aRejectionIsNoApproval() {
    Approval no = CAROL.rejects(STATEMENT);
    Approval turned = new Approval(no.approver(), no.key(), Decision.APPROVE, no.signature());
    assertThat(waits(tally(turned, ALICE.approves(STATEMENT)))).contains("p256:");
  }

  /// Another request with the very same content, such as the one that failed before.
  @Test
  void replayForAnotherRequestDoesNotCount() {
    ApprovalStatement failed =
        Statements.about(
            "0193576e-7c00-7000-8000-000000000002", Statements.CALL, Statements.TREASURY);
    assertThat(waits(tally(ALICE.approves(failed), BOB.approves(failed))))
        .contains("the signature is not that of");
  }

  @Test
  void transferToARequestWithOtherContentDoesNotCount() {
    Intent more = new Intent.NativeTransfer(Statements.TO, Wei.of(9));
    ApprovalStatement other =
        Statements.about("0193576e-7c00-7000-8000-000000000001", more, Statements.TREASURY);
    assertThat(waits(tally(ALICE.approves(other), BOB.approves(other))))
        .contains("the signature is not that of");
  }

  @Test
  void anApprovalUnderAnotherPolicyDoesNotCount() {
    ApprovalTerms terms = STATEMENT.terms();
    ApprovalStatement before =
        with(
            new ApprovalTerms(
                new PolicyVersion(6, terms.policy().hash()),
                terms.rules(),
                terms.quorum(),
                terms.delay(),
                terms.asked(),
                terms.expires()));
    assertThat(waits(tally(ALICE.approves(before), BOB.approves(before))))
        .contains("the signature is not that of");
  }

  @Test
  void anApprovalOfALowerFeeCapDoesNotCount() {
    ApprovedTransaction low = Statements.transaction();
    ApprovalStatement cheaper =
        new ApprovalStatement(
            STATEMENT.request(),
            STATEMENT.key(),
            STATEMENT.requestDigest(),
            new ApprovedTransaction(
                low.wallet(),
                low.account(),
                low.chain(),
                low.to(),
                low.value(),
                low.dataHash(),
                low.dataSize(),
                low.envelopeHash(),
                low.fees(),
                Wei.of(1)),
            STATEMENT.terms());
    assertThat(waits(tally(ALICE.approves(cheaper), BOB.approves(cheaper))))
        .contains("the signature is not that of");
  }

  private static ApprovalStatement with(ApprovalTerms terms) {
    return new ApprovalStatement(
        STATEMENT.request(),
        STATEMENT.key(),
        STATEMENT.requestDigest(),
        STATEMENT.subject(),
        terms);
  }

  @Test
  void nothingCountsOnceExpired() {
    List<Approval> all = List.of(ALICE.approves(STATEMENT), BOB.approves(STATEMENT));
    assertThat(
            ApprovalTally.of(STATEMENT, REGISTRY, all, Statements.EXPIRES.minusNanos(1)).outcome())
        .isInstanceOf(Outcome.Met.class);
    ApprovalTally late = ApprovalTally.of(STATEMENT, REGISTRY, all, Statements.EXPIRES);
    assertThat(late.outcome()).isEqualTo(new Outcome.Expired(Statements.EXPIRES));
    assertThat(reasons(late)).hasSize(2).allMatch(reason -> reason.contains("it was asked until"));
  }

  @Test
  void anApproverWhoWasRemovedDoesNotCount() {
    List<Approval> both = List.of(ALICE.approves(STATEMENT), BOB.approves(STATEMENT));
    ApprovalTally tally = ApprovalTally.of(STATEMENT, registry(ALICE, CAROL), both, NOW);
    assertThat(tally.outcome())
        .isEqualTo(
            new Outcome.Waiting(List.of(both.getFirst()), "1 more of treasury (bob, carol)", true));
    assertThat(reasons(tally)).containsExactly("the policy has no approver bob");
  }

  @Test
  void aKeyThatWasRemovedDoesNotCount() {
    ApprovalTally tally =
        ApprovalTally.of(
            STATEMENT,
            registry(ALICE, BOB),
            List.of(ALICES_SECOND.approves(STATEMENT), BOB.approves(STATEMENT)),
            NOW);
    assertThat(waits(tally)).contains("the policy has no key ed25519:");
  }

  @Test
  void aKeyOfSomebodyElseDoesNotCount() {
    Approval alice = ALICE.approves(STATEMENT);
    Approval asBob = new Approval(BOB.name(), ALICE.key(), Decision.APPROVE, alice.signature());
    assertThat(waits(tally(alice, asBob))).contains("for bob");
  }

  @Test
  void theInitiatorCannotApprove() {
    ApproverRegistry registry = initiatedBy(ALICE);
    ApprovalTally tally =
        ApprovalTally.of(
            STATEMENT, registry, List.of(ALICE.approves(STATEMENT), BOB.approves(STATEMENT)), NOW);
    assertThat(tally.outcome())
        .isEqualTo(
            new Outcome.Waiting(
                List.of(BOB.approves(STATEMENT)), "1 more of treasury (carol)", true));
    assertThat(reasons(tally)).containsExactly("alice is trading-desk, who asked for it");
  }

  @Test
  void theInitiatorMayReject() {
    Approval no = ALICE.rejects(STATEMENT);
    assertThat(ApprovalTally.of(STATEMENT, initiatedBy(ALICE), List.of(no), NOW).outcome())
        .isEqualTo(new Outcome.Rejected(no));
  }

  @Test
  void saysWhenNobodyIsLeftToApprove() {
    ApprovalStatement all =
        Statements.about(
            "0193576e-7c00-7000-8000-000000000001",
            Statements.CALL,
            QuorumTest.group("treasury", 3, "alice", "bob", "carol"));
    assertThat(ApprovalTally.of(all, initiatedBy(ALICE), List.of(), NOW).outcome())
        .isEqualTo(new Outcome.Waiting(List.of(), "3 of treasury (bob, carol)", false));
  }

  private static ApproverRegistry initiatedBy(TestApprover initiator) {
    Map<ApproverName, Approver> approvers = new HashMap<>(REGISTRY.approvers());
    approvers.computeIfPresent(
        initiator.name(),
        (name, approver) ->
            new Approver(approver.keys(), Optional.of(new ClientId("trading-desk"))));
    return new ApproverRegistry(approvers);
  }

  @Test
  void onePersonWithTwoKeysCountsOnce() {
    ApprovalTally tally = tally(ALICE.approves(STATEMENT), ALICES_SECOND.approves(STATEMENT));
    assertThat(waits(tally)).isEqualTo("alice has said so already, and counts once");
  }

  /// ECDSA signs the same with other bytes each time.
  @Test
  void onePersonWithTwoSignaturesCountsOnce() {
    Approval first = CAROL.approves(STATEMENT);
    Approval second = CAROL.approves(STATEMENT);
    assertThat(first.digest()).isNotEqualTo(second.digest());
    assertThat(waits(tally(first, second))).isEqualTo("carol has said so already, and counts once");
  }

  @Test
  void aBrokenApprovalDoesNotTakeThePlaceOfAGoodOne() {
    Approval broken =
        new Approval(ALICE.name(), ALICE.key(), Decision.APPROVE, Bytes.of(new byte[64]));
    ApprovalTally tally = tally(broken, ALICE.approves(STATEMENT), BOB.approves(STATEMENT));
    assertThat(tally.outcome()).isInstanceOf(Outcome.Met.class);
    assertThat(tally.ignored()).hasSize(1);
  }

  @Test
  void oneKeyBelongsToOne() {
    Map<ApproverName, Approver> two =
        Map.of(
            ALICE.name(), new Approver(Set.of(ALICE.key()), Optional.empty()),
            BOB.name(), new Approver(Set.of(ALICE.key(), BOB.key()), Optional.empty()));
    assertThatThrownBy(() -> new ApproverRegistry(two))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("a key of one approver alone");
  }

  /// {@return the one reason, of a tally that waits}
  private static String waits(ApprovalTally tally) {
    assertThat(tally.outcome()).isInstanceOf(Outcome.Waiting.class);
    assertThat(tally.ignored()).isNotEmpty();
    return tally.ignored().getLast().reason();
  }

  private static List<String> reasons(ApprovalTally tally) {
    return tally.ignored().stream().map(ApprovalTally.Ignored::reason).toList();
  }
}
