package dev.countersign.nonce.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.core.model.Address;
import dev.countersign.nonce.testing.FakeNode;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A node that answers, with an error.
@Timeout(30)
class NodeErrorFailoverTest extends OnFakeNodes {
  private static final NodeSettings SETTINGS =
      new NodeSettings(Duration.ofSeconds(2), Duration.ofSeconds(8), Duration.ofMillis(300), 100);

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

  private NodePool pool(URI... endpoints) {
    return pool(SETTINGS, endpoints);
  }
}
