package dev.countersign.nonce.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.evm.Envelope;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Wei;
import dev.countersign.nonce.chain.ChainEndpoint;
import dev.countersign.nonce.testing.FakeNode;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@Timeout(30)
class NodePoolTest extends OnFakeNodes {
  private static final Logger LOG = LoggerFactory.getLogger(NodePoolTest.class);
  private static final NodeSettings SETTINGS =
      new NodeSettings(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofMillis(100), 3);

  @Test
  void asksTheFirstEndpointAndNoOther() {
    NodePool pool = pool(first.url(), second.url());
    assertThat(count(pool)).isEqualTo(1);
    assertThat(count(pool)).isEqualTo(1);
    assertThat(first.calls())
        .containsExactly("eth_chainId", "eth_getTransactionCount", "eth_getTransactionCount");
    assertThat(second.calls()).isEmpty();
  }

  @Test
  void matchesAnswersByTheirIdWhateverTheirOrder() {
    first.reversed().answer("eth_getBalance", "\"result\": \"0x77\"");
    List<RpcAnswer> answers =
        pool(first.url())
            .call(List.of(COUNT, RpcCall.balance(new Address("0x" + "ab".repeat(20)))));
    assertThat(answers)
        .map(answer -> ((RpcAnswer.Result) answer).value().stringValue())
        .containsExactly("0x1", "0x77");
  }

  @Test
  void splitsWhatIsMoreThanABatch() {
    List<RpcAnswer> answers = pool(first.url()).call(Collections.nCopies(8, COUNT));
    assertThat(answers).hasSize(8).allMatch(RpcAnswer.Result.class::isInstance);
  }

