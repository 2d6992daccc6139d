package dev.countersign.policy.succession;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.approval.PolicyChangeStatement;
import dev.countersign.core.approval.ProposalId;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ClientId;
import dev.countersign.policy.approval.ChangeTerms;
import dev.countersign.policy.sample.PolicyDatabase;
import dev.countersign.policy.sample.TestPerson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Two of three founders made the first policy; by it, two of alice, bob and carol change it.
class PolicySuccessionTest {
  private static final TestPerson FRIDA = new TestPerson("frida", 70);
  private static final TestPerson GUSTAV = new TestPerson("gustav", 71);
  private static final TestPerson HEDWIG = new TestPerson("hedwig", 72);
  private static final TestPerson ALICE = new TestPerson("alice", 1);
  private static final TestPerson BOB = new TestPerson("bob", 2);
  private static final TestPerson CAROL = new TestPerson("carol", 3);
  private static final TestPerson ALICES_SECOND = new TestPerson("alice", 4);
  private static final Founders FOUNDERS = PolicyDatabase.founders(2, FRIDA, GUSTAV, HEDWIG);
  private static final Instant NOW = Instant.parse("2026-11-23T06:00:00Z");

  private static final Bytes FIRST = document("first", "{group: treasury, count: 2}");
  private static final Bytes SECOND = document("second", "{group: risk, count: 1}");
  private static final Bytes THIRD = document("third", "{group: risk, count: 1}");

  private static Bytes document(String description, String approvals) {
    return bytes(
        """
        format: countersign/policy/v1
        description: %s
        approvers:
          alice: {keys: ["%s", "%s"]}
          %s
          carol: {keys: ["%s"], client: policy-desk}
        groups:
          treasury: [alice, bob, carol]
          risk: [carol]
        changes: {approvals: %s, delay: PT1H, lifetime: P1D}
        rules: []
        """
            .formatted(
                description,
                ALICE.key().text(),
                ALICES_SECOND.key().text(),
                BOB.yaml(),
                CAROL.key().text(),
                approvals));
  }

  private static Bytes bytes(String yaml) {
    return Bytes.of(yaml.getBytes(StandardCharsets.UTF_8));
  }

  private static PolicyLink founded(TestPerson... by) {
    return founded(FOUNDERS, FIRST, by);
  }

  private static PolicyLink founded(Founders founders, Bytes document, TestPerson... by) {
    Founding founding = Founding.begin(founders, document, new ProposalId(UUID.randomUUID()), NOW);
    for (TestPerson one : by) {
      founding = founding.with(one.approves(founding.statement()));
    }
    return founding.link(document);
  }

  /// What follows `before`, as it asks.
  private static PolicyChangeStatement statement(PolicySuccession before, Bytes document) {
    ChangeTerms terms = before.authority().orElseThrow().terms();
    return new PolicyChangeStatement(
        "tests",
        new ProposalId(UUID.randomUUID()),
        Optional.of(new ClientId("desk")),
        before.base(),
        PolicyChangeStatement.hashOf(document),
        document.size(),
        terms.quorum(),
        terms.delay(),
        NOW,
        NOW.plus(terms.lifetime()));
  }

  private static PolicyLink link(
      long number, Bytes document, PolicyChangeStatement statement, TestPerson... by) {
    List<Approval> approvals = Arrays.stream(by).map(person -> person.approves(statement)).toList();
    return new PolicyLink(number, document, statement.bytes(), approvals);
  }

  private static PolicySuccession first() {
    return PolicySuccession.of(FOUNDERS).then(founded(FRIDA, GUSTAV));
  }

  private static void assertNoSuccessor(PolicySuccession before, PolicyLink link, String why) {
    PolicySuccession after = before.then(link);
    assertThat(after.head()).isEqualTo(before.head());
    assertThat(after.faultOf(link.version()).orElseThrow()).contains(why);
  }

  @Test
  void leadsFromTheFoundersToTheLast() {
    PolicySuccession first = first();
    assertThat(first.base()).isEqualTo(new PolicyVersion(1, PolicyChangeStatement.hashOf(FIRST)));
    PolicySuccession second = first.then(link(2, SECOND, statement(first, SECOND), ALICE, BOB));
    PolicySuccession third = second.then(link(3, THIRD, statement(second, THIRD), CAROL));
    assertThat(third.faults()).isEmpty();
    assertThat(third.base().number()).isEqualTo(3);
    assertThat(third.head().orElseThrow().document()).isEqualTo(THIRD);
  }

  @Test
  void tooFewFoundersMakeNone() {
    assertNoSuccessor(PolicySuccession.of(FOUNDERS), founded(FRIDA), "it needs 1 more of founders");
    assertNoSuccessor(PolicySuccession.of(FOUNDERS), founded(), "it needs 2 of founders");
    assertNoSuccessor(PolicySuccession.of(FOUNDERS), founded(ALICE, BOB), "it needs 2 of founders");
  }

