package dev.countersign.core.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.action.SignableMessage;
import dev.countersign.core.decision.PermitTerms;
import dev.countersign.core.evm.RecoverableSignature;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.model.WalletId;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ApprovedMessageTest {
  private static final String REQUEST = "0193576e-7c00-7000-8000-000000000002";
  private static final Intent.OfMessage LOGIN = personal("log in");

  private static Intent.PersonalMessage personal(String text) {
    return new Intent.PersonalMessage(Bytes.of(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static ApprovalStatement about(Intent intent) {
    return Statements.about(REQUEST, intent, Statements.TREASURY);
  }

  private static Bytes preimage(Intent.OfMessage message) {
    return ((SignableMessage.Understood) SignableMessage.read(message, Statements.ACCOUNT))
        .preimage();
  }

  @Test
  void theStatementNamesWhatIsSignedAndReadsBack() {
    ApprovalStatement statement = about(LOGIN);
    assertThat(statement.text())
        .startsWith("countersign/message-approval/v1\nrequest " + REQUEST + "\n")
        .contains("\nmessage personal\nsigning-digest 0x")
        .doesNotContain("\nto ", "\nvalue ", "maximum-gas-cost");
    assertThat(ApprovalStatement.parse(statement.bytes())).isEqualTo(statement);
  }

  @Test
  void anotherKindOrAnotherFirstLineIsAnotherStatement() {
    String text = about(LOGIN).text();
    for (String wrong :
        List.of(
            text.replace("message personal", "message other"),
            text.replace(ApprovalStatement.MESSAGE_FORMAT, ApprovalStatement.FORMAT))) {
      assertThatThrownBy(
              () -> ApprovalStatement.parse(Bytes.of(wrong.getBytes(StandardCharsets.US_ASCII))))
          .isInstanceOf(InvalidValueException.class);
    }
  }

  @Test
  void onlyTheMessageApprovedMayBeSigned() {
    var approved = (ApprovedMessage) about(LOGIN).subject();
    assertThat(approved.difference(preimage(LOGIN), Statements.ACCOUNT)).isEmpty();
    assertThat(approved.difference(preimage(personal("log out")), Statements.ACCOUNT))
        .hasValueSatisfying(words -> assertThat(words).startsWith("message: approved is 0x"));
    assertThat(approved.difference(preimage(LOGIN), Statements.TO))
        .hasValueSatisfying(words -> assertThat(words).startsWith("account: approved is 0x"));
  }

  @Test
  void evidenceOfATransactionIsNoneOfAMessage() {
    var evidence = new ApprovalEvidence(about(Statements.CALL), List.of());
    var terms =
        new PermitTerms(
            evidence.statement().request(),
            new BackendName("softhsm"),
            new KeyId("key"),
            preimage(LOGIN),
            evidence.statement().terms().policy(),
            List.of());
    assertThat(evidence.fault(terms)).isPresent();
  }

  @Test
  void whatCannotBeReadCannotBeApproved() {
    assertThatThrownBy(
            () ->
                ApprovedMessage.of(
                    new WalletId("hot-1"),
                    Statements.ACCOUNT,
                    Statements.content(LOGIN).chain(),
                    new Intent.TypedData("{}")))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void aSignatureIs65BytesAndReadsBack() {
    var signature = new RecoverableSignature(BigInteger.TWO.pow(255), BigInteger.valueOf(3), 1);
    Bytes bytes = signature.ethereum();
    assertThat(bytes.hex()).isEqualTo("0x80" + "00".repeat(31) + "00".repeat(31) + "031c");
    assertThat(RecoverableSignature.ofEthereum(bytes)).isEqualTo(signature);
  }
}
