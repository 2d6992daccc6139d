package dev.countersign.policy.rule;

import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.USDC;
import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.judged;
import static dev.countersign.policy.sample.Samples.pay;
import static dev.countersign.policy.sample.Samples.payToken;
import static dev.countersign.policy.sample.Samples.policy;
import static dev.countersign.policy.sample.Samples.problems;
import static dev.countersign.policy.sample.Samples.subject;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.model.AssetId;
import dev.countersign.core.port.Balance;
import dev.countersign.core.port.PolicySubject;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class BalanceShareCriterionTest {
  private static final PolicySubject UNKNOWN = subject("desk", "hot-1");
  private static final AssetId ETHER = AssetId.nativeOf(UNKNOWN.chain());
  private final Criterion half = CriterionSample.of("maximum", "maximum: 0.5% of balance");

  @Test
  void holdsUpToTheShareAndNotAWeiBeyond() {
    assertThat(half.holds(paying(5, 1000))).isTrue();
    assertThat(half.holds(paying(6, 1000))).isFalse();
    assertThat(half.holds(paying(5, 999))).isFalse();
    assertThat(half.holds(paying(0, 0))).isTrue();
  }

  @Test
  void saysOfWhichBalance() {
    assertThat(half.expected()).isEqualTo("at most 0.5% of balance");
    assertThat(half.observed(paying(6, 1000)))
        .isEqualTo(
            "6 wei (0.000000000000000006 ether) of a balance of 1000 wei (0.000000000000001 ether)"
                + " at 2026-11-01T12:00:00Z");
  }

  @Test
  void whereNobodyKnowsTheBalanceNothingIsAllowedAndEverythingRestricted() {
    JudgedAction unknown = judged(UNKNOWN, pay(ALICE, BigInteger.ONE));
    assertThat(half.holds(unknown)).isFalse();
    assertThat(half.observed(unknown)).endsWith(", and no balance is known");
    Criterion above =
        policy(
                "format: countersign/policy/v1\nrules: [{name: no, effect: DENY, "
                    + "assets: [native], above: 10% of balance}]")
            .rules()
            .getFirst()
            .criteria()
            .getLast();
    assertThat(above.holds(unknown)).isTrue();
    assertThat(above.holds(paying(100, 1000))).isFalse();
    assertThat(above.holds(paying(101, 1000))).isTrue();
    assertThat(above.expected()).isEqualTo("more than 10% of balance");
  }

  @Test
  void aTokenIsMeasuredByItsOwnBalance() {
    AssetId usdc = AssetId.erc20(UNKNOWN.chain(), USDC);
    Criterion tenth =
        CriterionSample.of(
            "maximum",
            "operations: [erc20-transfer]",
            "assets: ['" + usdc + "']",
            "maximum: 10% of balance");
    PolicySubject rich = having(ETHER, 1_000_000);
    assertThat(tenth.holds(judged(rich, payToken(USDC, ALICE, BigInteger.ONE)))).isFalse();
    PolicySubject both = having(usdc, 50);
    assertThat(tenth.holds(judged(both, payToken(USDC, ALICE, BigInteger.valueOf(5))))).isTrue();
    assertThat(tenth.holds(judged(both, payToken(USDC, ALICE, BigInteger.valueOf(6))))).isFalse();
  }

  @Test
  void refusesWhatIsNoShare() {
    for (String share : new String[] {"0%", "101%", "5.00001%", "-5%", "05%", "%", "5 %"}) {
      assertThat(problems(allowing("maximum: '" + share + " of balance'")))
          .as(share)
          .contains("rules[0].maximum: expected a percentage such as 0.5% of balance");
    }
    assertThat(problems(allowing("assets: any", "maximum: 5% of balance")))
        .contains("rules[0].maximum: a balance is of one asset");
  }

  @Property(tries = 200)
  void isExact(
      @ForAll @LongRange(max = 1_000_000) long amount,
      @ForAll @LongRange(max = 1_000_000) long balance,
      @ForAll @IntRange(min = 1, max = 1_000_000) int tenThousandths) {
    BalanceShare share = new BalanceShare(java.math.BigDecimal.valueOf(tenThousandths, 4));
    assertThat(share.covers(paying(amount, balance)))
        .contains(amount * 1_000_000 <= tenThousandths * balance);
  }

  private static JudgedAction paying(long wei, long balance) {
    return judged(having(ETHER, balance), pay(ALICE, BigInteger.valueOf(wei)));
  }

  private static PolicySubject having(AssetId asset, long balance) {
    return new PolicySubject(
        UNKNOWN.request(),
        UNKNOWN.key(),
        UNKNOWN.content(),
        UNKNOWN.wallet(),
        UNKNOWN.account(),
        Optional.empty(),
        List.of(new Balance(asset, BigInteger.valueOf(balance), UNKNOWN.at())),
        UNKNOWN.at());
  }
}
