package dev.countersign.nonce.fee;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.FeeStrategy;
import dev.countersign.core.replacement.FeeQuote;
import dev.countersign.nonce.chain.ChainDefinitions;
import dev.countersign.nonce.chain.FeeModel;
import dev.countersign.nonce.chain.FeeStrategies;
import dev.countersign.nonce.node.NodePools;
import dev.countersign.nonce.node.NodeSettings;
import dev.countersign.nonce.testing.FaultyNode;
import dev.countersign.nonce.testing.NonceBench;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.WithTestEnvironment;
import java.time.InstantSource;
import java.util.List;
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

  private final List<FaultyNode> three;
  private final NodePools pools;
  private final ChainId chainId;

  FeeQuorumIT(DevChain chain) {
    this.chainId = ChainId.ofEip155(chain.chainId());
    this.three = List.of(node(chain), node(chain), node(chain));
    this.pools =
        new NodePools(
            ChainDefinitions.of(
                List.of(
                    NonceBench.definition(
                        chainId, three.stream().map(FaultyNode::url).toList(), 1))),
            NodeSettings.DEFAULT,
            InstantSource.system());
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

  private FeeQuote quote(FeeModel model) {
    return GasPrice.ask(pools.of(chainId), model, FeeStrategies.DEFAULT).quote(FeeStrategy.NORMAL);
  }

  private static JsonNode json(String text) {
    return JSON.readTree(text);
  }
}
