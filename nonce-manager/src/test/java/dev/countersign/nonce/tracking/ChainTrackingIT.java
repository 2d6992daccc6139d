package dev.countersign.nonce.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.Keccak;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.Lane;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.nonce.testing.Instance;
import dev.countersign.nonce.testing.Instance.Owned;
import dev.countersign.nonce.testing.OnDevChain;
import dev.countersign.nonce.testing.TestAccount;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.DevChainSettings;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Blocks are mined when a test says so; three make a transaction final.
@WithTestEnvironment
@DevChainSettings(blockMillis = -1)
@Timeout(60)
class ChainTrackingIT extends OnDevChain {
  private static final int DEPTH = 3;
  private static final Duration A_FEW_POLLS = Duration.ofMillis(400);

  ChainTrackingIT(PostgresDatabase database, DevChain chain) {
    super(database, chain, 0, DEPTH);
  }

  @Test
  void confirmsAtTheChainsDepthAndNotBefore() {
    Instance instance = bench.instance().broadcasting().tracking();
    Owned owned = broadcast(instance, funded("depth"));
    chain.rpc().mine(1);
    await().until(() -> bench.nonceState(owned.request()).equals("MINED"));
    chain.rpc().mine(1);
    await().during(A_FEW_POLLS).until(() -> stateOf(owned) == RequestState.BROADCAST);
    chain.rpc().mine(1);
    await().until(() -> stateOf(owned) == RequestState.CONFIRMED);
    assertThat(bench.audit(owned.request()))
        .satisfiesExactly(
            first -> assertThat(first).startsWith("TransactionBroadcast"),
            second -> assertThat(second).startsWith("TransactionConfirmed"));
  }

  @Test
  void aReorganisationUnminesAndItIsSentAndMinedAgain() {
    Instance instance = bench.instance().broadcasting().tracking();
    TestAccount account = funded("reorg");
    Owned owned = broadcast(instance, account);
    chain.rpc().mine(1);
    await().until(() -> bench.nonceState(owned.request()).equals("MINED"));
    String block = minedIn(owned);
    reorganise(1);
    await().until(() -> bench.nonceState(owned.request()).equals("BROADCAST"));
    assertThat(stateOf(owned)).isEqualTo(RequestState.BROADCAST);
    awaitInPool(instance, owned);
    chain.rpc().mine(DEPTH);
    await().until(() -> stateOf(owned) == RequestState.CONFIRMED);
    assertThat(minedIn(owned)).isNotEqualTo(block);
    assertThat(chain.rpc().transactionCount(account.address().hex())).isEqualTo(1);
    assertThat(bench.audit(owned.request()))
        .satisfiesExactly(
            first -> assertThat(first).startsWith("TransactionBroadcast"),
            second -> assertThat(second).startsWith("TransactionUnmined"),
            third -> assertThat(third).startsWith("TransactionConfirmed"));
  }

  @Test
  void aTransactionMinedInAnotherBlockIsReadAgainAtDepth() {
    Instance instance = bench.instance().broadcasting().tracking();
    Owned owned = broadcast(instance, funded("moved"));
    chain.rpc().mine(1);
    await().until(() -> bench.nonceState(owned.request()).equals("MINED"));
    String first = minedIn(owned);
    instance.close();
    // While nobody looks it is un-mined, and mined again later on.
    reorganise(1);
    chain.rpc().call("eth_sendRawTransaction", bytes(instance, owned));
    chain.rpc().mine(DEPTH);
    bench.instance().tracking();
    await().until(() -> stateOf(owned) == RequestState.CONFIRMED);
    assertThat(minedIn(owned)).isNotEqualTo(first);
  }

