package dev.countersign.nonce.fee;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.FeeChoice;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.TokenAmount;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.NonceLedger.Account;
import dev.countersign.core.port.TransactionPricer.Answer;
import dev.countersign.core.port.TransactionPricer.Question;
import dev.countersign.nonce.chain.ChainDefinition;
import dev.countersign.nonce.chain.ChainDefinitions;
import dev.countersign.nonce.chain.FeeModel;
import dev.countersign.nonce.node.NodePools;
import dev.countersign.nonce.node.NodeSettings;
import dev.countersign.nonce.testing.TestAccount;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.WithTestEnvironment;
import java.math.BigInteger;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@WithTestEnvironment
@Timeout(60)
class NodeTransactionPricerIT {
  private static final BigInteger ETHER = BigInteger.TEN.pow(18);
  private static final Address RICH = new Address("0x" + "aa".repeat(20));
  private static final Address POOR = new Address("0x" + "bb".repeat(20));
  private static final Address NEW = new Address("0x" + "cc".repeat(20));

  private final DevChain chain;
  private final ChainId chainId;
  private final NodePools nodes;
  private final NodeTransactionPricer pricer;

  NodeTransactionPricerIT(DevChain chain) {
    this.chain = chain;
    this.chainId = ChainId.ofEip155(chain.chainId());
    ChainDefinitions chains = definitions(FeeModel.EIP1559);
    this.nodes = new NodePools(chains, NodeSettings.DEFAULT, InstantSource.system());
    this.pricer = new NodeTransactionPricer(nodes, chains);
    chain.rpc().setBalance(RICH.hex(), ETHER);
    chain.rpc().setBalance(POOR.hex(), BigInteger.valueOf(1_000_000));
  }

  private ChainDefinitions definitions(FeeModel model) {
    return ChainDefinitions.of(
        List.of(
            new ChainDefinition(
                chainId,
                "Test",
                "ETH",
                model,
                List.of(chain.rpcUrl()),
                1,
                Duration.ofSeconds(1),
                "")));
  }

  @AfterEach
  void close() {
    nodes.close();
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

  private static FeeChoice choice(String text) {
    return FeeChoice.ByMarket.parse(text);
  }

  private Fees fees(FeeChoice choice) {
    Answer answer = answer(choice, native1(NEW));
    assertThat(answer).isInstanceOf(Answer.Priced.class);
    return ((Answer.Priced) answer).fees();
  }

  private Answer answer(FeeChoice choice, CallEncoder.Call call) {
    return pricer
        .price(List.of(new Question(chainId, RICH, call, choice, Optional.empty())))
        .getFirst();
  }

  /// Rounded up.
  private static BigInteger part(BigInteger value, long percent) {
    return value
        .multiply(BigInteger.valueOf(percent))
        .add(BigInteger.valueOf(99))
        .divide(BigInteger.valueOf(100));
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

  private static Fees fees(long tip, BigInteger most, long gas) {
    return new Fees(Wei.of(tip), new Wei(most), new GasLimit(gas));
  }

  private BigInteger baseFee() {
    return ofBlock("pending", "baseFeePerGas");
  }

  private BigInteger blockGasLimit() {
    return ofBlock("latest", "gasLimit");
  }

  private BigInteger ofBlock(String block, String field) {
    var hex = chain.rpc().call("eth_getBlockByNumber", block, false).path(field).asText();
    return new BigInteger(hex.substring(2), 16);
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

  @Test
  void saysThatNoNodeAnswers() {
    chain.stop();
    try {
      assertThat(answer(RICH, native1(NEW))).isInstanceOf(Answer.NodeUnavailable.class);
    } finally {
      chain.start();
    }
  }

  private Answer answer(Address from, CallEncoder.Call call) {
    return answer(from, call, Optional.empty());
  }

  private Answer answer(Address from, CallEncoder.Call call, Optional<Fees> given) {
    return pricer.price(List.of(new Question(chainId, from, call, given))).getFirst();
  }

  private Fees fees(Address from, CallEncoder.Call call) {
    Answer answer = answer(from, call);
    assertThat(answer).isInstanceOf(Answer.Priced.class);
    return ((Answer.Priced) answer).fees();
  }

  private static CallEncoder.Call native1(Address to) {
    return new CallEncoder.Call(to, Wei.of(1), Bytes.EMPTY);
  }

  private static CallEncoder.Call transfer(Address token, long value) {
    return CallEncoder.encode(
        new Intent.Erc20Transfer(token, NEW, new TokenAmount(BigInteger.valueOf(value))));
  }

  private Address token() {
    return Address.parse(chain.rpc().deployTestToken(RICH.hex(), BigInteger.valueOf(1_000_000)));
  }
}
