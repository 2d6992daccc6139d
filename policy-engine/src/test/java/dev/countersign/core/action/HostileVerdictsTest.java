package dev.countersign.core.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.port.PolicySubject;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.evaluation.PolicyJudge;
import dev.countersign.policy.evaluation.Verdict;
import dev.countersign.policy.sample.Samples;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a policy that lets a wallet do much says of each payload that means harm, as
/// `docs/HOSTILE_REQUESTS.md` lists it.
class HostileVerdictsTest {
  private static final Path PAGE = Path.of("..", "docs", "HOSTILE_REQUESTS.md");

  /// The wallet pays Alice a little, lets a contract take a little, calls what it knows with no
  /// value, has its Safe pay Alice by batches, and signs typed data of any contract.
  private static final PolicyDocument POLICY =
      Samples.policy(
          """
          format: countersign/policy/v1
          addresses:
            payees: ["%1$s"]
            contracts: ["%2$s", "%3$s", "%4$s", "%5$s"]
            batching: ["%6$s"]
          rules:
            - {name: pay, effect: ALLOW, initiators: any, wallets: any, chains: any, operations: [native-transfer],
               assets: [native], destinations: [payees], maximum: 10, maximumGasCost: any}
            - {name: pay-token, effect: ALLOW, initiators: any, wallets: any, chains: any, operations: [erc20-transfer],
               assets: ["eip155:1/erc20:%4$s"], destinations: [payees], maximum: 10, maximumGasCost: any}
            - {name: let-take, effect: ALLOW, initiators: any, wallets: any, chains: any, operations: [erc20-approve],
               assets: ["eip155:1/erc20:%4$s"], destinations: [contracts], maximum: 10, maximumGasCost: any}
            - {name: call, effect: ALLOW, initiators: any, wallets: any, chains: any, operations: [contract-call],
               assets: [native], destinations: [contracts], maximum: 0, maximumGasCost: any}
            - {name: safe-calls, effect: ALLOW, initiators: any, wallets: any, chains: any, operations: [contract-call],
               accounts: ["%2$s"], assets: [native], destinations: [contracts], maximum: 0, maximumGasCost: any}
            - {name: safe-pays, effect: ALLOW, initiators: any, wallets: any, chains: any, operations: [erc20-transfer],
               accounts: ["%2$s"], assets: ["eip155:1/erc20:%4$s"], destinations: [payees], maximum: 10, maximumGasCost: any}
            - {name: safe-batches, effect: ALLOW, initiators: any, wallets: any, chains: any, operations: [delegate-call],
               accounts: ["%2$s"], assets: [native], destinations: [batching], maximumGasCost: any}
            - {name: sign, effect: ALLOW, initiators: any, wallets: any, chains: any, operations: [typed-message],
               assets: [native], destinations: any, maximumGasCost: any}
          """
              .formatted(
                  Calls.ALICE,
                  Calls.SAFE,
                  Calls.MULTICALL3,
                  Calls.TOKEN,
                  Calls.CONTRACT,
                  Calls.MULTI_SEND));

  static List<Hostile> payloads() {
    return HostileCallsTest.payloads();
  }

  @ParameterizedTest
  @MethodSource("payloads")
  void isJudgedAsThePageSays(Hostile payload) throws IOException {
    assertThat(Files.readAllLines(PAGE))
        .filteredOn(line -> line.startsWith("| " + payload.name() + " |"))
        .singleElement()
        .asString()
        .endsWith("| " + verdict(payload) + " |");
  }

  private static String verdict(Hostile payload) {
    PolicySubject any = Samples.subject("desk", "hot-1");
    var subject =
        new PolicySubject(
            any.request(), any.key(), any.content(), any.wallet(), Calls.WALLET, any.at());
    return switch (PolicyJudge.judge(
        POLICY, subject, payload.unpacking(), scope -> BigInteger.ZERO)) {
      case Verdict.Allow allow -> "ALLOW by `" + allow.rule() + "`";
      case Verdict.Deny deny when deny.isUnjudged() -> "DENY, unread";
      case Verdict.Deny deny -> "DENY by `" + deny.rule() + "`";
    };
  }
}
