package dev.countersign.policy.rule;

import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.USDC;
import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.call;
import static dev.countersign.policy.sample.Samples.judged;
import static dev.countersign.policy.sample.Samples.pay;
import static dev.countersign.policy.sample.Samples.payToken;
import static dev.countersign.policy.sample.Samples.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class AssetCriterionTest {
  private static final JudgedAction NATIVE = judged(pay(ALICE, BigInteger.ONE));
  private static final JudgedAction TOKEN = judged(payToken(USDC, ALICE, BigInteger.ONE));
  private static final JudgedAction OTHER = judged(payToken(ALICE, ALICE, BigInteger.ONE));

  @Test
  void nativeHoldsForTheNativeAssetOfTheChain() {
    Criterion criterion = CriterionSample.of("assets", "assets: [native]");
    assertThat(criterion.holds(NATIVE)).isTrue();
    assertThat(criterion.holds(TOKEN)).isFalse();
    assertThat(criterion.expected()).isEqualTo("native");
    assertThat(criterion.observed(TOKEN)).isEqualTo("eip155:1/erc20:" + USDC.hex());
  }

  @Test
  void aTokenHoldsForThatTokenOfThatChain() {
    Criterion criterion = CriterionSample.of("assets", "assets: ['eip155:1/erc20:" + USDC + "']");
    assertThat(criterion.holds(TOKEN)).isTrue();
    assertThat(criterion.holds(OTHER)).isFalse();
    Criterion elsewhere = CriterionSample.of("assets", "assets: ['eip155:2/erc20:" + USDC + "']");
    assertThat(elsewhere.holds(TOKEN)).isFalse();
  }

  @Test
  void aCaip19IdOfANativeAssetIsThatOfItsChainOnly() {
    assertThat(CriterionSample.of("assets", "assets: ['eip155:1/slip44:60']").holds(NATIVE))
        .isTrue();
    assertThat(CriterionSample.of("assets", "assets: ['eip155:2/slip44:60']").holds(NATIVE))
        .isFalse();
  }

  @Test
  void aContractCallMovesTheNativeAsset() {
    assertThat(
            CriterionSample.of("assets", "assets: [native]")
                .holds(judged(call(USDC, "0x12345678"))))
        .isTrue();
  }

  @Test
  void refusesWhatIsNoAsset() {
    assertThat(problems(allowing("assets: [ETH]")))
        .contains("rules[0].assets[0]: expected a CAIP-19 id such as eip155:1/slip44:60");
    assertThat(problems(allowing("assets: ['eip155:1/erc20:0x12']")))
        .contains("expected 0x and 40 hex digits");
  }
}