  @Test
  void theFoundersOfAnotherFileAreNobody() {
    Founders others = PolicyDatabase.founders(1, ALICE);
    assertNoSuccessor(PolicySuccession.of(FOUNDERS), founded(others, FIRST, ALICE), "it asks");
    // Of the same names, with other keys.
    Founders impostors =
        PolicyDatabase.founders(
            2,
            new TestPerson("frida", 80),
            new TestPerson("gustav", 81),
            new TestPerson("hedwig", 82));
    assertNoSuccessor(
        PolicySuccession.of(FOUNDERS),
        founded(impostors, FIRST, new TestPerson("frida", 80), new TestPerson("gustav", 81)),
        "it needs 2 of founders");
  }

  @Test
  void whatWasSignedForAnotherDeploymentIsWorthNothing() {
    Founders test = new Founders("staging", FOUNDERS.registry(), FOUNDERS.quorum());
    assertNoSuccessor(
        PolicySuccession.of(FOUNDERS),
        founded(test, FIRST, FRIDA, GUSTAV),
        "it was signed for the deployment staging, this is tests");
  }

  @Test
  void theQuorumIsThatOfThePolicyBefore() {
    PolicySuccession first = first();
    assertNoSuccessor(
        first, link(2, SECOND, statement(first, SECOND), CAROL), "1 more of treasury");
    // By the quorum of the one that is proposed, or by the founders: neither.
    PolicySuccession second = first.then(link(2, SECOND, statement(first, SECOND), ALICE, BOB));
    PolicyChangeStatement own = statement(second, THIRD);
    PolicyChangeStatement easier =
        new PolicyChangeStatement(
            own.deployment(),
            own.proposal(),
            own.proposer(),
            first.base(),
            own.document(),
            own.size(),
            own.quorum(),
            own.delay(),
            own.asked(),
            own.expires());
    assertNoSuccessor(first, link(2, THIRD, easier, CAROL), "it asks 1 of risk(carol), expected");
    assertNoSuccessor(
        first, link(2, SECOND, statement(first, SECOND), FRIDA, GUSTAV), "it is not approved");
  }

  @Test
  void anEditedDocumentIsNobodys() {
    PolicySuccession first = first();
    PolicyChangeStatement statement = statement(first, SECOND);
    assertNoSuccessor(
        first, link(2, THIRD, statement, ALICE, BOB), "what was signed is about another document");
  }

  @Test
  void aDocumentThatNobodySignedIsNobodys() {
    assertNoSuccessor(
        first(), new PolicyLink(2, SECOND, Bytes.EMPTY, List.of()), "nobody has approved it");
    assertNoSuccessor(
        first(), new PolicyLink(2, SECOND, bytes("yes\n"), List.of()), "cannot be read");
  }

  @Test
  void anApprovalOfAnotherProposalDoesNotCount() {
    PolicySuccession first = first();
    PolicyChangeStatement one = statement(first, SECOND);
    PolicyChangeStatement other = statement(first, SECOND);
    PolicyLink mixed =
        new PolicyLink(
            2,
            SECOND,
            one.bytes(),
            List.of(ALICE.approves(one), BOB.approves(other), CAROL.rejects(one)));
    assertThat(first.then(mixed).head()).isEqualTo(first.head());
  }

  @Test
  void onePersonWithTwoKeysCountsOnce() {
    PolicySuccession first = first();
    assertNoSuccessor(
        first,
        link(2, SECOND, statement(first, SECOND), ALICE, ALICES_SECOND),
        "it needs 1 more of treasury");
  }

  @Test
  void whoeverProposesDoesNotApprove() {
    PolicySuccession first = first();
    PolicyChangeStatement asked = statement(first, SECOND);
    PolicyChangeStatement own =
        new PolicyChangeStatement(
            asked.deployment(),
            asked.proposal(),
            Optional.of(new ClientId("policy-desk")),
            asked.base(),
            asked.document(),
            asked.size(),
            asked.quorum(),
            asked.delay(),
            asked.asked(),
            asked.expires());
    assertNoSuccessor(first, link(2, SECOND, own, ALICE, CAROL), "1 more of treasury (bob)");
  }

  @Test
  void anApproverWhoWasRemovedMeanwhileDoesNotCount() {
    Bytes withoutBob =
        bytes(
            new String(FIRST.toArray(), StandardCharsets.UTF_8)
                .replace("treasury: [alice, bob, carol]", "treasury: [alice, carol]"));
    PolicySuccession first = first();
    PolicyChangeStatement early = statement(first, SECOND);
    PolicySuccession next =
        first.then(link(2, withoutBob, statement(first, withoutBob), ALICE, BOB));
    assertThat(next.base().number()).isEqualTo(2);
    assertNoSuccessor(
        next, link(3, SECOND, early, ALICE, BOB), "it was approved as the successor of version 1");
    assertNoSuccessor(
        next, link(3, SECOND, statement(next, SECOND), ALICE, BOB), "1 more of treasury (carol)");
  }

