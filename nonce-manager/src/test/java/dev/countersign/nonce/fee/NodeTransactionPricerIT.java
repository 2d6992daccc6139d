package dev.countersign.nonce.fee;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.NonceLedger.Account;
import dev.countersign.core.port.TransactionPricer.Answer;
import dev.countersign.core.port.TransactionPricer.Question;
import dev.countersign.nonce.testing.TestAccount;
import dev.countersign.testenv.chain.DevChain;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeTransactionPricerIT extends PricerOfOneChain {
  NodeTransactionPricerIT(DevChain chain) {
    super(chain);
  }

  @Test
  void aTransferToAnAccountWithoutCodeIsExactly21000() {
    Fees fees = fees(RICH, native1(NEW));
    assertThat(fees.gasLimit()).isEqualTo(GasLimit.TRANSFER);
    // Known to have no code by now: the answer is the same.
    assertThat(fees(RICH, native1(NEW)).gasLimit()).isEqualTo(GasLimit.TRANSFER);
  }

  @Test
  void theFeeLastsForADoubledBaseFee() {
    BigInteger base = baseFee();
    Fees fees = fees(RICH, native1(NEW));
    assertThat(fees.maxFeePerGas().value())
        .isEqualTo(base.multiply(BigInteger.TWO).add(fees.maxPriorityFeePerGas().value()));
  }

  @Test
  void aContractCallGetsAFifthMoreThanItsEstimate() {
    Address token = token();
    CallEncoder.Call call = transfer(token, 5);
    Fees fees = fees(RICH, call);
    long estimate =
        Long.decode(
            chain
                .rpc()
                .call(
                    "eth_estimateGas",
                    Map.of("from", RICH.hex(), "to", token.hex(), "data", call.data().hex()))
                .asText());
    assertThat(fees.gasLimit().units()).isBetween(estimate * 6 / 5, estimate * 6 / 5 + 1);
  }

  @Test
  void etherSentToAContractIsNotPlain() {
    // A contract that takes any call: STOP.
    Address contract = new Address("0x" + "dd".repeat(20));
    chain.rpc().call("anvil_setCode", contract.hex(), "0x5b5b5b00");
    assertThat(fees(RICH, native1(contract)).gasLimit().units()).isGreaterThan(21_000);
  }

  @Test
  void tellsTheBalanceAndHowMuchIsMinedOfIt() {
    Address used = new TestAccount("used").address();
    chain.rpc().setBalance(used.hex(), ETHER);
    chain.rpc().call("anvil_setNonce", used.hex(), "0x7");
    assertThat(answer(used, native1(NEW)))
        .isInstanceOfSatisfying(
            Answer.Priced.class,
            priced ->
                assertThat(priced.account())
                    .isEqualTo(new Account(new Lane(chainId, used), new Wei(ETHER), new Nonce(7))));
  }

  @Test
  void tellsTheBalanceOfTheTokenThatIsTransferred() {
    Address token = token();
    assertThat(answer(RICH, transfer(token, 5)))
        .isInstanceOfSatisfying(
            Answer.Priced.class,
            priced -> {
              assertThat(priced.token()).isPresent();
              assertThat(priced.token().get().contract()).isEqualTo(token);
              assertThat(priced.token().get().amount()).isPositive();
            });
    assertThat(answer(RICH, native1(NEW)))
        .isInstanceOfSatisfying(
            Answer.Priced.class, priced -> assertThat(priced.token()).isEmpty());
    // A contract that takes any call and answers nothing: STOP.
    Address silent = new Address("0x" + "cc".repeat(20));
    chain.rpc().call("anvil_setCode", silent.hex(), "0x00");
    assertThat(answer(RICH, transfer(silent, 0)))
        .isInstanceOfSatisfying(
            Answer.Priced.class, priced -> assertThat(priced.token()).isEmpty());
  }

  @Test
  void whatItAgreesToTheNodeTakes() {
    TestAccount account = new TestAccount("insists");
    chain.rpc().setBalance(account.address().hex(), ETHER);
    BigInteger base = baseFee();
    long most = blockGasLimit().longValueExact();
    for (Fees given :
        List.of(
            new Fees(Wei.of(1), new Wei(base), GasLimit.TRANSFER),
            new Fees(new Wei(base), new Wei(base), new GasLimit(21_001)),
            new Fees(Wei.of(1), new Wei(base.multiply(BigInteger.TEN)), new GasLimit(most)))) {
      Answer answer = answer(account.address(), native1(NEW), Optional.of(given));
      assertThat(answer)
          .isInstanceOfSatisfying(
              Answer.Priced.class,
              priced -> {
                assertThat(priced.fees()).isEqualTo(given);
                var unsigned =
                    new UnsignedTransaction(chainId, priced.account().mined(), given, native1(NEW));
                var hash =
                    chain
                        .rpc()
                        .call("eth_sendRawTransaction", account.sign(unsigned).bytes().hex());
                assertThat(hash.asText()).startsWith("0x");
                // What is mined at once is counted a moment later.
                chain.rpc().call("evm_mine");
              });
    }
  }

  @Test
  void eachStrategyOffersWhatItsDefinitionSays() {
    BigInteger base = baseFee();
    Fees economy = fees(choice("economy/-/-"));
    Fees normal = fees(choice("normal/-/-"));
    Fees urgent = fees(choice("urgent/-/-"));
    assertThat(economy.maxFeePerGas().value())
        .isEqualTo(part(base, 125).add(economy.maxPriorityFeePerGas().value()));
    assertThat(normal.maxFeePerGas().value())
        .isEqualTo(part(base, 200).add(normal.maxPriorityFeePerGas().value()));
    assertThat(urgent.maxFeePerGas().value())
        .isEqualTo(part(base, 300).add(urgent.maxPriorityFeePerGas().value()));
    assertThat(fees(RICH, native1(NEW))).as("nobody said anything").isEqualTo(normal);
    assertThat(fees(choice("-/-/50000")).gasLimit()).isEqualTo(new GasLimit(50_000));
    assertThat(answer(choice("normal/-/21000"), transfer(token(), 5)))
        .isInstanceOfSatisfying(
            Answer.UnusableFees.class,
            unusable -> assertThat(unusable.field()).isEqualTo("gas_limit"));
  }

  @Test
  void aCapIsNeverExceededAndAMarketAboveItIsToldOf() {
    BigInteger base = baseFee();
    Fees urgent = fees(choice("urgent/-/-"));
    BigInteger tip = fees(choice("economy/-/-")).maxPriorityFeePerGas().value();
    BigInteger least = base.add(tip);
    assertThat(fees(choice("urgent/%s/-".formatted(least))).maxFeePerGas())
        .isEqualTo(new Wei(least));
    BigInteger more = urgent.maxFeePerGas().value().multiply(BigInteger.TEN);
    assertThat(fees(choice("urgent/%s/-".formatted(more)))).isEqualTo(urgent);
    assertThat(fees(choice("fixed-cap/%s/-".formatted(more))).maxFeePerGas())
        .isEqualTo(new Wei(more));
    BigInteger low = least.subtract(BigInteger.ONE);
    for (String strategy : List.of("economy", "normal", "urgent", "fixed-cap", "-")) {
      assertThat(answer(choice("%s/%s/-".formatted(strategy, low)), native1(NEW)))
          .isInstanceOfSatisfying(
              Answer.MarketAboveCap.class,
              above ->
                  assertThat(above.detail())
                      .contains("takes %s wei per gas or more".formatted(least))
                      .contains("capped at " + low));
    }
  }

  /// Rounded up.
  private static BigInteger part(BigInteger value, long percent) {
    return value
        .multiply(BigInteger.valueOf(percent))
        .add(BigInteger.valueOf(99))
        .divide(BigInteger.valueOf(100));
  }

  @Test
  void answersEachQuestionInOrder() {
    ChainId unknown = ChainId.ofEip155(999);
    List<Answer> answers =
        pricer.price(
            List.of(
                new Question(chainId, POOR, native1(NEW), Optional.empty()),
                new Question(unknown, RICH, native1(NEW), Optional.empty()),
                new Question(chainId, RICH, native1(NEW), Optional.empty()),
                new Question(chainId, RICH, native1(NEW), Optional.empty())));
    assertThat(answers.get(0)).isInstanceOf(Answer.InsufficientFunds.class);
    assertThat(answers.get(1))
        .isEqualTo(new Answer.NodeUnavailable("chain eip155:999 is not configured here"));
    assertThat(answers.get(2)).isInstanceOf(Answer.Priced.class).isEqualTo(answers.get(3));
    assertThat(pricer.price(List.of())).isEmpty();
  }
}
