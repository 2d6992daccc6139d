package dev.countersign.nonce.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.LaneObstacle;
import dev.countersign.core.port.LaneObstacle.Reason;
import dev.countersign.core.request.RequestState;
import dev.countersign.nonce.broadcast.ErrorKind;
import dev.countersign.nonce.broadcast.LaneRefusals;
import dev.countersign.nonce.testing.Instance;
import dev.countersign.nonce.testing.Instance.Owned;
import dev.countersign.nonce.testing.NonceBench;
import dev.countersign.nonce.testing.TestAccount;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.DevChainSettings;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.math.BigInteger;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@WithTestEnvironment
@DevChainSettings(blockMillis = 200)
@Timeout(60)
class LanePauseIT {
  private static final BigInteger ETHER = BigInteger.TEN.pow(18);

  private final DevChain chain;
  private final ChainId chainId;
  private final NonceBench bench;
  private final Instance instance;

  LanePauseIT(PostgresDatabase database, DevChain chain) {
    this.chain = chain;
    this.chainId = ChainId.ofEip155(chain.chainId());
    this.bench = new NonceBench(database, chainId, List.of(chain.rpcUrl()), 1);
    this.instance = bench.instance();
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void aLaneWithoutFundsPausesBurnsNothingAndGoesOnByItself() {
    TestAccount account = new TestAccount("poor lane");
    Lane lane = new Lane(chainId, account.address());
    instance.broadcasting().tracking();
    Owned owned = instance.transfer(account, chainId);
    await().until(() -> paused(lane).isPresent());
    assertThat(paused(lane).orElseThrow().reason()).isEqualTo(Reason.INSUFFICIENT_FUNDS);
    assertThat(instance.ledger().obstacle(Instance.rich(lane)))
        .hasValueSatisfying(
            obstacle ->
                assertThat(obstacle.words())
                    .contains("INSUFFICIENT_FUNDS", "nonce 0", "goes on by itself"));
    assertThat(instance.ledger().peek(lane)).isEqualTo(new Nonce(1));
    chain.rpc().setBalance(account.address().hex(), ETHER);
    await().until(() -> paused(lane).isEmpty());
    await().until(() -> bench.state(owned.request()) == RequestState.CONFIRMED);
    assertThat(instance.ledger().peek(lane)).isEqualTo(new Nonce(1));
    assertThat(chain.rpc().transactionCount(account.address().hex())).isOne();
  }

  @Test
  void aLaneTakesNoMoreThanItsChainKeeps() {
    TestAccount account = new TestAccount("full lane");
    Lane lane = new Lane(chainId, account.address());
    int most = bench.chains().definitions().getFirst().facts().inFlight();
    instance.admit(lane, most - 1);
    instance
        .unitOfWork()
        .run(
            transaction -> {
              var book = instance.ledger().lock(transaction, Set.of(Instance.rich(lane)));
              assertThat(book.obstacle(Instance.rich(lane))).isEmpty();
              instance.request(transaction, book, lane);
              assertThat(book.obstacle(Instance.rich(lane)))
                  .as("what is taken through the book counts")
                  .hasValue(new LaneObstacle.Full(most, most));
              book.save();
            });
    assertThat(instance.ledger().obstacle(Instance.rich(lane)))
        .hasValue(new LaneObstacle.Full(most, most));
    // The chain has mined one meanwhile.
    assertThat(instance.ledger().obstacle(Instance.rich(lane, 1))).isEmpty();
    LaneView view = instance.lanes().list(Optional.of(chainId)).getFirst();
    assertThat(view.inFlight()).isEqualTo(most);
    assertThat(view.most()).isEqualTo(most);
  }

  @Test
  void anAccountWithDelegatedCodeHasOneInFlightForAWhile() {
    Lane lane = new Lane(chainId, new TestAccount("delegated").address());
    instance.admit(lane, 1);
    new LaneRefusals(instance.unitOfWork(), InstantSource.system())
        .refused(lane, new Nonce(0), ErrorKind.DELEGATED_IN_FLIGHT_LIMIT);
    assertThat(instance.ledger().obstacle(Instance.rich(lane)))
        .hasValue(new LaneObstacle.Full(1, 1));
    assertThat(instance.ledger().obstacle(Instance.rich(lane, 1))).isEmpty();
    bench.owner().useHandle(handle -> handle.execute("UPDATE nonce.lane SET single_until = now()"));
    assertThat(instance.ledger().obstacle(Instance.rich(lane))).isEmpty();
  }

  /// What is above a gap waits for it, so a lane that counts it as full would never give the nonce.
  @Test
  void aFullLaneStillFillsItsGaps() {
    Lane lane = new Lane(chainId, new TestAccount("full with a gap").address());
    List<Owned> owned = instance.admit(lane, 3);
    new LaneRefusals(instance.unitOfWork(), InstantSource.system())
        .refused(lane, new Nonce(1), ErrorKind.DELEGATED_IN_FLIGHT_LIMIT);
    assertThat(instance.ledger().obstacle(Instance.rich(lane)))
        .hasValue(new LaneObstacle.Full(3, 1));
    instance
        .unitOfWork()
        .run(
            t ->
                instance
                    .ledger()
                    .release(t, Set.of(owned.get(0).request(), owned.get(1).request())));
    assertThat(instance.ledger().obstacle(Instance.rich(lane))).isEmpty();
    instance
        .unitOfWork()
        .run(
            transaction -> {
              var rich = Instance.rich(lane);
              var book = instance.ledger().lock(transaction, Set.of(rich));
              for (long gap = 0; gap < 2; gap++) {
                assertThat(book.obstacle(rich)).isEmpty();
                assertThat(instance.request(transaction, book, lane).nonce())
                    .isEqualTo(new Nonce(gap));
              }
              assertThat(book.obstacle(rich))
                  .as("above all that is in flight it is full")
                  .hasValue(new LaneObstacle.Full(3, 1));
              book.save();
            });
  }

  @Test
  void aNonceThatIsMinedAlreadyIsGivenToNobody() {
    Lane lane = new Lane(chainId, new TestAccount("used").address());
    instance.admit(lane, 1);
    assertThat(instance.ledger().obstacle(Instance.rich(lane, 1))).isEmpty();
    var used = new LaneObstacle.Used(new Nonce(1), new Nonce(2));
    assertThat(instance.ledger().obstacle(Instance.rich(lane, 2))).hasValue(used);
    instance
        .unitOfWork()
        .run(
            transaction -> {
              var rich = Instance.rich(lane, 2);
              assertThat(instance.ledger().lock(transaction, Set.of(rich)).obstacle(rich))
                  .hasValue(used);
            });
    assertThat(used.words()).contains("2 of its transactions", "nonce 1 was never used here");
  }

  @Test
  void foreignUseCountsForMoreThanAWantOfFundsAndNotTheOtherWayRound() {
    Lane lane = new Lane(chainId, new TestAccount("both").address());
    instance.admit(lane, 1);
    assertThat(pause(lane, Reason.INSUFFICIENT_FUNDS)).isTrue();
    assertThat(pause(lane, Reason.INSUFFICIENT_FUNDS)).isFalse();
    assertThat(pause(lane, Reason.FOREIGN_USE)).isTrue();
    assertThat(pause(lane, Reason.INSUFFICIENT_FUNDS)).isFalse();
    assertThat(paused(lane).orElseThrow().reason()).isEqualTo(Reason.FOREIGN_USE);
    assertThatThrownBy(() -> instance.admit(lane, 1))
        .hasMessageContaining("gives no nonce")
        .hasMessageContaining("FOREIGN_USE");
    assertThat(instance.ledger().peek(lane)).isEqualTo(new Nonce(1));
  }

  private boolean pause(Lane lane, Reason reason) {
    return instance
        .unitOfWork()
        .inTransaction(
            t ->
                LanePauses.pause(
                    t.unwrap(Handle.class),
                    lane,
                    new LaneObstacle.Paused(reason, Instant.EPOCH, "a test")));
  }

  private Optional<LaneObstacle.Paused> paused(Lane lane) {
    return instance.lanes().list(Optional.of(chainId)).stream()
        .filter(view -> view.lane().equals(lane))
        .findFirst()
        .flatMap(LaneView::pause);
  }
}
