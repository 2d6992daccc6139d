package dev.countersign.nonce.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.balance.NonceSpan;
import dev.countersign.core.balance.OwnMoves;
import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.LaneObstacle;
import dev.countersign.core.port.LaneObstacle.Reason;
import dev.countersign.core.replacement.NoncePayloads;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.nonce.balance.NodeChainAccounts;
import dev.countersign.nonce.lane.LaneView;
import dev.countersign.nonce.lane.Lanes.Resumed;
import dev.countersign.nonce.replacement.PostgresPayloadLedger;
import dev.countersign.nonce.testing.Instance;
import dev.countersign.nonce.testing.Instance.Owned;
import dev.countersign.nonce.testing.OnDevChain;
import dev.countersign.nonce.testing.TestAccount;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.DevChainSettings;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.NullNode;

/// Somebody else has the key: the tests do, and send with it past the service. Three nodes of one
/// chain; blocks are mined when a test says so, and two make a transaction final.
@WithTestEnvironment
@DevChainSettings(blockMillis = -1)
@Timeout(60)
class ForeignUseIT extends OnDevChain {
  private static final int DEPTH = 2;
  private static final Duration A_FEW_POLLS = Duration.ofMillis(400);
  private static final Actor OPERATOR = Actor.system("operator");
  private static final Fees DEAR =
      new Fees(Wei.of(2_000_000_000L), Wei.of(40_000_000_000L), GasLimit.TRANSFER);

  ForeignUseIT(PostgresDatabase database, DevChain chain) {
    super(database, chain, 3, DEPTH);
  }

  @Test
  void aNonceThatSomebodyElseUsedEndsItsRequestAndPausesTheLane() {
    Instance instance = bench.instance().broadcasting().tracking();
    TestAccount account = funded("stolen");
    Lane lane = new Lane(chainId, account.address());
    List<Owned> owned = instance.admit(lane, 3);
    foreign(account, owned.get(1).nonce());
    instance.settle(account, owned);
    mineUntil(() -> stateOf(owned.get(1)) == RequestState.REPLACED);
    mineUntil(() -> stateOf(owned.get(2)) == RequestState.CONFIRMED);
    assertThat(stateOf(owned.getFirst())).isEqualTo(RequestState.CONFIRMED);
    assertThat(bench.nonceState(owned.get(1).request())).isEqualTo("FOREIGN");
    NoncePayloads lost =
        new PostgresPayloadLedger(instance.unitOfWork(), InstantSource.system())
            .find(owned.get(1).request())
            .orElseThrow();
    assertThat(lost.state())
        .as("nothing is signed for it any longer")
        .isEqualTo(NoncePayloads.State.ENDED);
    assertThat(lost.payloads()).as("what is mined is not ours").noneMatch(one -> one.mined());
    assertThat(bench.audit(owned.get(1).request()).getLast())
        .startsWith("ForeignTransaction")
        .contains("nonce=1", "mined=");
    var accounts = new NodeChainAccounts(instance.unitOfWork(), bench.chains(), instance.nodes());
    OwnMoves moves =
        accounts.moves(
            accounts.confirmed(chainId),
            List.of(new NonceSpan(account.address(), 0, 3)),
            List.of(AssetId.nativeOf(chainId)));
    assertThat(moves.foreign()).as("balances are told so, and wait for no receipt").isOne();
    assertThat(moves.awaited()).isZero();
    assertThat(instance.judged())
        .isNotEmpty()
        .allMatch(detail -> detail.contains("nonce 1 of " + account.address()));
    assertThat(view(instance, lane).pause().map(LaneObstacle.Paused::reason))
        .hasValue(Reason.FOREIGN_USE);
    assertThat(instance.ledger().obstacle(Instance.rich(lane)))
        .hasValueSatisfying(
            obstacle -> assertThat(obstacle.words()).contains("FOREIGN_USE", "nonce 1 of"));
    assertThat(instance.lanes().resume(OPERATOR, lane))
        .isEqualTo(new Resumed.GoesOn(Reason.FOREIGN_USE, new Nonce(3)));
    assertThat(instance.ledger().obstacle(Instance.rich(lane))).isEmpty();
    assertThat(instance.lanes().resume(OPERATOR, lane)).isEqualTo(new Resumed.NotPaused());
    Owned next = instance.transfer(account, chainId);
    assertThat(next.nonce()).isEqualTo(new Nonce(3));
    mineUntil(() -> stateOf(next) == RequestState.CONFIRMED);
  }

