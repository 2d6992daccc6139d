package dev.countersign.nonce.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.ChainId;
import dev.countersign.nonce.chain.ChainEndpoint;
import dev.countersign.nonce.testing.FakeNode;
import dev.countersign.nonce.testing.TestChains;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A node that answers, with an error.
@Timeout(30)
class NodeErrorFailoverTest {
  private static final ChainId CHAIN = ChainId.ofEip155(5);
  private static final RpcCall COUNT = RpcCall.minedCount(new Address("0x" + "ab".repeat(20)));
  private static final NodeSettings SETTINGS =
      new NodeSettings(Duration.ofSeconds(2), Duration.ofSeconds(8), Duration.ofMillis(300), 100);

  private final FakeNode first = node("0x1");
  private final FakeNode second = node("0x2");
  private final List<NodePools> opened = new ArrayList<>();

  @AfterEach
  void close() {
    opened.forEach(NodePools::close);
    first.close();
    second.close();
  }

  @Test
  void anErrorThatMayBeTheNodesOwnIsTriedAtTheNext() {
    NodePool pool = pool(first.url(), second.url());
    first.answer(COUNT.method(), error(-32000, "missing trie node 00 (path )"));
    assertThat(count(pool)).isEqualTo(2);
    assertThat(first.calls()).contains(COUNT.method());
    int asked = first.calls().size();
    assertThat(count(pool)).as("the others are asked before it for a while").isEqualTo(2);
    assertThat(first.calls()).hasSize(asked);
    assertThat(pool.health().getFirst().failures()).isEqualTo(1);
    first.answer(COUNT.method(), "\"result\": \"0x1\"");
    await().until(() -> count(pool) == 1);
  }

  @Test
  void whatIsPassedOnIsTriedAtTheNextToo() {
    NodePool pool = pool(first.url(), second.url());
    first.answer(COUNT.method(), error(-32000, "missing trie node 00 (path )"));
    for (int i = 0; i < 3; i++) {
      assertThat(pool.passOn(List.of(COUNT))).hasOnlyElementsOfType(RpcAnswer.Result.class);
    }
    assertThat(first.calls()).as("held against nobody").hasSize(4);
    assertThat(pool.health().getFirst().failures()).isZero();
  }

  /// A count of one node and a balance of another would be of two states of the chain.
  @Test
  void allAnswersAreOfOneNode() {
    RpcCall balance = RpcCall.balance(new Address("0x" + "ab".repeat(20)));
    first.answer(balance.method(), error(-32000, "missing trie node"));
    second.answer(balance.method(), "\"result\": \"0x77\"");
    assertThat(pool(first.url(), second.url()).results(List.of(COUNT, balance)))
        .extracting(result -> result.stringValue())
        .containsExactly("0x2", "0x77");
  }

  @Test
  void whenAllSayNoTheFirstsWordsCount() {
    first.answer(COUNT.method(), error(-32000, "missing trie node"));
    second.answer(COUNT.method(), error(-32000, "header not found"));
    NodePool pool = pool(first.url(), second.url());
    assertThat(pool.call(List.of(COUNT)))
        .containsExactly(new RpcAnswer.Failure(-32000, "missing trie node", ""));
    assertThat(second.calls()).contains(COUNT.method());
    assertThat(pool.health().getFirst().failures()).isZero();
  }

  /// It has an answer to everything, and so would win wherever honest nodes have an error.
  @Test
  void anErrorIsNotTriedAtOneThatAQuorumHasContradicted() {
    first.answer(COUNT.method(), error(-32000, "missing trie node"));
    second.answer(COUNT.method(), error(-32000, "missing trie node"));
    try (FakeNode third = node("0x3")) {
      NodePool pool = pool(first.url(), second.url(), third.url());
      pool.endpoints().getLast().contradicted("what no honest node says");
      assertThat(pool.call(List.of(COUNT)))
          .containsExactly(new RpcAnswer.Failure(-32000, "missing trie node", ""));
      assertThat(third.calls()).isEmpty();
      first.close();
      second.close();
      assertThat(count(pool)).as("where no other answers at all").isEqualTo(3);
    }
  }

  @Test
  void anErrorIsTriedAtTheNextThoughThatHangs() {
    first.answer(COUNT.method(), error(-32000, "missing trie node"));
    try (FakeNode third = node("0x3")) {
      NodePool pool = pool(first.url(), second.url(), third.url());
      second.slow(Duration.ofSeconds(20));
      Instant start = Instant.now();
      assertThat(count(pool)).isEqualTo(3);
      assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(2));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          3      | execution reverted
          -32000 | execution reverted: no
          -32000 | invalid opcode: INVALID
          -32602 | invalid argument 0
          """)
  void anErrorOfTheCallItselfIsFinal(int code, String words) {
    first.answer(COUNT.method(), error(code, words));
    assertThat(pool(first.url(), second.url()).call(List.of(COUNT)))
        .containsExactly(new RpcAnswer.Failure(code, words, ""));
    assertThat(second.calls()).isEmpty();
  }

  private static String error(int code, String words) {
    return "\"error\": {\"code\": %d, \"message\": \"%s\"}".formatted(code, words);
  }

  private static long count(NodePool pool) {
    return Quantities.readLong("count", pool.results(List.of(COUNT)).getFirst());
  }

  private NodePool pool(URI... endpoints) {
    NodePools pools =
        new NodePools(
            TestChains.of(CHAIN, Arrays.stream(endpoints).map(ChainEndpoint::of).toList()),
            SETTINGS,
            InstantSource.system());
    opened.add(pools);
    return pools.of(CHAIN);
  }

  private static FakeNode node(String count) {
    return new FakeNode()
        .onChain(5)
        .answer("eth_getTransactionCount", "\"result\": \"%s\"".formatted(count));
  }
}