  /// What was told cannot be taken back, so that the chain has to come to it.
  @Test
  void whatAReorganisationTakesBackAlthoughItWasFinalIsSentAgain() {
    Instance instance = bench.instance().broadcasting().tracking();
    TestAccount account = funded("deep");
    List<Owned> owned = instance.admit(new Lane(chainId, account.address()), 2);
    instance.settle(account, owned);
    await().until(() -> owned.stream().allMatch(o -> stateOf(o) == RequestState.BROADCAST));
    chain.rpc().mine(DEPTH);
    await().until(() -> owned.stream().allMatch(o -> stateOf(o) == RequestState.CONFIRMED));
    instance.close();
    reorganise(DEPTH);
    assertThat(chain.rpc().transactionCount(account.address().hex())).isZero();
    // Whoever begins to follow a chain looks at once.
    bench.instance().broadcasting().tracking();
    for (Owned one : owned) {
      mineUntil(
          () -> bench.audit(one.request()).stream().anyMatch(e -> e.startsWith("TransactionUnm")));
      assertThat(stateOf(one)).as("what was told").isEqualTo(RequestState.CONFIRMED);
    }
    for (Owned one : owned) {
      mineUntil(() -> bench.nonceState(one.request()).equals("CONFIRMED"));
      assertThat(stateOf(one)).as("what was told").isEqualTo(RequestState.CONFIRMED);
      assertThat(bench.audit(one.request()))
          .satisfiesExactly(
              first -> assertThat(first).startsWith("TransactionBroadcast"),
              second -> assertThat(second).startsWith("TransactionConfirmed"),
              third -> assertThat(third).startsWith("TransactionUnmined"),
              fourth -> assertThat(fourth).startsWith("TransactionConfirmed"));
    }
    assertThat(chain.rpc().transactionCount(account.address().hex())).isEqualTo(2);
  }

  @Test
  void aTransactionThatThePoolDroppedIsSentAgain() {
    Instance instance = bench.instance().broadcasting().tracking();
    Owned owned = broadcast(instance, funded("dropped"));
    awaitInPool(instance, owned);
    assertThat(instance.dropped()).isZero();
    chain.rpc().call("anvil_dropTransaction", hash(instance, owned));
    awaitInPool(instance, owned);
    await().until(() -> instance.dropped() == 1);
    chain.rpc().mine(DEPTH);
    await().until(() -> stateOf(owned) == RequestState.CONFIRMED);
  }

  @Test
  void theNodesPoolIsFilledAgainAfterItsRestart() {
    Instance instance = bench.instance().broadcasting().tracking();
    TestAccount account = funded("restart");
    List<Owned> owned = instance.admit(new Lane(chainId, account.address()), 3);
    instance.settle(account, owned);
    await().until(() -> owned.stream().allMatch(o -> stateOf(o) == RequestState.BROADCAST));
    chain.stop();
    chain.start();
    owned.forEach(one -> awaitInPool(instance, one));
    chain.rpc().mine(DEPTH);
    await().until(() -> owned.stream().allMatch(o -> stateOf(o) == RequestState.CONFIRMED));
    assertThat(chain.rpc().transactionCount(account.address().hex())).isEqualTo(3);
  }

  @Test
  void whatRevertsOnChainFails() {
    Instance instance = bench.instance().broadcasting().tracking();
    TestAccount account = funded("reverts");
    String token =
        chain.rpc().deployTestToken("0x" + "11".repeat(20), BigInteger.valueOf(1_000_000));
    Owned owned = instance.admit(new Lane(chainId, account.address()), 1).getFirst();
    // transfer(address,uint256) of more than it has
    var call =
        new CallEncoder.Call(
            Address.parse(token),
            Wei.ZERO,
            Bytes.fromHex("0xa9059cbb" + "0".repeat(24) + "22".repeat(20) + "0".repeat(63) + "5"));
    var fees = new Fees(Wei.of(1_000_000_000L), Wei.of(20_000_000_000L), new GasLimit(100_000));
    instance.settle(owned, Instance.signed(account, owned, call, fees));
    await().until(() -> stateOf(owned) == RequestState.BROADCAST);
    chain.rpc().mine(DEPTH);
    await().until(() -> stateOf(owned) == RequestState.FAILED);
    assertThat(bench.nonceState(owned.request())).isEqualTo("REVERTED");
    assertThat(bench.audit(owned.request()).getLast())
        .startsWith("TransactionConfirmed")
        .contains("succeeded=false");
    assertThat(bench.text("SELECT failure FROM test_request"))
        .startsWith("reverted on chain eip155:31337 in block")
        .endsWith(
            "; a node says why: the contract's own error "
                + Keccak.hash(
                        "InsufficientBalance(address,uint256,uint256)"
                            .getBytes(StandardCharsets.US_ASCII))
                    .hex()
                    .substring(0, 10));
  }

