package dev.countersign.nonce.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.nonce.chain.ChainEndpoint;
import dev.countersign.nonce.node.EndpointHealth.State;
import dev.countersign.nonce.testing.FakeNode;
import dev.countersign.nonce.testing.TestChains;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@Timeout(30)
class QuorumReadsTest {
  private static final Logger LOG = LoggerFactory.getLogger(QuorumReadsTest.class);
  private static final ChainId CHAIN = ChainId.ofEip155(5);
  private static final Digest32 HASH = Digest32.fromHex("0x" + "ab".repeat(32));
  private static final Address ACCOUNT = new Address("0x" + "cd".repeat(20));
  private static final String NONE = "\"result\": null";
  private static final NodeSettings SETTINGS =
      new NodeSettings(
          Duration.ofSeconds(1),
          Duration.ofSeconds(4),
          Duration.ofSeconds(5),
          100,
          Duration.ofMillis(400),
          Duration.ofSeconds(2));

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final InstantSource clock = now::get;
  private final List<FakeNode> nodes =
      Stream.generate(() -> new FakeNode().onChain(5).atBlock(100)).limit(3).toList();
  private final NodePools pools =
      new NodePools(
          TestChains.of(CHAIN, nodes.stream().map(node -> ChainEndpoint.of(node.url())).toList()),
          SETTINGS,
          clock);
  private final NodePool pool = pools.of(CHAIN);

  @AfterEach
  void close() {
    pools.close();
    nodes.forEach(FakeNode::close);
  }

  @Test
  void aNodeThatLiesAboutAReceiptIsOutvotedAndSuspect() {
    receipts(receipt(90, "11", true), receipt(90, "11", false), receipt(90, "11", true));
    assertThat(receipt()).isEqualTo(agreed(90, "11", true));
    assertThat(states()).containsExactly(State.WORKING, State.SUSPECT, State.WORKING);
    assertThat(pool.health().get(1).outvoted()).isEqualTo(1);
  }

  @Test
  void aReceiptInAnotherBlockIsAnotherReceipt() {
    receipts(receipt(90, "11", true), receipt(90, "22", true), receipt(90, "11", true));
    assertThat(receipt()).isEqualTo(agreed(90, "11", true));
    assertThat(states().get(1)).isEqualTo(State.SUSPECT);
  }

  @Test
  void nobodyTrustsTheReceiptOfAnotherTransaction() {
    String other = receipt(90, "11", true).replace("ab".repeat(32), "ef".repeat(32));
    receipts(other, other, receipt(90, "11", true));
    assertThat(receipt()).isInstanceOf(Agreement.Split.class);
  }

  @Test
  void aNodeThatIsBehindHasNoReceiptAndDoesNotLie() {
    nodes.get(1).atBlock(99);
    receipts(receipt(100, "11", true), NONE, receipt(100, "11", true));
    for (int i = 0; i < 10; i++) {
      assertThat(receipt()).isEqualTo(agreed(100, "11", true));
    }
    assertThat(states()).containsExactly(State.WORKING, State.WORKING, State.WORKING);
  }

  @Test
  void aNodeThatIsPastTheBlockAndKeepsSayingNothingIsSuspect() {
    receipts(receipt(90, "11", true), NONE, receipt(90, "11", true));
    receipt();
    assertThat(states().get(1)).isEqualTo(State.WORKING);
    for (int i = 0; i < 5; i++) {
      // To be right about the head makes up for nothing.
      pool.quorum().head();
      receipt();
    }
    assertThat(states().get(1)).isEqualTo(State.SUSPECT);
  }

  @Test
  void oneNodesInventionIsNotMined() {
    receipts(NONE, receipt(90, "11", true), NONE);
    assertThat(receipt()).isEqualTo(new Agreement.Agreed<>(Optional.empty()));
    for (int i = 0; i < 5; i++) {
      receipt();
    }
    assertThat(states()).containsExactly(State.WORKING, State.SUSPECT, State.WORKING);
  }

