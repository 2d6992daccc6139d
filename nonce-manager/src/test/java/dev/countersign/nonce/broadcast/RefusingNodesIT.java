package dev.countersign.nonce.broadcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.port.Lane;
import dev.countersign.core.request.RequestState;
import dev.countersign.nonce.lane.LaneView;
import dev.countersign.nonce.node.NodePool;
import dev.countersign.nonce.node.RpcCall;
import dev.countersign.nonce.testing.FaultyNode;
import dev.countersign.nonce.testing.Instance;
import dev.countersign.nonce.testing.Instance.Owned;
import dev.countersign.nonce.testing.OnDevChain;
import dev.countersign.nonce.testing.TestAccount;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.DevChainSettings;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Three nodes of one chain, of which the preferred one answers, and says no.
@WithTestEnvironment
@DevChainSettings(blockMillis = 200)
@Timeout(60)
class RefusingNodesIT extends OnDevChain {
  private static final String SEND = "eth_sendRawTransaction";

  RefusingNodesIT(PostgresDatabase database, DevChain chain) {
    super(database, chain, 3, 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tx fee (45.00 ether) exceeds the configured cap (1.00 ether)",
        "txpool is full",
        "method not on your plan",
        "nonce too low",
        "insufficient funds for gas * price + value",
        "replacement transaction underpriced"
      })
  void whatOneNodeRefusesTheOthersAreOffered(String words) {
    nodes.getFirst().fail(SEND, words);
    Instance instance = bench.instance().broadcasting().tracking();
    List<Owned> owned =
        IntStream.range(0, 3).mapToObj(i -> instance.transfer(funded(words + i), chainId)).toList();
    await().until(() -> owned.stream().allMatch(this::isConfirmed));
    assertThat(instance.refusals()).isEmpty();
    assertThat(paused(instance)).isEmpty();
    assertThat(
            bench.text("SELECT count(*)::text FROM nonce.transaction WHERE refused_as IS NOT NULL"))
        .isEqualTo("0");
  }

  @Test
  void aNodeThatRefusesWhatTheOthersTakeIsNotAskedFirstForAWhile() {
    NodePool pool = bench.instance().nodes().of(chainId);
    nodes.getFirst().fail(SEND, "txpool is full");
    var first = pool.callOne(List.of(RpcCall.chainId()));
    pool.wasBettered(first);
    nodes.getFirst().fail("eth_chainId", "it was asked");
    assertThat(pool.callOne(List.of(RpcCall.latestBlock())).answers()).hasSize(1);
    assertThat(pool.callOne(List.of(RpcCall.chainId())).answers().getFirst().toString())
        .doesNotContain("it was asked");
    await()
        .until(
            () ->
                pool.callOne(List.of(RpcCall.chainId()))
                    .answers()
                    .getFirst()
                    .toString()
                    .contains("it was asked"));
  }

  @Test
  void aRefusalThatTwoNodesShareCounts() {
    nodes.get(0).fail(SEND, "txpool is full");
    nodes.get(1).fail(SEND, "insufficient funds for gas * price + value: balance 0");
    nodes.get(2).fail(SEND, "Insufficient funds");
    Instance instance = bench.instance().broadcasting();
    Owned owned = instance.transfer(funded("shared"), chainId);
    await().until(() -> !paused(instance).isEmpty());
    assertThat(instance.refusals()).containsOnly(ErrorKind.INSUFFICIENT_FUNDS);
    assertThat(stateOf(owned)).isEqualTo(RequestState.SIGNED);
    nodes.forEach(FaultyNode::heal);
    instance.tracking();
    await().until(() -> isConfirmed(owned));
    await().until(() -> paused(instance).isEmpty());
  }

  @Test
  void aRefusalOfOneNodeAmongSeveralPausesNothing() {
    nodes.get(0).fail(SEND, "insufficient funds for gas * price + value: balance 0");
    nodes.get(1).fail(SEND, "something odd");
    nodes.get(2).fail(SEND, "txpool is full");
    Instance instance = bench.instance().broadcasting();
    Owned owned = instance.transfer(funded("alone"), chainId);
    await()
        .until(
            () ->
                bench
                    .text("SELECT coalesce(last_error, '') FROM nonce.transaction")
                    .contains("something odd; refused: error -32000: txpool is full"));
    assertThat(instance.refusals()).isEmpty();
    assertThat(paused(instance)).isEmpty();
    nodes.get(2).heal();
    instance.tracking();
    await().until(() -> isConfirmed(owned));
  }

  @Test
  void whatIsMinedIsKnownThoughTheFirstNodeSaysSomethingElse() {
    nodes.getFirst().fail(SEND, "txpool is full");
    Instance instance = bench.instance();
    Owned owned = instance.transfer(funded("mined"), chainId);
    Bytes signed = instance.ledger().signed(owned.request()).orElseThrow().bytes();
    chain.rpc().call(SEND, signed.hex());
    await().until(() -> chain.rpc().transactionCount(owned.lane().address().hex()) == 1);
    instance.broadcasting();
    await().until(() -> stateOf(owned) == RequestState.BROADCAST);
  }

  @Test
  void othersThatHangDelayARefusalByASecondAtMost() {
    Instance instance = bench.instance();
    instance.transfer(new TestAccount("hanging"), chainId);
    nodes.get(0).fail(SEND, "insufficient funds");
    nodes.get(1).hang();
    nodes.get(2).hang();
    long start = System.nanoTime();
    instance.broadcasting();
    await().until(() -> !instance.refusals().isEmpty());
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    assertThat(instance.refusals()).containsOnly(ErrorKind.INSUFFICIENT_FUNDS);
  }

  private boolean isConfirmed(Owned owned) {
    return stateOf(owned) == RequestState.CONFIRMED;
  }

  private List<Lane> paused(Instance instance) {
    return instance.lanes().list(Optional.of(chainId)).stream()
        .filter(view -> view.pause().isPresent())
        .map(LaneView::lane)
        .toList();
  }
}