  @Test
  void moreMinedThanWasEverGivenOutPausesTheLaneAndItGoesOnAfterIt() {
    Instance instance = bench.instance();
    TestAccount account = funded("ahead");
    Lane lane = new Lane(chainId, account.address());
    Owned owned = instance.admit(lane, 3).get(1);
    // Nonce 1 is free again, and then somebody else uses it and two more.
    instance.unitOfWork().run(t -> instance.ledger().release(t, Set.of(owned.request())));
    for (long nonce = 0; nonce < 5; nonce++) {
      foreign(account, new Nonce(nonce));
    }
    chain.rpc().mine(DEPTH + 1);
    instance.tracking();
    await().until(() -> view(instance, lane).pause().isPresent());
    assertThat(view(instance, lane).pause().orElseThrow().detail())
        .contains("5 transactions of", "nonce 1 was never used here");
    assertThat(bench.text("SELECT event FROM test_audit WHERE request IS NULL"))
        .startsWith("ForeignTransaction")
        .contains("mined=5");
    assertThat(instance.judged()).hasSize(1);
    assertThat(instance.lanes().resume(OPERATOR, lane))
        .isEqualTo(new Resumed.GoesOn(Reason.FOREIGN_USE, new Nonce(5)));
    assertThat(view(instance, lane).free()).isEmpty();
    assertThat(view(instance, lane).next()).isEqualTo(new Nonce(5));
    assertThat(bench.text("SELECT event FROM test_audit ORDER BY seq DESC LIMIT 1"))
        .startsWith("LaneResumed")
        .contains("next=5", "FOREIGN_USE");
  }

  /// Whoever got such a nonce would lose it, with its limits charged.
  @Test
  void aUsedNonceThatIsGivenBackAfterTheLaneWentOnIsGivenToNobody() {
    Instance instance = bench.instance();
    TestAccount account = funded("given back late");
    Lane lane = new Lane(chainId, account.address());
    Owned owned = instance.admit(lane, 1).getFirst();
    foreign(account, new Nonce(0));
    foreign(account, new Nonce(1));
    chain.rpc().mine(DEPTH + 1);
    instance.tracking();
    await().until(() -> view(instance, lane).pause().isPresent());
    assertThat(instance.lanes().resume(OPERATOR, lane))
        .isEqualTo(new Resumed.GoesOn(Reason.FOREIGN_USE, new Nonce(2)));
    Owned after = instance.admit(lane, 1).getFirst();
    assertThat(after.nonce()).isEqualTo(new Nonce(2));
    instance
        .unitOfWork()
        .run(t -> instance.ledger().release(t, Set.of(owned.request(), after.request())));
    assertThat(view(instance, lane).free())
        .as("of the two given back the one that is not mined")
        .containsExactly(new Nonce(2));
    assertThat(instance.admit(lane, 1).getFirst().nonce()).isEqualTo(new Nonce(2));
  }

  /// A reorganisation may take the stranger's transaction back, and the lane would wait for it.
  @Test
  void noLaneGoesOnBehindAStrangersTransactionThatIsNotFinal() {
    Instance instance = bench.instance();
    TestAccount account = funded("not final");
    Lane lane = new Lane(chainId, account.address());
    minedForeign(account, 0);
    assertThat(instance.ledger().prepare(lane))
        .hasValueSatisfying(why -> assertThat(why).contains("nonce 0", "not final yet"));
    chain.rpc().mine(DEPTH - 1);
    assertThat(instance.ledger().prepare(lane)).isEmpty();
    assertThat(view(instance, lane).next()).isEqualTo(new Nonce(1));

    minedForeign(account, 1);
    chain.rpc().mine(DEPTH);
    instance.tracking();
    await().until(() -> view(instance, lane).pause().isPresent());
    minedForeign(account, 2);
    assertThat(instance.lanes().resume(OPERATOR, lane))
        .isInstanceOfSatisfying(
            Resumed.Undecided.class, why -> assertThat(why.detail()).contains("nonce 2"));
    assertThat(view(instance, lane).pause()).isPresent();
    chain.rpc().mine(DEPTH);
    assertThat(instance.lanes().resume(OPERATOR, lane))
        .isEqualTo(new Resumed.GoesOn(Reason.FOREIGN_USE, new Nonce(3)));
  }

