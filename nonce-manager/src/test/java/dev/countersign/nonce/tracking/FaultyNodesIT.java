package dev.countersign.nonce.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.core.port.Lane;
import dev.countersign.core.request.RequestState;
import dev.countersign.nonce.node.EndpointHealth;
import dev.countersign.nonce.node.EndpointHealth.State;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/// Three nodes of one chain, a minority of which misbehaves. Blocks are mined when a test says so;
/// two make a transaction final.
@WithTestEnvironment
@DevChainSettings(blockMillis = -1)
@Timeout(60)
class FaultyNodesIT extends OnDevChain {
  private static final Logger LOG = LoggerFactory.getLogger(FaultyNodesIT.class);
  private static final int DEPTH = 2;
  private static final Duration A_FEW_POLLS = Duration.ofMillis(700);
  private static final JsonMapper JSON = new JsonMapper();

  FaultyNodesIT(PostgresDatabase database, DevChain chain) {
    super(database, chain, 3, DEPTH);
  }

  @Test
  void aLieThatATransactionRevertedIsOutvoted() {
    nodes.getFirst().lie("eth_getTransactionReceipt", receipt -> with(receipt, "status", "0x0"));
    Instance instance = bench.instance().broadcasting().tracking();
    Owned owned = broadcast(instance, "reverted");
    chain.rpc().mine(DEPTH);
    await().until(() -> stateOf(owned) == RequestState.CONFIRMED);
    assertThat(health(instance).getFirst().state()).isEqualTo(State.SUSPECT);
    assertThat(health(instance).getFirst().outvoted()).isPositive();
  }

  @Test
  void aMajorityThatHidesAReceiptHoldsItBackAndNothingIsConcluded() {
    Instance instance = bench.instance().broadcasting().tracking();
    Owned owned = broadcast(instance, "hidden");
    nodes
        .get(0)
        .lie("eth_getTransactionReceipt", receipt -> with(receipt, "blockHash", hash("11")));
    nodes
        .get(1)
        .lie("eth_getTransactionReceipt", receipt -> with(receipt, "blockHash", hash("22")));
    chain.rpc().mine(DEPTH);
    await().during(A_FEW_POLLS).until(() -> stateOf(owned) == RequestState.BROADCAST);
    nodes.get(0).heal();
    await().until(() -> stateOf(owned) == RequestState.CONFIRMED);
  }

  @Test
  void aNodeThatForgetsUnminesNothing() {
    Instance instance = bench.instance().broadcasting().tracking();
    Owned owned = broadcast(instance, "forgotten");
    chain.rpc().mine(1);
    await().until(() -> bench.nonceState(owned.request()).equals("MINED"));
    nodes.getFirst().lie("eth_getTransactionReceipt", _ -> NullNode.getInstance());
    nodes.getFirst().lie("eth_getTransactionCount", _ -> JSON.valueToTree("0x0"));
    await().during(A_FEW_POLLS).until(() -> bench.nonceState(owned.request()).equals("MINED"));
    chain.rpc().mine(1);
    await().until(() -> stateOf(owned) == RequestState.CONFIRMED);
    assertThat(bench.audit(owned.request()))
        .noneMatch(event -> event.startsWith("TransactionUnmined"));
  }

  @Test
  void aHeadThatIsNotThereConfirmsNothing() {
    nodes.getLast().lie("eth_getBlockByNumber", block -> with(block, "number", "0xffffff"));
    Instance instance = bench.instance().broadcasting().tracking();
    Owned owned = broadcast(instance, "early");
    chain.rpc().mine(1);
    await().until(() -> bench.nonceState(owned.request()).equals("MINED"));
    await().during(A_FEW_POLLS).until(() -> stateOf(owned) == RequestState.BROADCAST);
    chain.rpc().mine(1);
    await().until(() -> stateOf(owned) == RequestState.CONFIRMED);
  }

  @Test
  void aNodeThatStandsStillIsLeftBehind() {
    Instance instance = bench.instance().broadcasting().tracking();
    nodes.getFirst().standStillAt(chain.rpc().blockNumber());
    Owned owned = broadcast(instance, "stale");
    chain.rpc().mine(DEPTH + 8);
    await().until(() -> stateOf(owned) == RequestState.CONFIRMED);
    await().until(() -> health(instance).getFirst().state() == State.LAGGING);
    nodes.getFirst().heal();
    await().until(() -> health(instance).getFirst().state() == State.WORKING);
  }

  @Test
  void oneNodeThatHangsAndIsThenCutStopsNothing() {
    Instance instance = bench.instance().broadcasting().tracking();
    nodes.getFirst().hang();
    long start = System.nanoTime();
    Owned first = broadcast(instance, "hangs");
    chain.rpc().mine(DEPTH);
    await().until(() -> stateOf(first) == RequestState.CONFIRMED);
    LOG.info(
        "one of three nodes hangs: broadcast and confirmed after {} ms",
        Duration.ofNanos(System.nanoTime() - start).toMillis());
    nodes.getFirst().heal();
    nodes.getFirst().cut();
    Owned second = broadcast(instance, "cut");
    chain.rpc().mine(DEPTH);
    await().until(() -> stateOf(second) == RequestState.CONFIRMED);
    await().until(() -> health(instance).getFirst().state() == State.DOWN);
  }

  @Test
  void aTransactionThatANodeKeepsToItselfGoesToTheOthers() {
    nodes.getFirst().swallow();
    Instance instance = bench.instance().broadcasting().tracking();
    Owned owned = broadcast(instance, "swallowed");
    String hash = instance.ledger().signed(owned.request()).orElseThrow().hash().hex();
    await().until(() -> chain.rpc().call("eth_getTransactionByHash", hash).isObject());
    chain.rpc().mine(DEPTH);
    await().until(() -> stateOf(owned) == RequestState.CONFIRMED);
  }

  @Test
  void withoutAMajorityNothingMovesAndThenItGoesOn() {
    Instance instance = bench.instance().broadcasting().tracking();
    Owned owned = broadcast(instance, "minority");
    nodes.get(1).cut();
    nodes.get(2).cut();
    chain.rpc().mine(DEPTH);
    await().during(A_FEW_POLLS).until(() -> stateOf(owned) == RequestState.BROADCAST);
    nodes.get(1).heal();
    await().until(() -> stateOf(owned) == RequestState.CONFIRMED);
  }

  @Test
  void noLaneIsOpenedByACountThatOneNodeMadeUp() {
    nodes.getFirst().lie("eth_getTransactionCount", _ -> JSON.valueToTree("0x99"));
    Instance instance = bench.instance();
    TestAccount account = new TestAccount("opened");
    assertThat(instance.admit(new Lane(chainId, account.address()), 1).getFirst().nonce().value())
        .isZero();
    nodes.get(1).lie("eth_getTransactionCount", _ -> JSON.valueToTree("0x98"));
    Lane other = new Lane(chainId, new TestAccount("not opened").address());
    assertThat(instance.ledger().prepare(other))
        .hasValueSatisfying(why -> assertThat(why).contains("differ"));
  }

  private Owned broadcast(Instance instance, String name) {
    Owned owned = instance.transfer(funded(name), chainId);
    await().until(() -> stateOf(owned) == RequestState.BROADCAST);
    return owned;
  }

  private List<EndpointHealth> health(Instance instance) {
    return instance.nodes().of(chainId).health();
  }

  private static JsonNode with(JsonNode result, String field, String value) {
    if (result instanceof ObjectNode object) {
      return object.deepCopy().put(field, value);
    }
    return result;
  }

  private static String hash(String digits) {
    return "0x" + digits.repeat(32);
  }
}
