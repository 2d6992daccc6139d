package dev.countersign.nonce.fee;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.evm.CallEncoder.Call;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.TransactionPricer.Answer;
import dev.countersign.core.port.TransactionPricer.Question;
import dev.countersign.nonce.chain.ChainDefinitions;
import dev.countersign.nonce.chain.ChainEndpoint;
import dev.countersign.nonce.node.EndpointHealth;
import dev.countersign.nonce.node.NodePools;
import dev.countersign.nonce.node.NodeSettings;
import dev.countersign.nonce.testing.FakeNode;
import dev.countersign.nonce.testing.TestChains;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class NodeTransactionPricerTest {
  private static final ChainId CHAIN = ChainId.ofEip155(5);
  private static final Address ACCOUNT = new Address("0x" + "ab".repeat(20));
  private static final Address CONTRACT = new Address("0x" + "cd".repeat(20));

  /// A contract may be made so that no node gets to the end of it in time.
  @Test
  void aCallThatNoNodeCanSimulateLeavesTheNodesWorking() {
    try (FakeNode node = node()) {
      ChainDefinitions chains = TestChains.of(CHAIN, List.of(ChainEndpoint.of(node.url())));
      try (NodePools nodes = new NodePools(chains, NodeSettings.DEFAULT, InstantSource.system())) {
        var pricer = new NodeTransactionPricer(nodes, chains);
        assertThat(pricer.price(questions(1)).getFirst()).isInstanceOf(Answer.Priced.class);
        assertThat(pricer.isSimulated(questions(1).getFirst())).isTrue();

        // Within the second for which the price of gas is known.
        node.reply(503, "too much was asked");
        for (int i = 2; i < 6; i++) {
          assertThat(pricer.price(questions(i)).getFirst())
              .isInstanceOf(Answer.NodeUnavailable.class);
        }

        assertThat(nodes.of(CHAIN).health())
            .extracting(EndpointHealth::state)
            .containsExactly(EndpointHealth.State.WORKING);
        node.recover();
        assertThat(pricer.price(questions(7)).getFirst()).isInstanceOf(Answer.Priced.class);
      }
    }
  }

  private static List<Question> questions(int value) {
    Call call = new Call(CONTRACT, Wei.of(value), Bytes.fromHex("0x01020304"));
    return List.of(new Question(CHAIN, ACCOUNT, call, Optional.empty()));
  }

  private static FakeNode node() {
    return new FakeNode()
        .onChain(5)
        .answer("eth_getTransactionCount", "\"result\": \"0x1\"")
        .answer("eth_getBalance", "\"result\": \"0xde0b6b3a7640000\"")
        .answer("eth_estimateGas", "\"result\": \"0x6000\"")
        .answer("eth_maxPriorityFeePerGas", "\"result\": \"0x1\"")
        .answer(
            "eth_feeHistory",
            "\"result\": {\"baseFeePerGas\": [\"0x7\", \"0x7\"], \"reward\": [[\"0x1\", \"0x1\","
                + " \"0x1\"]]}")
        .answer(
            "eth_getBlockByNumber",
            "\"result\": {\"number\": \"0x9\", \"hash\": \"0x%064x\", \"gasLimit\": \"0x1c9c380\"}"
                .formatted(9));
  }
}
