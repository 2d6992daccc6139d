package dev.countersign.nonce.broadcast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.Lane;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.nonce.blob.BlobSupply;
import dev.countersign.nonce.chain.ChainEndpoint;
import dev.countersign.nonce.node.EndpointHealth;
import dev.countersign.nonce.node.NodePool;
import dev.countersign.nonce.node.NodePools;
import dev.countersign.nonce.node.NodeSettings;
import dev.countersign.nonce.testing.FakeNode;
import dev.countersign.nonce.testing.TestChains;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RawTransactionSenderTest {
  private static final ChainId CHAIN = ChainId.ofEip155(5);
  private static final String SEND = "eth_sendRawTransaction";
  private static final DueTransaction DUE = due();

  private final List<FakeNode> nodes =
      Stream.generate(
              () ->
                  new FakeNode()
                      .onChain(5)
                      .atBlock(100)
                      .answer("eth_getTransactionReceipt", "\"result\": null"))
          .limit(3)
          .toList();

  @AfterEach
  void close() {
    nodes.forEach(FakeNode::close);
  }

  /// Ours was mined a moment ago, and it is the first to know.
  @Test
  void aNodeThatIsAheadOfTheOthersIsNoWorseThanTheyAre() {
    nodes.getFirst().answer(SEND, error("nonce too low: next nonce 8, tx nonce 7"));
    nodes.stream().skip(1).forEach(node -> node.answer(SEND, error("already known")));
    assertThat(failuresOfTheFirst()).isZero();
  }

  @Test
  void aNodeThatRefusesWhatTheOthersTakeIs() {
    nodes.getFirst().answer(SEND, error("txpool is full"));
    nodes.stream().skip(1).forEach(node -> node.answer(SEND, error("already known")));
    assertThat(failuresOfTheFirst()).isOne();
  }

  private long failuresOfTheFirst() {
    try (NodePools pools =
        new NodePools(
            TestChains.of(CHAIN, nodes.stream().map(FakeNode::url).map(ChainEndpoint::of).toList()),
            NodeSettings.DEFAULT,
            InstantSource.system())) {
      NodePool pool = pools.of(CHAIN);
      new RawTransactionSender(NodeErrors.load(), BlobSupply.NONE).send(pool, List.of(DUE));
      EndpointHealth first = pool.health().getFirst();
      return first.failures();
    }
  }

  private static String error(String words) {
    return "\"error\": {\"code\": -32000, \"message\": \"%s\"}".formatted(words);
  }

  private static DueTransaction due() {
    SignedTransaction transaction = new SignedTransaction(Bytes.fromHex("0x02c0"));
    return new DueTransaction(
        new SigningRequestId(UUID.fromString("00000000-0000-7000-8000-000000000001")),
        new Lane(CHAIN, new Address("0x" + "ab".repeat(20))),
        new Nonce(7),
        transaction,
        transaction.hash(),
        0,
        0,
        true,
        Optional.empty());
  }
}
