package dev.countersign.nonce.node;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.ChainId;
import dev.countersign.nonce.chain.ChainEndpoint;
import dev.countersign.nonce.testing.FakeNode;
import dev.countersign.nonce.testing.TestChains;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/// Two nodes that tell different counts, so that what a pool says tells who was asked.
abstract class OnFakeNodes {
  static final ChainId CHAIN = ChainId.ofEip155(5);
  static final RpcCall COUNT = RpcCall.minedCount(new Address("0x" + "ab".repeat(20)));

  /// Nothing is held against a node only because this machine is busy.
  static final NodeSettings PATIENT =
      new NodeSettings(Duration.ofSeconds(2), Duration.ofSeconds(8), Duration.ofSeconds(2), 100);

  final FakeNode first = node("0x1");
  final FakeNode second = node("0x2");
  final List<NodePools> opened = new ArrayList<>();

  @AfterEach
  void close() {
    opened.forEach(NodePools::close);
    first.close();
    second.close();
  }

  static FakeNode node(String count) {
    return new FakeNode()
        .onChain(5)
        .answer("eth_getTransactionCount", "\"result\": \"%s\"".formatted(count));
  }

  static long count(NodePool pool) {
    return Quantities.readLong("count", pool.results(List.of(COUNT)).getFirst());
  }

  NodePool pool(NodeSettings settings, URI... endpoints) {
    return pool(settings, Arrays.stream(endpoints).map(ChainEndpoint::of).toList());
  }

  NodePool pool(NodeSettings settings, List<ChainEndpoint> endpoints) {
    NodePools pools =
        new NodePools(TestChains.of(CHAIN, endpoints), settings, InstantSource.system());
    opened.add(pools);
    return pools.of(CHAIN);
  }
}
