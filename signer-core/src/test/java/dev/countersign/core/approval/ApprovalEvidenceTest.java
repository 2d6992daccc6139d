package dev.countersign.core.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.decision.PermitMint;
import dev.countersign.core.decision.PermitTerms;
import dev.countersign.core.decision.SealKey;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wei;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ApprovalEvidenceTest {
  private static final String OTHER_REQUEST = "0193576e-7c00-7000-8000-000000000002";
  private static final TestApprover ALICE = TestApprover.ed25519("alice", 1);
  private static final TestApprover BOB = TestApprover.ed25519("bob", 2);
  private static final ApprovalStatement STATEMENT = Statements.one();
  private static final ApprovalEvidence EVIDENCE =
      new ApprovalEvidence(STATEMENT, List.of(ALICE.approves(STATEMENT), BOB.approves(STATEMENT)));

  private static PermitTerms terms(
      ApprovalEvidence evidence, Intent.OfTransaction intent, long feePerGas) {
    return new PermitTerms(
        STATEMENT.request(),
        new BackendName("softhsm"),
        new KeyId("hot-1"),
        UnsignedTransaction.of(
                ChainId.ofEip155(1),
                new Nonce(5),
                new Fees(Wei.of(1), Wei.of(feePerGas), new GasLimit(100_000)),
                intent)
            .encode(),
        STATEMENT.terms().policy(),
        evidence.digests());
  }

  private static Optional<String> fault(ApprovalEvidence evidence) {
    return evidence.fault(terms(evidence, Statements.CALL, 30));
  }

  @Test
  void isGoodForWhatWasApprovedAtAnyFeeUpToTheCap() {
    assertThat(fault(EVIDENCE)).isEmpty();
    assertThat(EVIDENCE.fault(terms(EVIDENCE, Statements.CALL, 100_000_000_000L))).isEmpty();
    assertThat(EVIDENCE.fault(terms(EVIDENCE, Statements.CALL, 100_000_000_001L)).orElseThrow())
        .startsWith("something else was approved: gas cost");
  }

  @Test
  void isNoneOfOtherCallData() {
    Intent.OfTransaction other =
        new Intent.ContractCall(
            Statements.TO,
            Wei.of(1_500_000_000),
            Bytes.fromHex("0x2e1a7d4d" + "00".repeat(31) + "01"));
    assertThat(EVIDENCE.fault(terms(EVIDENCE, other, 30)).orElseThrow())
        .startsWith("something else was approved: data");
  }

  @Test
  void isNoneWithoutEverybodyWhoIsNeeded() {
    assertThat(fault(new ApprovalEvidence(STATEMENT, List.of(ALICE.approves(STATEMENT)))))
        .hasValueSatisfying(fault -> assertThat(fault).startsWith("it still needs 1 more"));
  }

  @Test
  void isNoneWithASignatureOfSomethingElse() {
    var other = Statements.about(OTHER_REQUEST, Statements.CALL, Statements.TREASURY);
    assertThat(
            fault(
                new ApprovalEvidence(
                    STATEMENT, List.of(ALICE.approves(STATEMENT), BOB.approves(other)))))
        .contains("bob has not approved this");
    assertThat(
            fault(
                new ApprovalEvidence(
                    STATEMENT, List.of(ALICE.approves(STATEMENT), BOB.rejects(STATEMENT)))))
        .contains("bob has not approved this");
    assertThat(
            fault(new ApprovalEvidence(other, List.of(ALICE.approves(other), BOB.approves(other)))))
        .contains("the approvals are of request " + OTHER_REQUEST);
  }

  @Test
  void aPermitIsInspectedTogetherWithItsApprovals() {
    var mint = new PermitMint(SealKey.random(new SecureRandom()));
    PermitTerms terms = terms(EVIDENCE, Statements.CALL, 30);
    assertThat(mint.inspector().fault(mint.issue(terms, Optional.of(EVIDENCE)))).isEmpty();
    assertThat(mint.inspector().fault(mint.issue(terms)))
        .contains("the permit comes without the approvals that it names");
    var fewer = new ApprovalEvidence(STATEMENT, EVIDENCE.approvals().subList(0, 1));
    assertThat(mint.inspector().fault(mint.issue(terms, Optional.of(fewer))))
        .contains("the approvals are others than the permit names");
  }
}