  @Test
  void aPolicyThatWasReplacedCannotBeFollowed() {
    PolicySuccession first = first();
    PolicyChangeStatement rival = statement(first, THIRD);
    PolicySuccession second = first.then(link(2, SECOND, statement(first, SECOND), ALICE, BOB));
    assertNoSuccessor(
        second, link(3, THIRD, rival, ALICE, BOB), "it was approved as the successor of version 1");
  }

  @Test
  void whatWasApprovedStaysSoWhateverIsPutBeforeOrAfterIt() {
    PolicySuccession first = first();
    PolicyLink forged = new PolicyLink(2, THIRD, Bytes.EMPTY, List.of());
    PolicyLink approved = link(3, SECOND, statement(first, SECOND), ALICE, BOB);
    PolicySuccession all =
        PolicySuccession.verify(
            FOUNDERS, List.of(founded(FRIDA, GUSTAV), forged, approved, forgedAt(4)));
    assertThat(all.base()).isEqualTo(new PolicyVersion(3, PolicyChangeStatement.hashOf(SECOND)));
    assertThat(all.faults()).extracting(PolicySuccession.Fault::version).containsExactly(2L, 4L);
  }

  private static PolicyLink forgedAt(long number) {
    return new PolicyLink(number, THIRD, Bytes.EMPTY, List.of());
  }

  @Test
  void aShorterDelayOrALongerLifetimeThanThePolicysIsRefused() {
    PolicySuccession first = first();
    PolicyChangeStatement asked = statement(first, SECOND);
    PolicyChangeStatement hasty =
        new PolicyChangeStatement(
            asked.deployment(),
            asked.proposal(),
            asked.proposer(),
            asked.base(),
            asked.document(),
            asked.size(),
            asked.quorum(),
            asked.delay().minusSeconds(1),
            asked.asked(),
            asked.expires());
    assertNoSuccessor(
        first, link(2, SECOND, hasty, ALICE, BOB), "it waits PT59M59S, expected PT1H");
    PolicyChangeStatement lasting =
        new PolicyChangeStatement(
            asked.deployment(),
            asked.proposal(),
            asked.proposer(),
            asked.base(),
            asked.document(),
            asked.size(),
            asked.quorum(),
            asked.delay(),
            asked.asked(),
            asked.expires().plusSeconds(1));
    assertNoSuccessor(first, link(2, SECOND, lasting, ALICE, BOB), "at most PT24H are theirs");
  }

  @Test
  void onlyTheFoundersChangeAPolicyThatDoesNotSayWhoMay() {
    Bytes silent = bytes("format: countersign/policy/v1\nrules: []\n");
    PolicySuccession founded =
        PolicySuccession.of(FOUNDERS).then(founded(FOUNDERS, silent, FRIDA, HEDWIG));
    PolicyChangeStatement statement = statement(founded, FIRST);
    assertThat(statement.quorum().text()).isEqualTo("2 of founders(frida,gustav,hedwig)");
    assertNoSuccessor(founded, link(2, FIRST, statement, ALICE, BOB), "it needs 2 of founders");
    assertThat(founded.then(link(2, FIRST, statement, GUSTAV, HEDWIG)).base().number())
        .isEqualTo(2);
  }

  /// A later release may refuse what this one takes; who may change it is still told.
  @Test
  void aDocumentThatCannotBeJudgedByStillSaysWhoFollowsIt() {
    Bytes strange =
        bytes(
            new String(FIRST.toArray(), StandardCharsets.UTF_8)
                .replace("rules: []", "rules: [{shape: unheard-of}]"));
    PolicySuccession founded =
        PolicySuccession.of(FOUNDERS).then(founded(FOUNDERS, strange, FRIDA, GUSTAV));
    assertThat(founded.then(link(2, SECOND, statement(founded, SECOND), ALICE, CAROL)).base())
        .extracting(PolicyVersion::number)
        .isEqualTo(2L);
  }

  @Test
  void aSignatureUnderAnothersNameDoesNotCount() {
    PolicySuccession first = first();
    PolicyChangeStatement statement = statement(first, SECOND);
    Approval bobs = BOB.approves(statement);
    List<Approval> forged = new ArrayList<>();
    forged.add(ALICE.approves(statement));
    forged.add(
        new Approval(new ApproverName("carol"), bobs.key(), bobs.decision(), bobs.signature()));
    assertThat(first.then(new PolicyLink(2, SECOND, statement.bytes(), forged)).head())
        .isEqualTo(first.head());
  }
}
