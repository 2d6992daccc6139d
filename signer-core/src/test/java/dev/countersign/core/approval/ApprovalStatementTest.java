package dev.countersign.core.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.decision.Route;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.FeeChoice;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wei;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApprovalStatementTest {
  private static final String GOLDEN =
      """
      countersign/approval/v1
      request 0193576e-7c00-7000-8000-000000000001
      client trading-desk
      request-id order/7
      request-digest 0x5e22d67757c9f6e30c7ab53acbb34f32de61d4ee65f7f6ea849e1a0819898f68
      wallet hot-1
      account 0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
      chain eip155:1
      to 0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
      value 1500000000
      data 0x849142dafc1ad502ba622350cb23109004a281df5a638a73d796ce52f953ba71 36
      maximum-gas-cost 10000000000000000
      policy 7 0xcccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc
      rules large,new-destination
      quorum 2 of treasury(alice,bob,carol)
      delay PT7200S
      asked 2026-11-23T06:00:00Z
      expires 2026-11-24T06:00:00Z
      """;

  private static final UnsignedTransaction APPROVED = transaction(Statements.CALL, 1_000_000_000L);

  @Test
  void hasTheBytesOfTheDocumentation() {
    ApprovalStatement statement = Statements.one();
    assertThat(statement.text()).isEqualTo(GOLDEN);
    assertThat(statement.digest().hex())
        .isEqualTo("0xabe0ff47e3aa938a6f0cdf7cd122f0a786d6dc47e8dc16072a1184228a319fc9");
    assertThat(new String(statement.signedBytes(Approval.Decision.APPROVE), StandardCharsets.UTF_8))
        .isEqualTo(GOLDEN + "decision approve\n");
    assertThat(new String(statement.signedBytes(Approval.Decision.REJECT), StandardCharsets.UTF_8))
        .isEqualTo(GOLDEN + "decision reject\n");
  }

  @ParameterizedTest
  @CsvSource({
    "countersign/approval/v1,countersign/approval/v2",
    "request 0193576e-7c00-7000,request 0193576E-7c00-7000",
    "client trading-desk,client  trading-desk",
    "account 0xaa,account 0xAA",
    "value 1500000000,value 01500000000",
    "value 1500000000,value 1.5e9",
    "value 1500000000,value -1500000000",
    " 36, 036",
    " 36, 99999999999",
    "rules large,rules Large",
    "'large,new','large, new'",
    "'rules large,','rules large,,'",
    "PT7200S,PT2H",
    "PT7200S,PTS",
    "'asked 2026-11-23T06:00:00Z','asked 2026-11-23T06:00:00.5Z'",
    "'asked 2026-11-23T06:00:00Z','asked 2026-11-23T06:00Z'",
    "expires 2026-11-24,expires 2026-11-22",
    "policy 7,policy 0",
    "policy 7,policy 9999999999999999999999",
    "wallet hot-1,vault hot-1"
  })
  void takesNoOtherForm(String part, String other) {
    String text = GOLDEN.replace(part, other);
    assertThat(text).isNotEqualTo(GOLDEN);
    assertThatThrownBy(() -> parse(text)).isInstanceOf(InvalidValueException.class);
  }

  @Test
  void takesNeitherMoreNorLess() {
    assertThat(parse(GOLDEN)).isEqualTo(Statements.one());
    for (String text :
        new String[] {
          "",
          GOLDEN.stripTrailing(),
          GOLDEN + "\n",
          GOLDEN + "decision approve\n",
          GOLDEN.replace("\n", "\r\n"),
          GOLDEN.replace("chain eip155:1\n", "")
        }) {
      assertThatThrownBy(() -> parse(text)).isInstanceOf(InvalidValueException.class);
    }
  }

  private static ApprovalStatement parse(String text) {
    return ApprovalStatement.parse(Bytes.of(text.getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void thatItGoesByAPrivateRelayIsALineOfItsOwn() {
    ApprovalStatement open = Statements.one();
    for (Map.Entry<String, Route> one :
        Map.<String, Route>of(
                "private", new Route.Private(List.of("swaps"), OptionalInt.empty()),
                "private public-after 25", new Route.Private(List.of("swaps"), OptionalInt.of(25)))
            .entrySet()) {
      ApprovalStatement hidden =
          new ApprovalStatement(
              open.request(),
              open.key(),
              open.requestDigest(),
              open.subject(),
              open.terms().by(HiddenRoute.of(one.getValue())));
      assertThat(hidden.text())
          .isEqualTo(open.text().replace("\nquorum", "\nroute " + one.getKey() + "\nquorum"));
      assertThat(parse(hidden.text())).isEqualTo(hidden);
    }
    for (String bad : List.of("public", "private public-after 0", "private public-after 01", "")) {
      String text = open.text().replace("\nquorum", "\nroute " + bad + "\nquorum");
      assertThatThrownBy(() -> parse(text)).as(bad).isInstanceOf(InvalidValueException.class);
    }
    assertThat(open.terms().by(HiddenRoute.of(Route.open()))).isEqualTo(open.terms());
  }

  @Test
  void termsAreInWholeSeconds() {
    ApprovalTerms terms = Statements.one().terms();
    assertThatThrownBy(
            () ->
                new ApprovalTerms(
                    terms.policy(),
                    terms.rules(),
                    terms.quorum(),
                    Duration.ofMillis(1500),
                    terms.asked(),
                    terms.expires()))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(
            () ->
                new ApprovalTerms(
                    terms.policy(),
                    terms.rules(),
                    terms.quorum(),
                    terms.delay(),
                    terms.asked().plusNanos(1),
                    terms.expires()))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void whatIsSignedMayHaveOtherFeesUpToTheCap() {
    ApprovedTransaction approved = Statements.transaction();
    assertThat(approved.difference(APPROVED, Statements.ACCOUNT)).isEmpty();
    UnsignedTransaction atTheCap = transaction(Statements.CALL, 100_000_000_000L);
    assertThat(approved.difference(atTheCap, Statements.ACCOUNT)).isEmpty();
  }

  @Test
  void changedFeeBeyondTheCapIsNotApproved() {
    UnsignedTransaction above = transaction(Statements.CALL, 100_000_000_001L);
    assertThat(Statements.transaction().difference(above, Statements.ACCOUNT))
        .hasValue("gas cost: approved is at most 10000000000000000 wei, got 10000000000100000");
  }

  @Test
  void howFeesAreFoundIsALineAndBindsWhoeverSigns() {
    ApprovalStatement plain = Statements.one();
    ApprovedTransaction approved = Statements.transaction();
    ApprovalStatement chosen =
        new ApprovalStatement(
            plain.request(),
            plain.key(),
            plain.requestDigest(),
            new ApprovedTransaction(
                approved.wallet(),
                approved.account(),
                approved.chain(),
                approved.to(),
                approved.value(),
                approved.dataHash(),
                approved.dataSize(),
                approved.envelopeHash(),
                Optional.of(FeeChoice.ByMarket.parse("urgent/2000000000/100000")),
                approved.maximumGasCost()),
            plain.terms());
    assertThat(chosen.text())
        .isEqualTo(
            plain
                .text()
                .replace("maximum-gas-cost", "fees urgent/2000000000/100000\nmaximum-gas-cost"));
    assertThat(ApprovalStatement.parse(chosen.bytes())).isEqualTo(chosen);
    ApprovedTransaction subject = (ApprovedTransaction) chosen.subject();
    assertThat(subject.difference(transaction(Statements.CALL, 2_000_000_000L), Statements.ACCOUNT))
        .isEmpty();
    assertThat(subject.difference(transaction(Statements.CALL, 2_000_000_001L), Statements.ACCOUNT))
        .hasValue("fee per gas: approved is at most 2000000000 wei, got 2000000001");
    UnsignedTransaction moreGas =
        UnsignedTransaction.of(
            ChainId.ofEip155(1),
            new Nonce(3),
            new Fees(Wei.of(1), Wei.of(1), new GasLimit(100_001)),
            Statements.CALL);
    assertThat(subject.difference(moreGas, Statements.ACCOUNT))
        .hasValue("gas limit: approved is 100000, got 100001");
  }

  @Test
  void changedCallDataIsNotApproved() {
    Intent.OfTransaction other =
        new Intent.ContractCall(
            Statements.TO,
            Wei.of(1_500_000_000),
            Bytes.fromHex("0x2e1a7d4d" + "00".repeat(31) + "01"));
    assertThat(difference(other))
        .startsWith("data: approved is 0x")
        .contains("of 36 bytes, got 0x");
    Intent.OfTransaction none = new Intent.NativeTransfer(Statements.TO, Wei.of(1_500_000_000));
    assertThat(difference(none)).endsWith("of 0 bytes");
  }

  @Test
  void changedDestinationValueChainOrAccountIsNotApproved() {
    Bytes data = Bytes.fromHex("0x2e1a7d4d" + "00".repeat(32));
    assertThat(difference(new Intent.ContractCall(Statements.ACCOUNT, Wei.of(1_500_000_000), data)))
        .startsWith("to: approved is ");
    assertThat(difference(new Intent.ContractCall(Statements.TO, Wei.of(1), data)))
        .isEqualTo("value: approved is 1500000000, got 1");
    UnsignedTransaction elsewhere =
        UnsignedTransaction.of(
            ChainId.ofEip155(137), new Nonce(0), APPROVED.fees(), Statements.CALL);
    assertThat(Statements.transaction().difference(elsewhere, Statements.ACCOUNT))
        .hasValue("chain: approved is eip155:1, got eip155:137");
    Address other = Statements.TO;
    assertThat(Statements.transaction().difference(APPROVED, other))
        .hasValueSatisfying(text -> assertThat(text).startsWith("account: approved is "));
  }

  private static String difference(Intent.OfTransaction intent) {
    return Statements.transaction()
        .difference(transaction(intent, 1_000_000_000L), Statements.ACCOUNT)
        .orElseThrow();
  }

  private static UnsignedTransaction transaction(Intent.OfTransaction intent, long feePerGas) {
    return UnsignedTransaction.of(
        ChainId.ofEip155(1),
        new Nonce(3),
        new Fees(Wei.of(1), Wei.of(feePerGas), new GasLimit(100_000)),
        intent);
  }
}
