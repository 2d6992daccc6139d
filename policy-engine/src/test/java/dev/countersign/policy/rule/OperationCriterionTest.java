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

import dev.countersign.core.action.CallUnpacker;
import dev.countersign.core.action.Unpacking;
import dev.countersign.core.evm.CallEncoder;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class OperationCriterionTest {
  private static final JudgedAction NATIVE = judged(pay(ALICE, BigInteger.ONE));
  private static final JudgedAction TOKEN = judged(payToken(USDC, ALICE, BigInteger.ONE));
  private static final JudgedAction APPROVE = judged(call(USDC, "0x095ea7b3" + "00".repeat(64)));

  @Test
  void holdsForTheOperationsItNames() {
    Criterion transfers =
        CriterionSample.of("operations", "operations: [native-transfer, erc20-transfer]");
    assertThat(transfers.holds(NATIVE)).isTrue();
    assertThat(transfers.holds(TOKEN)).isTrue();
    assertThat(transfers.holds(APPROVE)).isFalse();
    assertThat(transfers.expected()).isEqualTo("one of native-transfer, erc20-transfer");
    assertThat(transfers.observed(APPROVE)).isEqualTo("erc20-approve");
  }

  @Test
  void callDataThatNobodyUnderstandsIsAContractCall() {
    Criterion calls = CriterionSample.of("operations", "operations: [contract-call]");
    assertThat(calls.holds(judged(call(ALICE, "0xdeadbeef")))).isTrue();
    assertThat(calls.holds(NATIVE)).isFalse();
  }

  @Test
  void aTokenTransferWithBytesBehindItIsNothingToAllow() {
    String transfer = "0xa9059cbb" + "00".repeat(12) + ALICE.hex().substring(2) + "00".repeat(32);
    assertThat(judged(call(USDC, transfer)).operation()).isEqualTo(Operation.ERC20_TRANSFER);
    assertThat(CallUnpacker.unpack(CallEncoder.encode(call(USDC, transfer + "00")), ALICE))
        .isInstanceOf(Unpacking.Opaque.class);
  }

  @Test
  void aRuleThatAllowsNamesThem() {
    assertThat(problems(allowing("operations: any")))
        .contains("rules[0].operations: a rule that allows names its operations");
    assertThat(problems(allowing("operations: [transfer]")))
        .contains("expected one of native-transfer, erc20-transfer, erc20-approve, ");
  }
}
