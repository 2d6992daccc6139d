package dev.countersign.nonce.fee;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.TokenAmount;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.TransactionPricer.Answer;
import dev.countersign.core.port.TransactionPricer.Question;
import dev.countersign.nonce.chain.ChainDefinition;
import dev.countersign.nonce.chain.ChainDefinitions;
import dev.countersign.nonce.chain.FeeModel;
import dev.countersign.nonce.node.NodePools;
import dev.countersign.nonce.node.NodeSettings;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.WithTestEnvironment;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
    this.nodes =
        new NodePools(
            ChainDefinitions.of(
                List.of(
                    new ChainDefinition(
                        chainId,
                        "Test",
                        "ETH",
                        FeeModel.EIP1559,
                        List.of(chain.rpcUrl()),
                        1,
                        Duration.ofSeconds(1),
                        ""))),
            NodeSettings.DEFAULT);
    this.pricer = new NodeTransactionPricer(nodes);
    chain.rpc().setBalance(RICH.hex(), ETHER);
    chain.rpc().setBalance(POOR.hex(), BigInteger.valueOf(1_000_000));
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
    BigInteger base =
        new BigInteger(
            chain
                .rpc()
                .call("eth_getBlockByNumber", "pending", false)
                .path("baseFeePerGas")
                .asText()
                .substring(2),
            16);
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
  void answersEachQuestionInOrder() {
    ChainId unknown = ChainId.ofEip155(999);
    List<Answer> answers =
        pricer.price(
            List.of(
                new Question(chainId, POOR, native1(NEW)),
                new Question(unknown, RICH, native1(NEW)),
                new Question(chainId, RICH, native1(NEW)),
                new Question(chainId, RICH, native1(NEW))));
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
    return pricer.price(List.of(new Question(chainId, from, call))).getFirst();
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