  @Test
  void anErrorIsAnAnswerToItsCallAlone() {
    first.answer(
        "eth_estimateGas",
        "\"error\": {\"code\": 3, \"message\": \"execution\\n"
            + " reverted\", \"data\": \"0x08c379a0\"}");
    var call = new CallEncoder.Call(new Address("0x" + "cd".repeat(20)), Wei.ZERO, Bytes.EMPTY);
    List<RpcAnswer> answers =
        pool(first.url())
            .call(
                List.of(
                    RpcCall.estimateGas(
                        new Address("0x" + "ab".repeat(20)), call, Envelope.FeeMarket.PLAIN),
                    COUNT));
    assertThat(answers.getFirst())
        .isEqualTo(new RpcAnswer.Failure(3, "execution  reverted", "0x08c379a0"));
    assertThat(answers.getLast()).isInstanceOf(RpcAnswer.Result.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          429 | slow down                                                    | HTTP status 429
          500 | {"jsonrpc": "2.0"}                                           | HTTP status 500
          302 | elsewhere                                                    | HTTP status 302
          200 | <html>sign in</html>                                         | a JSON-RPC call
          200 | {"jsonrpc": "2.0", "error": {"code": 1, "message": "limit"}} | answered error 1: limit
          200 | []                                                           | a JSON-RPC call
          200 | {"id": 9, "result": "0x5"}                                   | the JSON-RPC call
          """)
  void goesToTheNextEndpointWhenOneGivesNoUsableAnswer(int status, String body, String problem) {
    first.reply(status, body);
    assertThat(count(pool(first.url(), second.url()))).isEqualTo(2);
    assertThatThrownBy(() -> count(pool(first.url())))
        .isInstanceOf(NodeUnavailableException.class)
        .hasMessageContaining("no node of chain eip155:5 answers")
        .hasMessageContaining(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          429 | slow down                                                    | HTTP status 429
          200 | <html>sign in</html>                                         | a JSON-RPC batch
          200 | []                                                           | 0 answers to 2 calls
          200 | [{"id": 9, "result": "0x1"}]                                 | none to number 1
          200 | [{"id":1,"result":"0x5"},{"id":2,"result":"0x5"},{"id":3,"result":"0x5"}] | batch
          """)
  void goesToTheNextEndpointWhenABatchHasNoUsableAnswer(int status, String body, String problem) {
    NodePool pool = pool(first.url(), second.url());
    assertThat(count(pool)).isEqualTo(1);
    first.reply(status, body);
    assertThat(pool.results(List.of(COUNT, COUNT)))
        .map(result -> result.stringValue())
        .containsExactly("0x2", "0x2");
    assertThat(pool.health().getFirst().problem()).contains(problem);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void sendsSmallerBatchesToANodeThatRefusesLargeOnes(int most) {
    first.batchesUpTo(most);
    NodePool pool =
        pool(
            new NodeSettings(
                Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofMillis(100), 20),
            first.url());
    assertThat(pool.call(Collections.nCopies(20, COUNT)))
        .hasSize(20)
        .allMatch(RpcAnswer.Result.class::isInstance);
    assertThat(first.calls()).hasSize(21);
  }

  @Test
  void sendsNoMoreThanAnEndpointsOwnBatchSize() {
    first.batchesUpTo(2);
    NodePool pool = pool(SETTINGS, List.of(new ChainEndpoint(first.url(), OptionalInt.of(2))));
    assertThat(pool.call(Collections.nCopies(5, COUNT))).hasSize(5);
    assertThat(pool.health().getFirst().failures()).isZero();
  }

  @Test
  void anEndpointThatHangsKeepsNobodyWaiting() {
    NodePool pool = pool(PATIENT, first.url(), second.url());
    assertThat(count(pool)).isEqualTo(1);
    first.slow(Duration.ofSeconds(20));
    Instant start = Instant.now();
    assertThat(count(pool)).isEqualTo(2);
    Duration failover = Duration.between(start, Instant.now());
    start = Instant.now();
    assertThat(count(pool)).isEqualTo(2);
    Duration next = Duration.between(start, Instant.now());
    LOG.info(
        "{}: {}",
        "failover from a node that hangs",
        "%d ms, the next call %d ms".formatted(failover.toMillis(), next.toMillis()));
    assertThat(failover).isLessThan(Duration.ofSeconds(2));
    assertThat(next).isLessThan(Duration.ofSeconds(1));
    assertThat(pool.health().getFirst().state()).isEqualTo(EndpointHealth.State.SLOW);
  }

  @Test
  void aDeadEndpointCostsNextToNothing() {
    URI nobody = first.url();
    first.close();
    NodePool pool = pool(PATIENT, nobody, second.url());
    Instant start = Instant.now();
    assertThat(count(pool)).isEqualTo(2);
    Duration failover = Duration.between(start, Instant.now());
    LOG.info("{}: {}", "failover from a node that is gone", failover.toMillis() + " ms");
    assertThat(failover).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void checksTheChainBehindEveryNewConnection() {
    NodePool pool = pool(first.url());
    assertThat(count(pool)).isEqualTo(1);
    int port = first.port();
    first.close();
    // In its place, before anybody noticed: no call has failed.
    try (FakeNode other = new FakeNode(port)) {
      other.onChain(1).answer("eth_getTransactionCount", "\"result\": \"0x9\"");
      assertThatThrownBy(() -> count(pool)).hasMessageContaining("is refused");
      assertThat(pool.health().getFirst().state()).isEqualTo(EndpointHealth.State.WRONG_CHAIN);
    }
  }

  @Test
  void asksAnEndpointThatLagsAfterTheOthers() {
    first.atBlock(100);
    second.atBlock(130);
    try (FakeNode third = node("0x3").atBlock(130)) {
      NodePool pool = pool(first.url(), second.url(), third.url());
      pool.quorum().head();
      assertThat(pool.health())
          .extracting(EndpointHealth::state)
          .containsExactly(
              EndpointHealth.State.LAGGING,
              EndpointHealth.State.WORKING,
              EndpointHealth.State.WORKING);
      assertThat(pool.health().getFirst().lag()).isEqualTo(30);
      assertThat(count(pool)).isEqualTo(2);
      first.atBlock(130);
      pool.quorum().head();
      assertThat(count(pool)).isEqualTo(1);
    }
  }

  /// Either may lie: the one ahead leads nobody, and is not told to lie either.
  @Test
  void ofTwoEndpointsNeitherSaysAloneWhichOneLags() {
    first.atBlock(100);
    second.atBlock(1_000_000);
    NodePool pool = pool(first.url(), second.url());
    for (int i = 0; i < 10; i++) {
      assertThat(pool.quorum().head().number()).isEqualTo(100);
    }
    assertThat(pool.health())
        .extracting(EndpointHealth::state)
        .containsExactly(EndpointHealth.State.WORKING, EndpointHealth.State.WORKING);
    assertThat(count(pool)).isEqualTo(1);
  }

  @Test
  void watchingFindsOutWithoutACall() {
    first.atBlock(5);
    second.atBlock(5);
    NodePool pool =
        pool(
            new NodeSettings(
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofMillis(100),
                3,
                Duration.ofSeconds(1),
                Duration.ofMillis(50)),
            first.url(),
            second.url());
    opened.getLast().start();
    await().until(() -> pool.health().getLast().head().equals(OptionalLong.of(5)));
    second.reply(503, "");
    await().until(() -> pool.health().getLast().state() == EndpointHealth.State.DOWN);
    assertThat(pool.health().getLast().errorRate()).isPositive();
    second.recover();
    await().until(() -> pool.health().getLast().state() == EndpointHealth.State.WORKING);
  }

  @Test
  void goesToTheNextEndpointWhenOneIsNotThere() {
    URI nobody = first.url();
    first.close();
    assertThat(count(pool(nobody, second.url()))).isEqualTo(2);
  }

  @Test
  void refusesAnEndpointOfAnotherChain() {
    first.onChain(1);
    assertThat(count(pool(first.url(), second.url()))).isEqualTo(2);
    assertThatThrownBy(() -> count(pool(first.url())))
        .hasMessageContaining("expected a node of chain eip155:5, it is one of chain eip155:1");
    assertThat(first.calls()).doesNotContain("eth_getTransactionCount");
  }

  @Test
  void checksTheChainAgainAfterAnEndpointWasGone() {
    NodePool pool = pool(first.url());
    assertThat(count(pool)).isEqualTo(1);
    first.reply(503, "");
    assertThatThrownBy(() -> count(pool)).isInstanceOf(NodeUnavailableException.class);
    first.onChain(1).recover();
    assertThatThrownBy(() -> count(pool)).hasMessageContaining("is refused");
  }

  @Test
  void leavesADeadEndpointAloneAndComesBackToItByItself() {
    NodePool pool = pool(first.url(), second.url());
    first.reply(503, "");
    for (int i = 0; i < 6; i++) {
      assertThat(count(pool)).isEqualTo(2);
    }
    first.recover();
    await().until(() -> count(pool) == 1);
  }

  @Test
  void whatWasPassedOnIsHeldAgainstNoEndpoint() {
    NodePool pool = pool(first.url(), second.url());
    assertThat(count(pool)).isEqualTo(1);
    first.reply(500, "too much was asked");
    second.reply(500, "too much was asked");
    for (int i = 0; i < 4; i++) {
      assertThatThrownBy(() -> pool.passOn(List.of(COUNT)))
          .isInstanceOf(NodeUnavailableException.class);
    }
    assertThat(pool.health())
        .extracting(EndpointHealth::state)
        .containsOnly(EndpointHealth.State.WORKING);
    first.recover();
    assertThat(count(pool)).as("ours goes on at once").isEqualTo(1);
    assertThat(pool.passOn(List.of(COUNT))).hasOnlyElementsOfType(RpcAnswer.Result.class);
  }

  @Test
  void anAnswerWithoutEndIsCutOff() {
    first.reply(200, "\"" + "x".repeat(33 << 20) + "\"");
    assertThatThrownBy(() -> count(pool(PATIENT, first.url())))
        .hasMessageContaining("the answer has more than 33554432 bytes");
  }

  @Test
  void neverShowsTheKeyInAnEndpoint() {
    first.reply(500, "");
    assertThatThrownBy(() -> count(pool(first.url())))
        .hasMessageContaining("http://127.0.0.1:")
        .satisfies(
            thrown -> {
              for (Throwable t = thrown; t != null; t = t.getCause()) {
                assertThat(String.valueOf(t)).doesNotContain("secretkey");
                assertThat(Arrays.toString(t.getSuppressed())).doesNotContain("secretkey");
              }
            });
  }

  private NodePool pool(URI... endpoints) {
    return pool(SETTINGS, endpoints);
  }
}
