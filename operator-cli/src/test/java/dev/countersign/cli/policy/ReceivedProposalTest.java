package dev.countersign.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.countersign.api.v1.PolicyProposal;
import dev.countersign.cli.CommandException;
import dev.countersign.core.approval.PolicyChangeStatement;
import dev.countersign.core.approval.ProposalId;
import dev.countersign.core.approval.Quorum;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ClientId;
import dev.countersign.policy.succession.Founders;
import dev.countersign.policy.succession.FoundersReader;
import dev.countersign.policy.succession.FoundersReader.Reading;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A server that shows one thing and has another signed is found out.
class ReceivedProposalTest {
  private static final ProposalId ID = ProposalId.parse("0193576e-7c00-7000-8000-000000000001");
  private static final String KEY = "ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
  private static final Bytes BASE =
      bytes(
          """
          format: countersign/policy/v1
          approvers: {alice: {keys: ["%s"]}}
          groups: {treasury: [alice]}
          changes: {approvals: {group: treasury, count: 1}, delay: PT1H}
          rules: []
          """
              .formatted(KEY));
  private static final Bytes DOCUMENT = bytes("format: countersign/policy/v1\nrules: []\n");
  private static final Instant ASKED = Instant.parse("2026-11-23T06:00:00Z");

  private static Bytes bytes(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static PolicyChangeStatement statement(
      Bytes base, Bytes document, String quorum, Duration delay) {
    return new PolicyChangeStatement(
        "production",
        ID,
        Optional.of(new ClientId("policy-desk")),
        new PolicyVersion(7, PolicyChangeStatement.hashOf(base)),
        PolicyChangeStatement.hashOf(document),
        document.size(),
        Quorum.parse(quorum),
        delay,
        ASKED,
        ASKED.plus(Duration.ofDays(7)));
  }

  private static PolicyChangeStatement honest() {
    return statement(BASE, DOCUMENT, "1 of treasury(alice)", Duration.ofHours(1));
  }

  private static ReceivedProposal received(PolicyChangeStatement statement, Bytes document) {
    return ReceivedProposal.of(
        ID,
        PolicyProposal.newBuilder()
            .setProposal(ID.toString())
            .setState(PolicyProposal.State.STATE_PROPOSED)
            .setStatement(statement.text())
            .setDocument(ByteString.copyFrom(document.toArray()))
            .setNote("wire \u202e everything")
            .build(),
        version -> BASE);
  }

  private static Founders founders(String deployment) {
    String file =
        """
        format: countersign/founders/v1
        deployment: %s
        founders: {alice: {keys: ["%s"]}}
        quorum: 1
        """
            .formatted(deployment, KEY);
    return ((Reading.Valid) FoundersReader.read(file.getBytes(StandardCharsets.UTF_8))).founders();
  }

  @Test
  void takesWhatFitsTogether() {
    ReceivedProposal received = received(honest(), DOCUMENT);
    received.check(Optional.empty());
    received.check(Optional.of(founders("production")));
    assertThat(String.join("\n", ProposalWords.of(received)))
        .contains(
            "loosens  changes: {approvals:",
            "follows      version 7",
            "needs        1 of treasury (alice)")
        .doesNotContain("\u202e");
  }

  @Test
  void refusesAnotherDocumentThanTheStatementIsAbout() {
    assertThatThrownBy(() -> received(honest(), bytes("rules: []\n")))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("nothing was signed");
  }

  @Test
  void refusesABaseThatIsNotTheOneThatItFollows() {
    assertThatThrownBy(
            () ->
                received(
                    statement(DOCUMENT, DOCUMENT, "1 of treasury(alice)", Duration.ofHours(1)),
                    DOCUMENT))
        .hasMessageContaining("policy 7 is not the one that it follows");
  }

  @Test
  void refusesAnotherProposalThanItAskedFor() {
    ProposalId other = ProposalId.parse("0193576e-7c00-7000-8000-000000000002");
    assertThatThrownBy(
            () ->
                ReceivedProposal.of(
                    other,
                    PolicyProposal.newBuilder()
                        .setStatement(honest().text())
                        .setDocument(ByteString.copyFrom(DOCUMENT.toArray()))
                        .build(),
                    version -> BASE))
        .hasMessageContaining("it is about proposal 0193576e-7c00-7000-8000-000000000001");
  }

  @Test
  void refusesAnEasierQuorumOrAShorterDelayThanThePolicyAsks() {
    for (PolicyChangeStatement lax :
        new PolicyChangeStatement[] {
          statement(BASE, DOCUMENT, "1 of interns(alice,bob)", Duration.ofHours(1)),
          statement(BASE, DOCUMENT, "1 of treasury(alice)", Duration.ZERO)
        }) {
      assertThatThrownBy(() -> received(lax, DOCUMENT).check(Optional.empty()))
          .hasMessageContaining("by policy 7 that it follows");
    }
  }

  @Test
  void refusesAnotherDeployment() {
    assertThatThrownBy(() -> received(honest(), DOCUMENT).check(Optional.of(founders("staging"))))
        .hasMessageContaining("it is for the deployment production");
  }
}