  @Test
  void aNodeThatHidesReceiptsIsNoForeignUse() {
    nodes.get(0).lie("eth_getTransactionReceipt", _ -> NullNode.getInstance());
    Instance instance = bench.instance().broadcasting().tracking();
    TestAccount account = funded("hidden");
    Owned owned = instance.transfer(account, chainId);
    await().until(() -> stateOf(owned) == RequestState.BROADCAST);
    nodes.get(1).lie("eth_getTransactionReceipt", _ -> NullNode.getInstance());
    // A quorum has none: but the block in which it is mined is not deep yet.
    chain.rpc().mine(1);
    await().during(A_FEW_POLLS).until(() -> stateOf(owned) == RequestState.BROADCAST);
    nodes.get(1).heal();
    mineUntil(() -> stateOf(owned) == RequestState.CONFIRMED);
    assertThat(view(instance, owned.lane()).pause()).isEmpty();
  }

  @Test
  void goesOnOnlyWhereAQuorumTellsFromWhere() {
    Instance instance = bench.instance();
    TestAccount account = funded("undecided");
    Lane lane = new Lane(chainId, account.address());
    instance.admit(lane, 1);
    foreign(account, new Nonce(0));
    foreign(account, new Nonce(1));
    chain.rpc().mine(DEPTH + 1);
    instance.tracking();
    await().until(() -> view(instance, lane).pause().isPresent());
    nodes.get(0).cut();
    nodes.get(1).cut();
    assertThat(instance.lanes().resume(OPERATOR, lane)).isInstanceOf(Resumed.Undecided.class);
    assertThat(view(instance, lane).pause()).isPresent();
    Lane unknown = new Lane(chainId, new TestAccount("nobody").address());
    assertThat(instance.lanes().resume(OPERATOR, unknown)).isEqualTo(new Resumed.Unknown());
  }

  @Test
  void aLateInstanceConcludesNothing() {
    Instance instance = bench.instance().broadcasting().tracking();
    Owned owned = instance.transfer(funded("late"), chainId);
    await().until(() -> stateOf(owned) == RequestState.BROADCAST);
    bench
        .owner()
        .useHandle(
            handle ->
                handle.execute(
                    "UPDATE nonce.tracker SET holder = ?, fence = fence + 1,"
                        + " lease_until = now() + '3 s'",
                    UUID.randomUUID()));
    chain.rpc().mine(DEPTH);
    await().during(A_FEW_POLLS).until(() -> stateOf(owned) == RequestState.BROADCAST);
    await().until(() -> stateOf(owned) == RequestState.CONFIRMED);
  }

  private void foreign(TestAccount account, Nonce nonce) {
    var call = new CallEncoder.Call(account.address(), Wei.of(7), Bytes.EMPTY);
    Owned nobodys =
        new Owned(
            new SigningRequestId(UUID.randomUUID()), new Lane(chainId, account.address()), nonce);
    chain
        .rpc()
        .call(
            "eth_sendRawTransaction", Instance.signed(account, nobodys, call, DEAR).bytes().hex());
  }

  /// The newest block has it.
  private void minedForeign(TestAccount account, long nonce) {
    foreign(account, new Nonce(nonce));
    String mined = "0x" + Long.toHexString(nonce + 1);
    mineUntil(
        () ->
            chain
                .rpc()
                .call("eth_getTransactionCount", account.address().hex(), "latest")
                .asText()
                .equals(mined));
  }

  private LaneView view(Instance instance, Lane lane) {
    return instance.lanes().list(Optional.of(chainId)).stream()
        .filter(one -> one.lane().equals(lane))
        .findFirst()
        .orElseThrow();
  }
}
