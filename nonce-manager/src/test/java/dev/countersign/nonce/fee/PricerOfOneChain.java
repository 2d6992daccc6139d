package dev.countersign.nonce.fee;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.FeeChoice;
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
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/// A pricer, the chain it asks, and what it is asked.
@WithTestEnvironment
@Timeout(60)
abstract class PricerOfOneChain {
  static final BigInteger ETHER = BigInteger.TEN.pow(18);
  static final Address RICH = new Address("0x" + "aa".repeat(20));
  static final Address POOR = new Address("0x" + "bb".repeat(20));
  static final Address NEW = new Address("0x" + "cc".repeat(20));

  final DevChain chain;
  final ChainId chainId;
  private final NodePools nodes;
  final NodeTransactionPricer pricer;

  PricerOfOneChain(DevChain chain) {
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

  static FeeChoice choice(String text) {
    return FeeChoice.ByMarket.parse(text);
  }

  Fees fees(FeeChoice choice) {
    Answer answer = answer(choice, native1(NEW));
    assertThat(answer).isInstanceOf(Answer.Priced.class);
    return ((Answer.Priced) answer).fees();
  }

  Answer answer(FeeChoice choice, CallEncoder.Call call) {
    return pricer
        .price(List.of(new Question(chainId, RICH, call, choice, Optional.empty())))
        .getFirst();
  }

  static Fees fees(long tip, BigInteger most, long gas) {
    return new Fees(Wei.of(tip), new Wei(most), new GasLimit(gas));
  }

  BigInteger baseFee() {
    return ofBlock("pending", "baseFeePerGas");
  }

  BigInteger blockGasLimit() {
    return ofBlock("latest", "gasLimit");
  }

  private BigInteger ofBlock(String block, String field) {
    var hex = chain.rpc().call("eth_getBlockByNumber", block, false).path(field).asText();
    return new BigInteger(hex.substring(2), 16);
  }

  Answer answer(Address from, CallEncoder.Call call) {
    return answer(from, call, Optional.empty());
  }

  Answer answer(Address from, CallEncoder.Call call, Optional<Fees> given) {
    return pricer.price(List.of(new Question(chainId, from, call, given))).getFirst();
  }

  Fees fees(Address from, CallEncoder.Call call) {
    Answer answer = answer(from, call);
    assertThat(answer).isInstanceOf(Answer.Priced.class);
    return ((Answer.Priced) answer).fees();
  }

  static CallEncoder.Call native1(Address to) {
    return new CallEncoder.Call(to, Wei.of(1), Bytes.EMPTY);
  }

  static CallEncoder.Call transfer(Address token, long value) {
    return CallEncoder.encode(
        new Intent.Erc20Transfer(token, NEW, new TokenAmount(BigInteger.valueOf(value))));
  }

  Address token() {
    return Address.parse(chain.rpc().deployTestToken(RICH.hex(), BigInteger.valueOf(1_000_000)));
  }
}
