package dev.countersign.policy.evaluation;

import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.BOB;
import static dev.countersign.policy.sample.Samples.ETHER;
import static dev.countersign.policy.sample.Samples.FEES;
import static dev.countersign.policy.sample.Samples.USDC;
import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.call;
import static dev.countersign.policy.sample.Samples.pay;
import static dev.countersign.policy.sample.Samples.payToken;
import static dev.countersign.policy.sample.Samples.payload;
import static dev.countersign.policy.sample.Samples.policy;
import static dev.countersign.policy.sample.Samples.subject;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.decision.Decision;
import dev.countersign.core.decision.LimitWindow;
import dev.countersign.core.decision.Observed;
import dev.countersign.core.decision.Observed.LimitUse;
import dev.countersign.core.decision.RuleOutcome;
import dev.countersign.core.decision.RuleOutcome.UnmetCriterion;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.evaluation.Verdict.Allow;
import dev.countersign.policy.evaluation.Verdict.Charge;
import dev.countersign.policy.evaluation.Verdict.Deny;
import dev.countersign.policy.rule.ScopeKey;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PolicyJudgeTest {
  private static final PolicySubject DESK = subject("desk", "hot-1");
  private static final SpendingView NOTHING_SPENT = scope -> BigInteger.ZERO;
  private static final String LIMIT =
      "limits: [{name: daily, maximum: 10 ether, counts: [value], window: PT24H}]";
  private static final ScopeKey DAILY = new ScopeKey("pay/daily eip155:1/slip44:60");

  @Test
  void deniesWhatNoRuleAllows() {
    Verdict verdict = judge(policy("format: countersign/policy/v1\nrules: []"), pay(ALICE, ETHER));
    assertThat(verdict)
        .isEqualTo(
            new Deny(Decision.DEFAULT_DENY, List.of(), "no rule of the policy allows anything"));
  }

  @Test
  void allowsWhatARuleAllowsAndNamesIt() {
    Verdict verdict = judge(policy(allowing(LIMIT)), pay(ALICE, ETHER));
    assertThat(verdict)
        .isEqualTo(
            new Allow(
                "pay",
                Conditions.NONE,
                Optional.empty(),
                List.of(new Charge(DAILY, ETHER)),
                new Observed(
                    ((Allow) verdict).observed().asset(),
                    ETHER,
                    ((Allow) verdict).observed().gasCost(),
                    List.of(
                        new LimitUse(
                            DAILY.text(),
                            new LimitWindow.Sliding(Duration.ofHours(24)),
                            ETHER.multiply(BigInteger.TEN),
                            BigInteger.ZERO,
                            ETHER)))));
    assertThat(((Allow) verdict).observed().asset()).hasToString("eip155:1/slip44:60");
    assertThat(((Allow) verdict).observed().gasCost()).isPositive();
  }

  @Test
  void denyWinsWhereverItStands() {
    String deny =
        "  - name: not-bob\n    effect: DENY\n    description: we do not like Bob\n"
            + "    destinations: ['"
            + BOB
            + "']\n";
    PolicyDocument policy = policy(allowing() + deny);
    assertThat(judge(policy, pay(ALICE, ETHER))).isInstanceOf(Allow.class);
    Verdict verdict = judge(policy, pay(BOB, ETHER));
    assertThat(verdict.rule()).isEqualTo("not-bob");
    assertThat(reason(verdict)).isEqualTo("rule not-bob denies it: we do not like Bob");
    assertThat(((Deny) verdict).outcomes()).allMatch(RuleOutcome::matched);
  }

  @Test
  void explainsTheFirstUnmetCriterionOfEachRule() {
    Verdict verdict =
        judge(policy(allowing("maximum: 1 ether")), pay(ALICE, ETHER.add(BigInteger.ONE)));
    UnmetCriterion unmet =
        new UnmetCriterion(
            "maximum",
            "at most 1000000000000000000 wei (1 ether)",
            "1000000000000000001 wei (1.000000000000000001 ether)");
    assertThat(verdict)
        .isEqualTo(
            new Deny(
                Decision.DEFAULT_DENY,
                List.of(new RuleOutcome("pay", "ALLOW", Optional.of(unmet))),
                "no rule allows it: rule pay expects maximum at most 1000000000000000000 wei (1"
                    + " ether), got 1000000000000000001 wei (1.000000000000000001 ether)"));
  }

  @Test
  void aFullLimitIsACriterionThatIsNotMet() {
    PolicyDocument policy = policy(allowing(LIMIT));
    BigInteger nine = ETHER.multiply(BigInteger.valueOf(9));
    assertThat(judge(policy, pay(ALICE, ETHER), scope -> nine)).isInstanceOf(Allow.class);
    Verdict verdict = judge(policy, pay(ALICE, ETHER.add(BigInteger.ONE)), scope -> nine);
    assertThat(((Deny) verdict).outcomes().getFirst().firstUnmet().orElseThrow().criterion())
        .isEqualTo("limit daily");
    assertThat(reason(verdict)).contains("with 9000000000000000000 wei (9 ether) in it already");
  }

  @Test
  void aLimitOfTheNativeAssetCountsGasUnlessItSaysOtherwise() {
    BigInteger gas = FEES.mostGasCost();
    String both = "limits: [{name: daily, maximum: %s, window: PT24H}]".formatted(gas);
    assertThat(((Allow) judge(policy(allowing(both)), pay(ALICE, BigInteger.ZERO))).charges())
        .containsExactly(new Charge(DAILY, gas));
    Verdict verdict = judge(policy(allowing(both)), pay(ALICE, BigInteger.ONE));
    assertThat(reason(verdict))
        .contains("limit daily at most 630000 wei")
        .contains("value and gas");
    // Not one more that moves nothing, whatever it burns.
    assertThat(judge(policy(allowing(both)), pay(ALICE, BigInteger.ZERO), scope -> BigInteger.ONE))
        .isInstanceOf(Deny.class);
  }

  @Test
  void aRuleAboutTokensCapsGasByALimitOfItsOwn() {
    PolicyDocument policy =
        policy(
            allowing(
                "operations: [erc20-transfer]",
                "assets: any",
                "limits: [{name: gas, maximum: 1260000, counts: [gas], window: PT24H}]"));
    ScopeKey gas = new ScopeKey("pay/gas eip155:1/slip44:60");
    Intent.OfTransaction token = payToken(USDC, ALICE, ETHER);
    assertThat(((Allow) judge(policy, token)).charges())
        .containsExactly(new Charge(gas, FEES.mostGasCost()));
    assertThat(judge(policy, token, scope -> FEES.mostGasCost())).isInstanceOf(Allow.class);
    assertThat(judge(policy, token, scope -> FEES.mostGasCost().add(BigInteger.ONE)))
        .isInstanceOf(Deny.class);
  }

  @Test
  void chargesEveryRuleThatMatchesAndNamesTheFirst() {
    String other = allowing(LIMIT).replace("name: pay", "name: also");
    PolicyDocument policy = policy(allowing(LIMIT) + other.substring(other.indexOf("  - name")));
    ScopeKey also = new ScopeKey("also/daily eip155:1/slip44:60");
    Allow allow = (Allow) judge(policy, pay(ALICE, ETHER));
    assertThat(allow.rule()).isEqualTo("pay");
    assertThat(allow.charges()).containsExactly(new Charge(DAILY, ETHER), new Charge(also, ETHER));
    BigInteger full = ETHER.multiply(BigInteger.TEN);
    Allow second =
        (Allow)
            judge(policy, pay(ALICE, ETHER), scope -> scope.equals(DAILY) ? full : BigInteger.ZERO);
    assertThat(second.rule()).isEqualTo("also");
    assertThat(second.charges()).containsExactly(new Charge(also, ETHER));
  }

  @Test
  void namesTheRulesThatCameClosestInTheReason() {
    StringBuilder yaml = new StringBuilder(allowing("maximum: 1"));
    for (String client : new String[] {"a", "b", "c", "d"}) {
      String rule =
          allowing("initiators: [" + client + "]").replace("name: pay", "name: " + client);
      yaml.insert(yaml.indexOf("  - name"), rule.substring(rule.indexOf("  - name")));
    }
    assertThat(reason(judge(policy(yaml.toString()), pay(ALICE, BigInteger.TWO))))
        .startsWith("no rule allows it: rule pay expects maximum at most 1 wei")
        .endsWith("; and 2 more rules");
  }

  @Test
  void callDataThatNobodyUnderstandsNeedsARuleAboutContractCalls() {
    Intent.OfTransaction unknown = call(USDC, "0xdeadbeef");
    assertThat(
            judge(
                policy(allowing("operations: [native-transfer, erc20-transfer]", "assets: any")),
                unknown))
        .isInstanceOf(Deny.class);
    assertThat(judge(policy(allowing("operations: [contract-call]")), unknown))
        .isInstanceOf(Allow.class);
  }

  @Test
  void deniesBytesThatAreNoTransaction() {
    Verdict verdict =
        PolicyJudge.judge(policy(allowing()), DESK, Bytes.fromHex("0x02c0"), NOTHING_SPENT);
    assertThat(verdict.rule()).isEqualTo(Decision.DEFAULT_DENY);
    assertThat(reason(verdict))
        .isEqualTo(
            "the bytes are no transaction that is signed here: MALFORMED: unsigned transaction"
                + " of type 2: expected 9 fields, got \"0 fields\"");
  }

  @Test
  void deniesBytesNestedSoDeepThatReadingThemRunsOutOfStack() {
    Verdict verdict =
        PolicyJudge.judge(policy(allowing()), DESK, nestedLists(30_000), NOTHING_SPENT);
    assertThat(verdict.rule()).isEqualTo(Decision.DEFAULT_DENY);
  }

  /// RLP lists in lists, behind the type byte of EIP-1559.
  private static Bytes nestedLists(int depth) {
    byte[] buffer = new byte[4 * depth + 1];
    int start = buffer.length;
    for (int i = 0; i < depth; i++) {
      int size = buffer.length - start;
      if (size < 56) {
        buffer[--start] = (byte) (0xc0 + size);
        continue;
      }
      int lengthBytes = 0;
      for (int rest = size; rest > 0; rest >>>= 8) {
        buffer[--start] = (byte) rest;
        lengthBytes++;
      }
      buffer[--start] = (byte) (0xf7 + lengthBytes);
    }
    buffer[--start] = 2;
    return Bytes.of(Arrays.copyOfRange(buffer, start, buffer.length));
  }

  @Test
  void deniesBytesForAnotherChainThanTheRequest() {
    Bytes elsewhere = payload(ChainId.ofEip155(10), pay(ALICE, ETHER));
    Verdict verdict =
        PolicyJudge.judge(policy(allowing("chains: any")), DESK, elsewhere, NOTHING_SPENT);
    assertThat(reason(verdict)).isEqualTo("the bytes are for chain eip155:10, expected eip155:1");
  }

  @Test
  void deniesWhenItIsNotKnownWhatWasSpent() {
    Verdict verdict =
        judge(
            policy(allowing(LIMIT)),
            pay(ALICE, ETHER),
            scope -> {
              throw new IllegalStateException("not locked");
            });
    assertThat(verdict.rule()).isEqualTo(Decision.DEFAULT_DENY);
    assertThat(reason(verdict)).isEqualTo("an error while judging it: IllegalStateException");
  }

  @Test
  void findsTheScopesOfRulesThatMayMatch() {
    String other = allowing("wallets: [hot-2]", LIMIT).replace("name: pay", "name: other");
    PolicyDocument policy = policy(allowing(LIMIT) + other.substring(other.indexOf("  - name")));
    assertThat(PolicyJudge.scopes(policy, DESK))
        .containsExactly(Map.entry(DAILY, new LimitWindow.Sliding(Duration.ofDays(1))));
    assertThat(PolicyJudge.scopes(policy, subject("intern", "hot-1"))).isEmpty();
  }

  private static Verdict judge(PolicyDocument policy, Intent.OfTransaction intent) {
    return judge(policy, intent, NOTHING_SPENT);
  }

  private static Verdict judge(
      PolicyDocument policy, Intent.OfTransaction intent, SpendingView spending) {
    return PolicyJudge.judge(policy, DESK, payload(intent), spending);
  }

  private static String reason(Verdict verdict) {
    return ((Deny) verdict).reason();
  }
}
