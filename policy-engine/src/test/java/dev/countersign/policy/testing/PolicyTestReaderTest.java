package dev.countersign.policy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.evm.TransactionDecoder;
import dev.countersign.core.evm.TransactionDecoder.Outcome;
import dev.countersign.core.model.IpAddress;
import dev.countersign.core.request.Credential;
import dev.countersign.core.request.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyTestReaderTest {
  private static final String POLICY =
      """
      format: countersign/policy/v1
      rules:
        - name: pay
          effect: ALLOW
          initiators: any
          wallets: any
          chains: any
          operations: [native-transfer, erc20-transfer]
          assets: [native]
          destinations: any
          maximumGasCost: any
          limits: [{name: daily, maximum: 5 ether, counts: [value], window: PT24H}]
      """;
  private static final String HEAD =
      """
      format: countersign/policy-test/v1
      policy: policy.yaml
      wallets: { hot-1: "0x27b1fdb04752bbc536007a920d24acb045561c26" }
      addresses: { bob: "0x1111111111111111111111111111111111111111" }
      defaults: { initiator: desk, wallet: hot-1, chain: "eip155:1" }
      cases:
      """;

  @TempDir private Path directory;

  private PolicyTestFile.Reading read(String lines) throws IOException {
    Files.writeString(directory.resolve("policy.yaml"), POLICY);
    String text = HEAD + "  - name: it\n" + lines.indent(4);
    return PolicyTestReader.read(Files.writeString(directory.resolve("test.yaml"), text));
  }

  private PolicyCase one(String lines) throws IOException {
    return switch (read(lines)) {
      case PolicyTestFile.Reading.Valid valid -> valid.file().cases().getFirst();
      case PolicyTestFile.Reading.Invalid invalid -> throw new AssertionError(invalid.text());
    };
  }

  private String wrong(String lines) throws IOException {
    return switch (read(lines)) {
      case PolicyTestFile.Reading.Valid valid -> throw new AssertionError("taken: " + valid);
      case PolicyTestFile.Reading.Invalid invalid -> invalid.text();
    };
  }

  private static String data(PolicyCase example) {
    var decoded = (Outcome.Decoded) TransactionDecoder.decode(example.payload());
    return decoded.transaction().call().data().hex();
  }

  @Test
  void encodesACallByTheAbi() throws IOException {
    PolicyCase example =
        one("to: bob\ncall: transfer(address,uint256)\narguments: [hot-1, 5]\nexpect: DENY");
    assertThat(data(example))
        .isEqualTo(
            "0xa9059cbb"
                + "00000000000000000000000027b1fdb04752bbc536007a920d24acb045561c26"
                + "0000000000000000000000000000000000000000000000000000000000000005");
  }

  @Test
  void encodesACallWithinACall() throws IOException {
    PolicyCase example =
        one(
            "to: bob\ncall: multicall(bytes[])\n"
                + "arguments: [[{call: burn(bool), arguments: [true]}]]\nexpect: DENY");
    assertThat(data(example))
        .startsWith("0xac9650d8")
        .contains("0".repeat(62) + "24") // the inner call's length
        .endsWith("0".repeat(56 + 7) + "1" + "0".repeat(56));
  }

  @Test
  void whatALimitHoldsAlreadyCounts() throws IOException {
    String pay = "to: bob\nvalue: 2 ether\nexpect: ALLOW\n";
    PolicyTestFile.Reading room = read(pay + "spent: {pay/daily: 3 ether}");
    assertThat(((PolicyTestFile.Reading.Valid) room).file().run()).allMatch(CaseResult::isExpected);
    PolicyTestFile.Reading full = read(pay + "spent: {pay/daily: 3000000000000000001}");
    assertThat(((PolicyTestFile.Reading.Valid) full).file().run())
        .noneMatch(CaseResult::isExpected);
  }

  @Test
  void theReasonOfADenialIsCompared() throws IOException {
    String pay = "to: bob\nvalue: 6 ether\nexpect: DENY\nreason: ";
    PolicyTestFile.Reading right = read(pay + "limit daily");
    assertThat(((PolicyTestFile.Reading.Valid) right).file().run())
        .allMatch(CaseResult::isExpected);
    PolicyTestFile.Reading other = read(pay + "sanctions");
    assertThat(((PolicyTestFile.Reading.Valid) other).file().run())
        .noneMatch(CaseResult::isExpected);
  }

  @Test
  void saysHowARequestCameInAndWhatItsWalletHas() throws IOException {
    PolicyCase example =
        one(
            """
            to: bob
            value: 1 ether
            source: 10.0.0.1
            roles: [TRADER]
            balances: { native: 3 ether }
            expect: DENY\
            """);
    Origin origin = example.subject().origin().orElseThrow();
    assertThat(origin.credential()).isEqualTo(Credential.MUTUAL_TLS);
    assertThat(origin.source()).contains(IpAddress.parse("10.0.0.1"));
    assertThat(origin.roles()).containsExactly("TRADER");
    assertThat(example.subject().balances())
        .singleElement()
        .satisfies(
            balance -> {
              assertThat(balance.asset()).hasToString("eip155:1/slip44:60");
              assertThat(balance.amount()).hasToString("3000000000000000000");
            });
    assertThat(one("to: bob\nvalue: 1\nexpect: DENY").subject().origin()).isEmpty();
    assertThat(wrong("to: bob\nvalue: 1\nexpect: DENY\nsource: home\nroles: [trader]"))
        .contains("source: expected an IPv4 or IPv6 address")
        .contains("roles: expected the name of a role such as TRADER");
    assertThat(wrong("to: bob\nvalue: 1\nexpect: DENY\nbalances: {ether: 1}"))
        .contains("balances: expected native or a CAIP-19 id");
  }

  @Test
  void refusesAMessageThatIsATransactionToo() throws IOException {
    assertThat(wrong("to: bob\nvalue: 1\npersonalMessage: hello\nexpect: DENY"))
        .contains("personalMessage: excludes to and value");
    assertThat(wrong("rawDigest: '0x12'\nexpect: DENY")).contains("rawDigest: expected");
    assertThat(wrong("authorization: {delegate: nobody}\nexpect: DENY"))
        .contains("authorization.delegate: expected an address");
  }

  @Test
  void refusesWhatWouldTestNothing() throws IOException {
    String pay = "to: bob\nvalue: 1 ether\nexpect: ALLOW\n";
    assertThat(wrong("to: bob\nvalue: 1 ether")).contains("cases[0].expect: is missing");
    assertThat(wrong(pay + "exspect: DENY")).contains("did you mean expect?");
    assertThat(wrong(pay + "spent: {pay/dayly: 1}")).contains("did you mean pay/daily?");
    assertThat(wrong(pay + "rule: pai")).contains("did you mean pay?");
    assertThat(wrong(pay + "wallet: hot-2")).contains("did you mean hot-1?");
    assertThat(wrong(pay + "reason: no")).contains("only a denial has one");
    assertThat(wrong(pay + "amount: 1")).contains("only with `token`");
    assertThat(wrong("to: bobb\nvalue: 1\nexpect: DENY")).contains("(bob?)");
    assertThat(wrong("to: bob\nvalue: 1\nexpect: [ALLOW, DENY]")).contains("[REQUIRE, DELAY]");
    assertThat(wrong("to: bob\ndata: 0x12\nexpect: DENY")).contains("4 bytes of a selector");
  }

  @Test
  void namesTheArgumentThatDoesNotFit() throws IOException {
    String approve = "to: bob\nexpect: DENY\ncall: approve(address,uint256)\narguments: ";
    assertThat(wrong(approve + "[bob]")).contains("cases[0].arguments: expected 2 values");
    assertThat(wrong(approve + "[bob, much]"))
        .contains("cases[0].arguments[1]: expected a whole number for uint256, got \"much\"");
    assertThat(wrong(approve + "[bobb, 1]")).contains("cases[0].arguments[0]").contains("(bob?)");
    assertThat(wrong("to: bob\nexpect: DENY\ncall: approve(adress)\narguments: [bob]"))
        .contains("cases[0].call: expected a signature");
    assertThat(wrong("to: bob\nexpect: DENY\ncall: f(uint8)\narguments: [256]"))
        .contains("cases[0].call: expected a signature");
  }
}
