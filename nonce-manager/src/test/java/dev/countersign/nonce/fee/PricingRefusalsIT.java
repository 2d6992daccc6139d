package dev.countersign.nonce.fee;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.TransactionPricer.Answer;
import dev.countersign.testenv.chain.DevChain;
import java.math.BigInteger;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What is not priced, and what is said of it.
class PricingRefusalsIT extends PricerOfOneChain {
  PricingRefusalsIT(DevChain chain) {
    super(chain);
  }

  @Test
  void saysWhyItWouldRevert() {
    // InsufficientBalance(address,uint256,uint256) of the token
    assertThat(answer(RICH, transfer(token(), 10_000_000)))
        .isInstanceOfSatisfying(
            Answer.Reverts.class,
            reverts -> assertThat(reverts.reason()).contains("the contract's own error 0x"));
    Address noFunction = token();
    assertThat(
            answer(RICH, new CallEncoder.Call(noFunction, Wei.ZERO, Bytes.fromHex("0xdeadbeef"))))
        .isInstanceOf(Answer.Reverts.class);
  }

  @Test
  void decodesTheTextOfAContract() {
    // Any call: revert with Error("no").
    Address contract = new Address("0x" + "ee".repeat(20));
    chain
        .rpc()
        .call(
            "anvil_setCode",
            contract.hex(),
            "0x7f08c379a0"
                + "0".repeat(56)
                + "5f526020600452600260245261"
                + "6e6f60f01b60445260645ffd");
    assertThat(answer(RICH, native1(contract))).isEqualTo(new Answer.Reverts("no"));
  }

  @Test
  void noticesMissingFunds() {
    assertThat(answer(POOR, native1(NEW)))
        .isInstanceOfSatisfying(
            Answer.InsufficientFunds.class,
            lacking ->
                assertThat(lacking.detail()).contains("has 1000000 wei").contains("value 1"));
    var much = new CallEncoder.Call(NEW, new Wei(ETHER.multiply(BigInteger.TWO)), Bytes.EMPTY);
    assertThat(answer(RICH, much)).isInstanceOf(Answer.InsufficientFunds.class);
    assertThat(answer(POOR, transfer(token(), 0))).isInstanceOf(Answer.InsufficientFunds.class);
  }

  @Test
  void refusesFeesThatNoNodeTakes() {
    CallEncoder.Call token = transfer(token(), 5);
    BigInteger base = baseFee();
    unusable(token, fees(1, base, 21_000), "gas_limit", "got 21000, expected that much or more");
    unusable(
        token,
        fees(1, base, blockGasLimit().longValueExact() + 1),
        "gas_limit",
        "a block of the chain holds " + blockGasLimit());
    unusable(native1(NEW), fees(1, base, 1_000_000_000_000L), "gas_limit", "or less");
    unusable(
        native1(NEW),
        fees(1, base.subtract(BigInteger.ONE), 21_000),
        "max_fee_per_gas",
        "got %s, expected".formatted(base.subtract(BigInteger.ONE)));
    unusable(native1(NEW), fees(0, BigInteger.ZERO, 21_000), "max_fee_per_gas", "got 0");
    unusable(native1(NEW), fees(0, base, 21_000), "max_priority_fee_per_gas", "got 0");
  }

  @Test
  void countsTheFeesThatAreInsistedOn() {
    BigInteger gas = ETHER.divide(BigInteger.valueOf(100_000));
    assertThat(answer(RICH, native1(NEW), Optional.of(fees(1, gas, 100_000))))
        .isInstanceOfSatisfying(
            Answer.InsufficientFunds.class,
            lacking -> assertThat(lacking.detail()).contains("at most " + ETHER + " of fees"));
  }

  private void unusable(CallEncoder.Call call, Fees given, String field, String expected) {
    assertThat(answer(RICH, call, Optional.of(given)))
        .isInstanceOfSatisfying(
            Answer.UnusableFees.class,
            unusable -> {
              assertThat(unusable.field()).isEqualTo(field);
              assertThat(unusable.detail()).contains(expected);
            });
  }

  @Test
  void saysThatNoNodeAnswers() {
    chain.stop();
    try {
      assertThat(answer(RICH, native1(NEW))).isInstanceOf(Answer.NodeUnavailable.class);
    } finally {
      chain.start();
    }
  }
}