  @Test
  void withoutAQuorumNothingIsConcluded() {
    receipts(receipt(90, "11", true), receipt(90, "22", true), NONE);
    assertThat(receipt())
        .isInstanceOfSatisfying(
            Agreement.Split.class,
            split -> assertThat(split.detail()).contains("3 votes, 2 must agree"));
    nodes.get(0).reply(503, "");
    assertThat(receipt()).isInstanceOf(Agreement.Split.class);
    nodes.get(1).reply(503, "");
    assertThatThrownBy(this::receipt)
        .isInstanceOf(NoQuorumException.class)
        .hasMessageContaining("chain eip155:5: 1 of 3 endpoints answered, 2 must agree")
        .hasMessageContaining("HTTP status 503");
  }

  @Test
  void whereOneIsEnoughANodeThatIsBehindHidesNothing() {
    try (NodePools two =
        new NodePools(
            TestChains.of(
                CHAIN,
                nodes.subList(0, 2).stream().map(node -> ChainEndpoint.of(node.url())).toList(),
                1),
            SETTINGS,
            clock)) {
      receipts(receipt(90, "11", true), NONE);
      QuorumReads reads = two.of(CHAIN).quorum();
      assertThat(reads.receipts(List.of(HASH)).values().getFirst())
          .isInstanceOf(Agreement.Split.class);
      nodes.get(1).atBlock(80);
      assertThat(reads.receipts(List.of(HASH)).values().getFirst())
          .isEqualTo(agreed(90, "11", true));
    }
  }

  @Test
  void anInventionFarAheadDoesNotKeepTheOthersFromSayingThereIsNone() {
    receipts(NONE, receipt(5_000, "11", true), NONE);
    assertThat(receipt()).isEqualTo(new Agreement.Agreed<>(Optional.empty()));
  }

  @Test
  void anErrorIsNoVote() {
    receipts(
        receipt(90, "11", true),
        "\"error\": {\"code\": -32000, \"message\": \"pruned\"}",
        receipt(90, "11", true));
    assertThat(receipt()).isEqualTo(agreed(90, "11", true));
    receipts(
        receipt(90, "11", true),
        "\"error\": {\"code\": -32000, \"message\": \"pruned\"}",
        "\"result\": {\"blockHash\": 7}");
    assertThat(receipt()).isInstanceOf(Agreement.Split.class);
  }

  @Test
  void oneNodeAloneMovesNoHead() {
    nodes.get(2).atBlock(1_000_000);
    for (int i = 0; i < 6; i++) {
      assertThat(pool.quorum().head().number()).isEqualTo(100);
    }
    assertThat(states()).containsExactly(State.WORKING, State.WORKING, State.SUSPECT);
    nodes.get(1).atBlock(101);
    nodes.get(2).atBlock(102);
    assertThat(pool.quorum().head().number()).isEqualTo(101);
  }

  @Test
  void aMinedCountIsWhatAQuorumHasReached() {
    counts(7, 9, 1_000);
    assertThat(pool.quorum().minedCounts(List.of(ACCOUNT)).values()).containsExactly(9L);
    counts(7, 0, 7);
    assertThat(pool.quorum().minedCounts(List.of(ACCOUNT)).values()).containsExactly(7L);
    nodes.get(0).answer("eth_getTransactionCount", NONE);
    nodes.get(1).answer("eth_getTransactionCount", NONE);
    assertThatThrownBy(() -> pool.quorum().minedCounts(List.of(ACCOUNT)))
        .isInstanceOf(NoQuorumException.class)
        .hasMessageContaining("1 endpoints tell it, 2 must");
  }

  @Test
  void aCountAtABlockMustBeTheSame() {
    BlockHead block = pool.quorum().head();
    counts(7, 7, 1_000);
    assertThat(pool.quorum().minedCountsAt(block, List.of(ACCOUNT)))
        .containsExactly(new Agreement.Agreed<>(7L));
    assertThat(states()).containsExactly(State.WORKING, State.WORKING, State.SUSPECT);
    counts(6, 7, 8);
    assertThat(pool.quorum().minedCountsAt(block, List.of(ACCOUNT)).getFirst())
        .isInstanceOf(Agreement.Split.class);
  }

