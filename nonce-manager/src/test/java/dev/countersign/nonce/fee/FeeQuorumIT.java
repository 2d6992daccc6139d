package dev.countersign.nonce.fee;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.evm.AccessList;
import dev.countersign.core.evm.BlobProofs;
import dev.countersign.core.evm.BlobSidecar;
import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.evm.Envelope;
import dev.countersign.core.evm.TransactionType;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.FeeChoice;
import dev.countersign.core.model.FeeStrategy;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.ReplacementPricer;
import dev.countersign.core.port.TransactionPricer;
import dev.countersign.core.port.TransactionPricer.Question;
import dev.countersign.core.replacement.FeeQuote;
import dev.countersign.core.replacement.ReplacementTerms;
import dev.countersign.nonce.chain.BalanceTerms;
import dev.countersign.nonce.chain.ChainDefinition;
import dev.countersign.nonce.chain.ChainDefinitions;
import dev.countersign.nonce.chain.ChainEndpoint;
import dev.countersign.nonce.chain.ChainFacts;
import dev.countersign.nonce.chain.FeeModel;
import dev.countersign.nonce.node.NodePools;
import dev.countersign.nonce.node.NodeSettings;
import dev.countersign.nonce.testing.FaultyNode;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.WithTestEnvironment;
import java.math.BigInteger;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Three nodes of one chain, of which one lies about what gas costs, or all but one are away.
@WithTestEnvironment
@Timeout(60)
class FeeQuorumIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String DEAR = "\"0x%s\"".formatted("f".repeat(40));

  private static final Address RICH = new Address("0x" + "aa".repeat(20));

  private final List<FaultyNode> three;
  private final ChainDefinitions chains;
  private final NodePools pools;
  private final ChainId chainId;

  FeeQuorumIT(DevChain chain) {
    this.chainId = ChainId.ofEip155(chain.chainId());
    this.three = List.of(node(chain), node(chain), node(chain));
    this.chains = ChainDefinitions.of(List.of(chain(FeeModel.EIP1559)));
    this.pools = new NodePools(chains, NodeSettings.DEFAULT, InstantSource.system());
    chain.rpc().setBalance(RICH.hex(), BigInteger.TEN.pow(18));
  }

  private static FaultyNode node(DevChain chain) {
    return new FaultyNode(chain.rpcUrl());
  }

  @AfterEach
  void close() {
    pools.close();
    three.forEach(FaultyNode::close);
  }

  @Test
  void noNodeAloneMakesGasDearOrCheap() {
    FeeQuote honest = quote(FeeModel.EIP1559);
    for (String lie :
        List.of(
            "{\"baseFeePerGas\":[%s],\"reward\":[[%s,%s,%s]],\"gasUsedRatio\":[0.5]}"
                .formatted(DEAR, DEAR, DEAR, DEAR),
            "{\"baseFeePerGas\":[\"0x0\"],\"reward\":[[\"0x0\",\"0x0\",\"0x0\"]],\"gasUsedRatio\":[1]}",
            "{\"baseFeePerGas\":[\"0x1\"],\"reward\":[[]],\"gasUsedRatio\":[1]}",
            "{}",
            "null")) {
      for (FaultyNode liar : three) {
        liar.lie("eth_feeHistory", _ -> json(lie));
        liar.lie("eth_maxPriorityFeePerGas", _ -> json(DEAR));
        assertThat(quote(FeeModel.EIP1559)).as(lie).isEqualTo(honest);
        liar.heal();
      }
    }
  }

  @Test
  void noNodeAloneMakesTheOnePriceDear() {
    FeeQuote honest = quote(FeeModel.LEGACY);
    three.getFirst().lie("eth_gasPrice", _ -> json(DEAR));
    assertThat(quote(FeeModel.LEGACY)).isEqualTo(honest);
  }

  /// Who has one node left goes on with it: caps are there for what it says.
  @Test
  void oneNodeHasToDoWhereNoQuorumIsLeft() {
    FeeQuote honest = quote(FeeModel.EIP1559);
    three.get(0).cut();
    three.get(1).cut();
    assertThat(quote(FeeModel.EIP1559)).isEqualTo(honest);
  }

  @Test
  void noNodeAloneMakesBlobsDearOrCheapOrUnknown() {
    BigInteger honest = price(chain(FeeModel.EIP1559)).blobPrice().orElseThrow();
    for (String lie : List.of(DEAR, "\"0x0\"", "\"dear\"", "null")) {
      for (FaultyNode liar : three) {
        liar.lie("eth_blobBaseFee", _ -> json(lie));
        assertThat(price(chain(FeeModel.EIP1559)).blobPrice()).as(lie).contains(honest);
        assertThat(replacement().quote().nextBlobPrice().value()).as(lie).isEqualTo(honest);
        liar.heal();
      }
    }
  }

  /// Nobody knows what they cost: what has none is priced and replaced as ever.
  @Test
  void unknownPricesOfBlobsKeepBlobsAloneWaiting() {
    three.forEach(node -> node.lie("eth_blobBaseFee", _ -> json("null")));
    assertThat(replacement().quote().maxFeePerBlobGas()).isEqualTo(Wei.ZERO);
    Question plain = question(Optional.empty());
    Question blobs =
        question(
            Optional.of(
                new Envelope.Blobs(AccessList.NONE, Wei.ZERO, List.of(BlobSidecar.ZERO_HASH))));
    List<TransactionPricer.Answer> answers =
        new NodeTransactionPricer(pools, chains).price(List.of(plain, blobs));
    assertThat(answers.getFirst()).isInstanceOf(TransactionPricer.Answer.Priced.class);
    assertThat(answers.getLast())
        .isInstanceOfSatisfying(
            TransactionPricer.Answer.NodeUnavailable.class,
            unknown -> assertThat(unknown.detail()).contains("eth_blobBaseFee"));
  }

  private Question question(Optional<Envelope> envelope) {
    return new Question(
        chainId,
        RICH,
        new CallEncoder.Call(RICH, Wei.of(1), Bytes.EMPTY),
        FeeChoice.ByMarket.UNSAID,
        envelope);
  }

  private ReplacementPricer.Answer.Quoted replacement() {
    return (ReplacementPricer.Answer.Quoted)
        new NodeReplacementPricer(pools, chains)
            .ask(chainId, RICH, Optional.empty(), Optional.empty());
  }

  private FeeQuote quote(FeeModel model) {
    return price(chain(model)).quote(FeeStrategy.NORMAL);
  }

  private GasPrice price(ChainDefinition chain) {
    return GasPrice.ask(pools.of(chainId), chain);
  }

  /// It takes blobs.
  private ChainDefinition chain(FeeModel model) {
    return new ChainDefinition(
        chainId,
        "Test",
        "ETH",
        model,
        three.stream().map(FaultyNode::url).map(ChainEndpoint::of).toList(),
        1,
        Duration.ofMillis(50),
        "",
        new ChainFacts(
                60,
                Duration.ofSeconds(1),
                Set.of(),
                Optional.empty(),
                16,
                EnumSet.of(TransactionType.EIP1559),
                true)
            .proving(BlobProofs.CELLS),
        2,
        BalanceTerms.DEFAULT,
        ReplacementTerms.DEFAULT);
  }

  private static JsonNode json(String text) {
    return JSON.readTree(text);
  }
}
