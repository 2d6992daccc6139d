package dev.countersign.core.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.approval.ApprovalTally.Outcome;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.InvalidValueException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Two of alice, bob and carol have to approve what policy-desk proposes, who is carol.
class PolicyChangeStatementTest {
  private static final TestApprover ALICE = TestApprover.ed25519("alice", 1);
  private static final TestApprover BOB = TestApprover.ed25519("bob", 2);
  private static final TestApprover CAROL = TestApprover.ed25519("carol", 3);
  private static final TestApprover ALICES_SECOND = TestApprover.ed25519("alice", 4);
  private static final Bytes DOCUMENT =
      Bytes.of("format: countersign/policy/v1\nrules: []\n".getBytes(StandardCharsets.UTF_8));
  private static final Instant ASKED = Instant.parse("2026-11-23T06:00:00Z");
  private static final PolicyChangeStatement STATEMENT =
      statement("0193576e-7c00-7000-8000-000000000001", DOCUMENT);
  private static final ApproverRegistry REGISTRY =
      new ApproverRegistry(
          Map.of(
              ALICE.name(),
              new Approver(Set.of(ALICE.key(), ALICES_SECOND.key()), Optional.empty()),
              BOB.name(),
              new Approver(Set.of(BOB.key()), Optional.empty()),
              CAROL.name(),
              new Approver(Set.of(CAROL.key()), Optional.of(new ClientId("policy-desk")))));

  private static PolicyChangeStatement statement(String proposal, Bytes document) {
    return new PolicyChangeStatement(
        "production",
        ProposalId.parse(proposal),
        Optional.of(new ClientId("policy-desk")),
        new PolicyVersion(7, Digest32.fromHex("0x" + "cc".repeat(32))),
        PolicyChangeStatement.hashOf(document),
        document.size(),
        Quorum.parse("2 of treasury(alice,bob,carol)"),
        Duration.ofHours(24),
        ASKED,
        ASKED.plus(Duration.ofDays(7)));
  }

  private static Outcome tally(Approval... approvals) {
    return ApprovalTally.of(STATEMENT, REGISTRY, List.of(approvals), ASKED.plusSeconds(60))
        .outcome();
  }

  @Test
  void hasTheBytesOfTheDocumentation() {
    assertThat(STATEMENT.text())
        .isEqualTo(
            """
            countersign/policy-change/v1
            deployment production
            proposal 0193576e-7c00-7000-8000-000000000001
            proposer policy-desk
            base 7 0xcccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc
            document 0xDOCUMENT 40
            quorum 2 of treasury(alice,bob,carol)
            delay PT86400S
            asked 2026-11-23T06:00:00Z
            expires 2026-11-30T06:00:00Z
            """
                .replace("0xDOCUMENT", PolicyChangeStatement.hashOf(DOCUMENT).hex()));
    assertThat(STATEMENT.digest().hex())
        .isEqualTo("0x329f1f76287620cc41e167a151bf5a169dd8e8d8412193b97a871bc2fe72b915");
    assertThat(new String(STATEMENT.signedBytes(Approval.Decision.APPROVE), StandardCharsets.UTF_8))
        .isEqualTo(STATEMENT.text() + "decision approve\n");
  }

  @Test
  void readsItsOwnBytesAndNoOthers() {
    assertThat(PolicyChangeStatement.parse(STATEMENT.bytes())).isEqualTo(STATEMENT);
    PolicyChangeStatement founding =
        new PolicyChangeStatement(
            "production",
            STATEMENT.proposal(),
            Optional.empty(),
            PolicyChangeStatement.NO_POLICY,
            STATEMENT.document(),
            STATEMENT.size(),
            STATEMENT.quorum(),
            Duration.ZERO,
            ASKED,
            STATEMENT.expires());
    assertThat(founding.text()).contains("\nproposer -\nbase 0 0xe3b0c442");
    assertThat(PolicyChangeStatement.parse(founding.bytes())).isEqualTo(founding);
  }

  @ParameterizedTest
  @CsvSource({
    "production, Production",
    "countersign/policy-change/v1, countersign/approval/v1",
    "000001, 00000G",
    "0193576e, 0193576E",
    "policy-desk, policy desk",
    "base 7, base 07",
    "base 7, base 0",
    "base 7, base -7",
    "' 40', ' 040'",
    "2 of, 4 of",
    "'alice,bob', 'bob,alice'",
    "PT86400S, PT24H",
    "asked 2026-11-23T06:00:00Z, asked 2026-11-23T06:00:00.5Z",
    "expires 2026-11-30T06:00:00Z, expires 2026-11-22T06:00:00Z",
    "expires, until"
  })
  void refusesWhatIsNotExactlyAStatement(String there, String instead) {
    Bytes bytes =
        Bytes.of(STATEMENT.text().replace(there, instead).getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> PolicyChangeStatement.parse(bytes))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void isAboutOneDocumentAlone() {
    assertThat(STATEMENT.isAbout(DOCUMENT)).isTrue();
    assertThat(STATEMENT.isAbout(Bytes.of("rules: []\n".getBytes(StandardCharsets.UTF_8))))
        .isFalse();
  }

  @Test
  void enoughMembersApproveIt() {
    assertThat(tally(ALICE.approves(STATEMENT), BOB.approves(STATEMENT)))
        .isInstanceOf(Outcome.Met.class);
  }

  @Test
  void anApprovalOfAnotherProposalOfTheSameDocumentDoesNotCount() {
    PolicyChangeStatement other = statement("0193576e-7c00-7000-8000-000000000002", DOCUMENT);
    assertThat(tally(ALICE.approves(other), BOB.approves(other)))
        .isInstanceOf(Outcome.Waiting.class);
  }

  @Test
  void anApprovalOfAnotherDocumentDoesNotCount() {
    PolicyChangeStatement other =
        statement("0193576e-7c00-7000-8000-000000000001", Bytes.of(new byte[40]));
    assertThat(tally(ALICE.approves(other), BOB.approves(other)))
        .isInstanceOf(Outcome.Waiting.class);
  }

  @Test
  void whoeverProposesDoesNotApprove() {
    assertThat(tally(ALICE.approves(STATEMENT), CAROL.approves(STATEMENT)))
        .isInstanceOf(Outcome.Waiting.class);
    assertThat(tally(CAROL.rejects(STATEMENT))).isInstanceOf(Outcome.Rejected.class);
  }

  @Test
  void onePersonWithTwoKeysCountsOnce() {
    assertThat(tally(ALICE.approves(STATEMENT), ALICES_SECOND.approves(STATEMENT)))
        .isInstanceOf(Outcome.Waiting.class);
  }
}