  @Test
  void theHashOfABlockIsThatOfTheQuorum() {
    nodes
        .get(0)
        .answer(
            "eth_getBlockByNumber",
            "\"result\": {\"number\": \"0x64\", \"hash\": \"0x%s\"}".formatted("99".repeat(32)));
    assertThat(pool.quorum().blockHashes(List.of(100L)))
        .containsExactly(
            new Agreement.Agreed<>(Optional.of(Digest32.fromHex("0x%064x".formatted(100)))));
    assertThat(states()).containsExactly(State.SUSPECT, State.WORKING, State.WORKING);
  }

  @Test
  void aNodeThatHangsHoldsTheOthersUpOnce() {
    receipts(receipt(90, "11", true), receipt(90, "11", true), receipt(90, "11", true));
    receipt();
    nodes.get(2).slow(Duration.ofSeconds(20));
    Duration first = timed(() -> assertThat(receipt()).isEqualTo(agreed(90, "11", true)));
    Duration second = timed(() -> assertThat(receipt()).isEqualTo(agreed(90, "11", true)));
    LOG.info(
        "{}: {}",
        "quorum read while one of three hangs",
        "%d ms, the next %d ms".formatted(first.toMillis(), second.toMillis()));
    assertThat(first).isLessThan(Duration.ofSeconds(2));
    assertThat(second).isLessThan(first);
    assertThat(states().get(2)).isEqualTo(State.SLOW);
  }

  @Test
  void aSlowNodeIsWaitedForWhereTheOthersAreNotEnough() {
    receipts(receipt(90, "11", true), receipt(90, "11", true), receipt(90, "11", true));
    nodes.get(1).slow(Duration.ofMillis(900));
    nodes.get(2).reply(503, "");
    assertThat(receipt()).isEqualTo(agreed(90, "11", true));
  }

  @Test
  void whoIsSuspectIsAskedLastUntilItHasAgreedForAWhile() {
    receipts(receipt(90, "11", false), receipt(90, "11", true), receipt(90, "11", true));
    IntStream.range(0, 3)
        .forEach(
            i ->
                nodes
                    .get(i)
                    .answer("eth_getTransactionCount", "\"result\": \"0x%x\"".formatted(i)));
    receipt();
    assertThat(states().getFirst()).isEqualTo(State.SUSPECT);
    assertThat(asked()).isEqualTo(1);
    receipts(receipt(90, "11", true), receipt(90, "11", true), receipt(90, "11", true));
    receipt();
    assertThat(asked()).isEqualTo(1);
    now.set(now.get().plusSeconds(31));
    receipt();
    assertThat(states().getFirst()).isEqualTo(State.WORKING);
    assertThat(asked()).isZero();
  }

  private long asked() {
    return Quantities.readLong(
        "count", pool.results(List.of(RpcCall.minedCount(ACCOUNT))).getFirst());
  }

  private List<State> states() {
    return pool.health().stream().map(EndpointHealth::state).toList();
  }

  private Agreement<Optional<Receipt>> receipt() {
    return pool.quorum().receipts(List.of(HASH)).values().getFirst();
  }

  private void receipts(String... members) {
    for (int i = 0; i < members.length; i++) {
      nodes.get(i).answer("eth_getTransactionReceipt", members[i]);
    }
  }

  private void counts(long... counts) {
    for (int i = 0; i < counts.length; i++) {
      nodes.get(i).answer("eth_getTransactionCount", "\"result\": \"0x%x\"".formatted(counts[i]));
    }
  }

  private static String receipt(long block, String blockHash, boolean succeeded) {
    return """
    "result": {"transactionHash": "%s", "blockNumber": "0x%x", "blockHash": "0x%s", "status": "%s"}\
    """
        .formatted(HASH.hex(), block, blockHash.repeat(32), succeeded ? "0x1" : "0x0");
  }

  private static Agreement<Optional<Receipt>> agreed(
      long block, String blockHash, boolean succeeded) {
    return new Agreement.Agreed<>(
        Optional.of(
            new Receipt(HASH, block, Digest32.fromHex("0x" + blockHash.repeat(32)), succeeded)));
  }

  private static Duration timed(Runnable run) {
    long start = System.nanoTime();
    run.run();
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
