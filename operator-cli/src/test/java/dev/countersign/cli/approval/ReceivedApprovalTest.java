package dev.countersign.cli.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.countersign.api.v1.MarketFees;
import dev.countersign.api.v1.PendingApproval;
import dev.countersign.cli.CommandException;
import dev.countersign.core.approval.ApprovalStatement;
import dev.countersign.core.approval.ApprovalTerms;
import dev.countersign.core.approval.Quorum;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.FeeChoice;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.model.Wei;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.RequestContent;
import dev.countersign.core.request.SigningRequestId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReceivedApprovalTest {
  private static final SigningRequestId ASKED = SigningRequestId.parse(SampleApproval.REQUEST);

  @Test
  void makesTheStatementOfAnHonestServer() {
    var message = SampleApproval.honest().build();
    assertThat(ReceivedApproval.of(ASKED, message).statement().text())
        .isEqualTo(message.getStatement());
  }

  /// The same of a request to sign a message.
  private static PendingApproval.Builder login(String text) {
    var intent = new Intent.PersonalMessage(Bytes.of(text.getBytes(StandardCharsets.UTF_8)));
    var statement =
        ApprovalStatement.of(
            ASKED,
            new IdempotencyKey(new ClientId("trading-desk"), "order/7"),
            RequestContent.ofMessage(new WalletId("hot-1"), ChainId.ofEip155(1), intent),
            Address.parse("0x" + "aa".repeat(20)),
            Wei.ZERO,
            new ApprovalTerms(
                7,
                Digest32.fromHex("0x" + "cc".repeat(32)),
                List.of("large", "new-destination"),
                Quorum.parse("2 of treasury(alice,bob,carol)"),
                Duration.ofHours(2),
                Instant.parse("2026-11-23T06:00:00Z"),
                Instant.parse("2026-11-24T06:00:00Z")));
    return SampleApproval.honest()
        .clearTo()
        .clearValue()
        .clearData()
        .clearMaximumGasCost()
        .setPersonalMessage(ByteString.copyFromUtf8(text))
        .setStatement(statement.text());
  }

  @Test
  void aMessageIsShownInFullAndNothingOfItMovesTheCursor() {
    var received = ReceivedApproval.of(ASKED, login("log in\n\u001b[2Jto the exchange").build());

    assertThat(String.join("\n", new ApprovalWords(received).lines()))
        .contains("| log in")
        .contains("to the exchange")
        .contains("signs a text of")
        .contains("signs        0x")
        .doesNotContain("\u001b")
        .doesNotContain("gas");
  }

  @Test
  void theTextOfAMessageIsInTheStatement() {
    var other = login("log in").setPersonalMessage(ByteString.copyFromUtf8("log out")).build();
    assertThatThrownBy(() -> ReceivedApproval.of(ASKED, other))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("nothing was signed");
  }

  static Stream<Arguments> lies() {
    return Stream.of(
        lie("line 9\n", message -> message.setTo("0x" + "bc".repeat(20))),
        lie("line 5\n", message -> message.setData(SampleApproval.bytes("2e1a7d4d"))),
        lie("line 5\n", message -> message.setValue("1500000001")),
        lie("line 5\n", message -> message.setFees(SampleApproval.fees())),
        lie(
            "line 5\n",
            message -> message.setMarketFees(MarketFees.newBuilder().setMaxFeePerGas("1"))),
        lie("cannot be", message -> message.setMarketFees(fixedCapWithoutOne())),
        lie("line 5\n", message -> message.setWallet("hot-2")),
        lie("line 5\n", message -> message.setChain("eip155:10")),
        lie("line 3\n", message -> message.setClient("other-desk")),
        lie("line 4\n", message -> message.setRequestId("order/8")),
        lie("line 7\n", message -> message.setAccount("0x" + "ab".repeat(20))),
        lie("line 12\n", message -> message.setMaximumGasCost("1")),
        lie("line 13\n", message -> message.setPolicyVersion(8)),
        lie("line 13\n", message -> message.setPolicyHash("0x" + "cd".repeat(32))),
        lie("line 14\n", message -> message.addRules("third")),
        lie("line 15\n", message -> message.setRoute("private")),
        lie("cannot be", message -> message.setRoute("by pigeon")),
        lie("line 15\n", message -> message.setQuorum("1 of treasury(alice,bob,carol)")),
        lie("line 16\n", message -> message.setDelay(message.getDelay().toBuilder().setSeconds(1))),
        lie(
            "line 17\n",
            message -> message.setAskTime(SampleApproval.time("2026-11-22T00:00:00Z"))),
        lie(
            "line 18\n",
            message -> message.setExpireTime(SampleApproval.time("2026-12-24T00:00:00Z"))),
        lie("line 19\n", message -> message.setStatement(message.getStatement() + "more x\n")),
        lie("line 1\n", message -> message.setStatement("")));
  }

  private static MarketFees.Builder fixedCapWithoutOne() {
    return MarketFees.newBuilder().setStrategy(MarketFees.Strategy.STRATEGY_FIXED_CAP);
  }

  @Test
  void howFeesAreFoundIsShownAndInTheStatement() {
    ApprovalStatement statement =
        ApprovalStatement.of(
            ASKED,
            new IdempotencyKey(new ClientId("trading-desk"), "order/7"),
            new RequestContent(
                new WalletId("hot-1"),
                ChainId.ofEip155(1),
                new Intent.NativeTransfer(new Address("0x" + "bb".repeat(20)), Wei.of(5)),
                FeeChoice.ByMarket.parse("urgent/40000000000/-"),
                Optional.empty()),
            new Address("0x" + "aa".repeat(20)),
            Wei.of(1_000),
            new ApprovalTerms(
                7,
                Digest32.fromHex("0x" + "cc".repeat(32)),
                List.of("large"),
                Quorum.parse("2 of treasury(alice,bob,carol)"),
                Duration.ZERO,
                Instant.parse("2026-11-23T06:00:00Z"),
                Instant.parse("2026-11-24T06:00:00Z")));
    PendingApproval message =
        SampleApproval.honest()
            .setValue("5")
            .clearData()
            .setMaximumGasCost("1000")
            .clearRules()
            .addRules("large")
            .setDelay(com.google.protobuf.Duration.getDefaultInstance())
            .setMarketFees(
                MarketFees.newBuilder()
                    .setStrategy(MarketFees.Strategy.STRATEGY_URGENT)
                    .setMaxFeePerGas("40000000000"))
            .setStatement(statement.text())
            .build();
    assertThat(statement.text()).contains("\nfees urgent/40000000000/-\n");
    assertThat(String.join("\n", new ApprovalWords(ReceivedApproval.of(ASKED, message)).lines()))
        .containsPattern("fees +urgent, at most 40000000000 wei per gas");
    assertThatThrownBy(
            () -> ReceivedApproval.of(ASKED, message.toBuilder().clearMarketFees().build()))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("nothing was signed");
  }

  private static Arguments lie(String line, UnaryOperator<PendingApproval.Builder> change) {
    return Arguments.of(line, change);
  }

  /// Each field that is shown is in the statement.
  @ParameterizedTest
  @MethodSource("lies")
  void refusesAStatementThatIsNotOfTheFieldsSent(
      String line, UnaryOperator<PendingApproval.Builder> change) {
    var message = change.apply(SampleApproval.honest()).build();
    assertThatThrownBy(() -> ReceivedApproval.of(ASKED, message))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining(line)
        .hasMessageContaining("nothing was signed");
  }
}