  @Test
  void whatIsMinedBeforeItsBroadcastWasRecordedIsConfirmedAllTheSame() {
    Instance instance = bench.instance();
    Owned owned = instance.transfer(funded("early"), chainId);
    chain.rpc().call("eth_sendRawTransaction", bytes(instance, owned));
    chain.rpc().mine(DEPTH);
    instance.tracking();
    await().until(() -> stateOf(owned) == RequestState.CONFIRMED);
    assertThat(bench.audit(owned.request()))
        .singleElement()
        .satisfies(event -> assertThat(event).startsWith("TransactionConfirmed"));
  }

  @Test
  void aSignedTransactionThatIsSeenMinedCountsAsBroadcast() {
    Instance instance = bench.instance();
    Owned owned = instance.transfer(funded("seen"), chainId);
    chain.rpc().call("eth_sendRawTransaction", bytes(instance, owned));
    chain.rpc().mine(1);
    instance.tracking();
    await().until(() -> stateOf(owned) == RequestState.BROADCAST);
    chain.rpc().mine(DEPTH - 1);
    await().until(() -> stateOf(owned) == RequestState.CONFIRMED);
  }

  @Test
  void oneInstanceFollowsAChainAndAnotherGoesOnWhenItStops() {
    Instance first = bench.instance().broadcasting().tracking();
    await().until(() -> holders() == 1);
    String holder = bench.text("SELECT holder FROM nonce.tracker");
    Instance second = bench.instance().tracking();
    await()
        .during(A_FEW_POLLS)
        .until(() -> holder.equals(bench.text("SELECT holder FROM nonce.tracker")));
    Owned owned = broadcast(first, funded("lease"));
    first.close();
    chain.rpc().mine(DEPTH);
    await().atMost(Duration.ofSeconds(5)).until(() -> stateOf(owned) == RequestState.CONFIRMED);
    assertThat(bench.text("SELECT holder FROM nonce.tracker")).isNotEqualTo(holder);
    second.close();
  }

  @Test
  void anInstanceThatDiedIsFollowedByAnotherWhenItsLeaseRunsOut() {
    bench
        .owner()
        .useHandle(
            h ->
                h.execute(
                    "INSERT INTO nonce.tracker VALUES (?, gen_random_uuid(), now() + '2 s')",
                    chainId.caip2()));
    Instance instance = bench.instance().broadcasting().tracking();
    Owned owned = broadcast(instance, funded("expired"));
    chain.rpc().mine(DEPTH);
    await().during(A_FEW_POLLS).until(() -> stateOf(owned) == RequestState.BROADCAST);
    await().until(() -> stateOf(owned) == RequestState.CONFIRMED);
  }

  private Owned broadcast(Instance instance, TestAccount account) {
    Owned owned = instance.transfer(account, chainId);
    await().until(() -> stateOf(owned) == RequestState.BROADCAST);
    return owned;
  }

  private String minedIn(Owned owned) {
    SigningRequestId request = owned.request();
    return bench.text(
        "SELECT block_hash FROM nonce.transaction WHERE request_id = '%s'".formatted(request));
  }

  private int holders() {
    return Integer.parseInt(bench.text("SELECT count(*) FROM nonce.tracker"));
  }

  private void awaitInPool(Instance instance, Owned owned) {
    awaitInPool(hash(instance, owned));
  }

  /// Replaces the newest blocks by empty ones.
  private void reorganise(int depth) {
    chain.rpc().call("anvil_reorg", depth, List.of());
  }

  private static String hash(Instance instance, Owned owned) {
    return instance.ledger().signed(owned.request()).orElseThrow().hash().hex();
  }

  private static String bytes(Instance instance, Owned owned) {
    return instance.ledger().signed(owned.request()).orElseThrow().bytes().hex();
  }
}
