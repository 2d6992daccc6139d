package dev.countersign.policy.document;

import static dev.countersign.policy.sample.Samples.BOB;
import static dev.countersign.policy.sample.Samples.ETHER;
import static dev.countersign.policy.sample.Samples.call;
import static dev.countersign.policy.sample.Samples.pay;
import static dev.countersign.policy.sample.Samples.payload;
import static dev.countersign.policy.sample.Samples.policy;
import static dev.countersign.policy.sample.Samples.subject;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.TokenAmount;
import dev.countersign.policy.evaluation.PolicyJudge;
import dev.countersign.policy.evaluation.Verdict;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The documentation's example does what the documentation says.
class PolicyExampleTest {
  private static final Path DOCS = Path.of("..", "docs");
  private static final Address WETH = Address.parse("0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2");
  private static final Address SANCTIONED =
      Address.parse("0xde709f2102306220921060314715629080e2fb77");

  private final String example = read("policy.example.yaml");

  @Test
  void allowsTheDeskToRebalance() {
    Verdict verdict = judge("trading-desk", "hot-1", pay(BOB, ETHER));
    assertThat(verdict.rule()).isEqualTo("rebalance");
    assertThat(((Verdict.Allow) verdict).charges())
        .extracting(charge -> charge.scope().text())
        .containsExactly(
            "rebalance/hourly eip155:1/slip44:60 initiator=trading-desk wallet=hot-1",
            "rebalance/daily eip155:1/slip44:60");
  }

  @Test
  void allowsPayoutsToAnyoneButTheSanctioned() {
    assertThat(judge("payouts", "hot-1", usdc(BOB)).rule()).isEqualTo("pay-out-usdc");
    Verdict.Deny deny = (Verdict.Deny) judge("payouts", "hot-1", usdc(SANCTIONED));
    assertThat(deny.reason())
        .isEqualTo("rule never-to-sanctioned denies it: the address is on the sanctions list");
  }

  @Test
  void allowsToWrapEtherAndNoOtherCall() {
    assertThat(judge("trading-desk", "hot-2", call(WETH, "0xd0e30db0")).rule())
        .isEqualTo("wrap-ether");
    assertThat(judge("trading-desk", "hot-2", call(WETH, "0x095ea7b3")))
        .isInstanceOf(Verdict.Deny.class);
  }

  @Test
  void deniesWithTheReasonThatTheDocumentationShows() {
    BigInteger tooMuch = ETHER.multiply(BigInteger.valueOf(26));
    Verdict.Deny deny = (Verdict.Deny) judge("trading-desk", "hot-1", pay(BOB, tooMuch));
    String documentation = read("POLICY.md");
    assertThat(documentation).contains(deny.reason());
    String rule = example.substring(example.indexOf("  - name: rebalance"));
    assertThat(documentation).contains(rule.substring(0, rule.indexOf("\n\n")));
  }

  private Verdict judge(String client, String wallet, Intent.OfTransaction intent) {
    return PolicyJudge.judge(
        policy(example), subject(client, wallet), payload(intent), scope -> BigInteger.ZERO);
  }

  private static Intent.OfTransaction usdc(Address to) {
    return new Intent.Erc20Transfer(
        Address.parse("0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"),
        to,
        new TokenAmount(BigInteger.valueOf(5_000_000)));
  }

  private static String read(String name) {
    try {
      return Files.readString(DOCS.resolve(name));
    } catch (IOException e) {
      throw new AssertionError("docs/" + name + " cannot be read", e);
    }
  }
}
