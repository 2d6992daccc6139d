package dev.countersign.nonce.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.LaneObstacle;
import dev.countersign.core.port.NonceLedger;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.nonce.testing.Instance;
import dev.countersign.nonce.testing.Instance.Owned;
import dev.countersign.nonce.testing.NonceBench;
import dev.countersign.nonce.testing.TestAccount;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@WithTestEnvironment
@Timeout(60)
class PostgresNonceLedgerIT {
  private static final Fees FEES = new Fees(Wei.of(1), Wei.of(2_000_000_000L), GasLimit.TRANSFER);

  private final TestAccount account = new TestAccount("lane");
  private final DevChain chain;
  private final ChainId chainId;
  private final Lane lane;
  private final NonceBench bench;
  private final Instance instance;

  PostgresNonceLedgerIT(PostgresDatabase database, DevChain chain) {
    this.chain = chain;
    this.chainId = ChainId.ofEip155(chain.chainId());
    this.lane = new Lane(chainId, account.address());
    this.bench = new NonceBench(database, chainId, List.of(chain.rpcUrl()), 1);
    this.instance = bench.instance();
  }

  @BeforeEach
  void startChain() {
    chain.start();
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void threeInstancesAtOnceGiveEveryNonceOnceAndLeaveNoGap() throws Exception {
    List<Instance> instances = List.of(instance, bench.instance(), bench.instance());
    List<Nonce> taken = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Owned>>> running = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        Instance one = instances.get(i % instances.size());
        int count = 1 + i % 4;
        running.add(threads.submit(() -> one.admit(lane, count)));
      }
      for (Future<List<Owned>> future : running) {
        future.get().forEach(owned -> taken.add(owned.nonce()));
      }
    }
    assertThat(taken)
        .containsExactlyInAnyOrderElementsOf(
            LongStream.range(0, 150).mapToObj(Nonce::new).toList());
    assertThat(instance.ledger().peek(lane)).isEqualTo(new Nonce(150));
  }

  @Test
  void opensALaneAtWhatTheChainHasMined() {
    String used = account.address().hex();
    chain.rpc().call("anvil_setNonce", used, "0x7");
    assertThat(instance.ledger().prepare(lane)).isEmpty();
    assertThat(instance.ledger().peek(lane)).isEqualTo(new Nonce(7));
    // Opened once is opened: what the chain says later does not move the lane.
    chain.rpc().call("anvil_setNonce", used, "0x0");
    assertThat(bench.instance().ledger().prepare(lane)).isEmpty();
    assertThat(instance.ledger().peek(lane)).isEqualTo(new Nonce(7));
  }

  @Test
  void saysWhyALaneCannotBeOpened() {
    Lane elsewhere = new Lane(ChainId.ofEip155(999), account.address());
    instance.admit(lane, 1);
    chain.stop();
    Lane other = new Lane(chainId, new TestAccount("other").address());
    assertThat(instance.ledger().prepare(lane)).isEmpty();
    assertThat(instance.ledger().prepare(other))
        .hasValueSatisfying(
            why -> assertThat(why).contains("no quorum", other.address().toString()));
    assertThat(instance.ledger().prepare(elsewhere))
        .hasValueSatisfying(why -> assertThat(why).contains("not configured"));
    assertThat(instance.ledger().peek(other)).isEqualTo(new Nonce(0));
    chain.start();
    await().until(() -> instance.ledger().prepare(other).isEmpty());
  }

  @Test
  void aRollbackTakesNothing() {
    instance.admit(lane, 1);
    assertThatThrownBy(
            () ->
                instance
                    .unitOfWork()
                    .run(
                        transaction -> {
                          var book =
                              instance.ledger().lock(transaction, Set.of(Instance.rich(lane)));
                          book.take(lane, new SigningRequestId(UUID.randomUUID()), BigInteger.ONE);
                          book.save();
                          throw new IllegalStateException("crash before commit");
                        }))
        .hasMessage("crash before commit");
    assertThat(instance.ledger().peek(lane)).isEqualTo(new Nonce(1));
  }

  @Test
  void aReleasedNonceIsTheNextToBeTaken() {
    List<Owned> owned = instance.admit(lane, 5);
    release(owned.get(3));
    release(owned.get(1));
    assertThat(instance.ledger().peek(lane)).isEqualTo(new Nonce(1));
    assertThat(instance.admit(lane, 3))
        .extracting(Owned::nonce)
        .containsExactly(new Nonce(1), new Nonce(3), new Nonce(5));
  }

  /// Nodes keep what has blobs and what has none of an account apart, and one of them at a time.
  @Test
  void aReleasedNonceIsFilledByTheKindOfWhatWasSentAboveItAlone() {
    var rich = Instance.rich(lane);
    List<Owned> plain = instance.admit(lane, 2);
    instance.settle(plain.getLast(), signed(plain.getLast(), 1));
    release(plain.getFirst());
    var withoutBlobs = new LaneObstacle.OtherKind(new Nonce(0), false);
    assertThat(instance.ledger().obstacle(rich, true)).hasValue(withoutBlobs);
    assertThat(instance.ledger().obstacle(rich, false)).isEmpty();
    instance
        .unitOfWork()
        .run(
            t -> {
              var book = instance.ledger().lock(t, Set.of(rich));
              assertThat(book.obstacle(rich, true)).hasValue(withoutBlobs);
              assertThat(book.obstacle(rich, false)).isEmpty();
            });
    assertThatThrownBy(() -> instance.admitBlobs(lane))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("nonce 0 was given back")
        .hasMessageContaining("without blobs");
    assertThat(instance.admit(lane, 1).getFirst().nonce()).isEqualTo(new Nonce(0));

    Owned first = instance.admitBlobs(lane);
    Owned second = instance.admitBlobs(lane);
    assertThat(List.of(first.nonce(), second.nonce()))
        .as("above all that was given out either kind goes")
        .containsExactly(new Nonce(2), new Nonce(3));
    release(first);
    assertThat(instance.ledger().obstacle(rich, false))
        .hasValue(new LaneObstacle.OtherKind(new Nonce(2), true));
    assertThat(instance.admitBlobs(lane).nonce()).isEqualTo(new Nonce(2));
  }

  @Test
  void whoWaitedForTheLockSeesWhatWasReleasedMeanwhile() throws Exception {
    List<Owned> owned = instance.admit(lane, 3);
    Instance other = bench.instance();
    CountDownLatch locked = new CountDownLatch(1);
    CountDownLatch mayCommit = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> releasing =
          threads.submit(
              () ->
                  instance
                      .unitOfWork()
                      .run(
                          transaction -> {
                            instance.ledger().release(transaction, Set.of(owned.get(1).request()));
                            locked.countDown();
                            awaitQuietly(mayCommit);
                          }));
      awaitQuietly(locked);
      Future<List<Owned>> taking = threads.submit(() -> other.admit(lane, 2));
      await().until(() -> waitingForLocks() == 1);
      mayCommit.countDown();
      releasing.get();
      assertThat(taking.get()).extracting(Owned::nonce).containsExactly(new Nonce(1), new Nonce(3));
    }
  }

  @Test
  void aRequestOwnsOneNonceAtMost() {
    SigningRequestId request = instance.admit(lane, 1).getFirst().request();
    assertThatThrownBy(
            () ->
                instance
                    .unitOfWork()
                    .run(
                        transaction -> {
                          var book =
                              instance.ledger().lock(transaction, Set.of(Instance.rich(lane)));
                          book.take(lane, request, BigInteger.ONE);
                          book.save();
                        }))
        .hasMessageContaining("transaction_request_id_key");
    assertThat(instance.ledger().peek(lane)).isEqualTo(new Nonce(1));
  }

  @Test
  void locksOnlyLanesThatAreThere() {
    assertThatThrownBy(
            () ->
                instance
                    .unitOfWork()
                    .run(t -> instance.ledger().lock(t, Set.of(Instance.rich(lane))).next(lane)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("prepared");
  }

  @Test
  void keepsTheSignedBytesAndGivesThemBack() {
    Owned owned = instance.admit(lane, 1).getFirst();
    assertThat(instance.ledger().signed(owned.request())).isEmpty();
    SignedTransaction signed = signed(owned, 1);
    instance.settle(owned, signed);
    assertThat(instance.ledger().signed(owned.request())).hasValue(signed);
    // Who does not know whether its commit took may write the same again.
    record(owned, signed);
    assertThat(bench.nonceState(owned.request())).isEqualTo("SIGNED");
  }

  @Test
  void refusesOtherBytesForANonceThatIsSigned() {
    Owned owned = instance.admit(lane, 1).getFirst();
    instance.settle(owned, signed(owned, 1));
    assertThatThrownBy(() -> record(owned, signed(owned, 2)))
        .isInstanceOf(WrongTransactionException.class)
        .hasMessageContaining("other bytes are signed");
    assertThat(instance.ledger().signed(owned.request())).hasValue(signed(owned, 1));
  }

  @Test
  void refusesBytesWithANonceOrAChainTheRequestDoesNotOwn() {
    List<Owned> owned = instance.admit(lane, 2);
    assertThatThrownBy(() -> record(owned.getFirst(), signed(owned.getLast(), 1)))
        .isInstanceOf(WrongTransactionException.class)
        .hasMessageContaining("expected it to own nonce 1");
    Owned elsewhere =
        new Owned(
            owned.getFirst().request(),
            new Lane(ChainId.ofEip155(1), account.address()),
            new Nonce(0));
    assertThatThrownBy(() -> record(owned.getFirst(), signed(elsewhere, 1)))
        .isInstanceOf(WrongTransactionException.class);
    assertThatThrownBy(
            () -> record(owned.getFirst(), new SignedTransaction(Bytes.fromHex("0x02c0"))))
        .isInstanceOf(WrongTransactionException.class)
        .hasMessageContaining("expected a signed transaction, got other bytes");
    assertThat(instance.ledger().signed(owned.getFirst().request())).isEmpty();
  }

  @Test
  void neverReleasesWhatIsSigned() {
    Owned owned = instance.admit(lane, 1).getFirst();
    instance.settle(owned, signed(owned, 1));
    release(owned);
    assertThat(bench.nonceState(owned.request())).isEqualTo("SIGNED");
    assertThat(instance.ledger().peek(lane)).isEqualTo(new Nonce(1));
  }

  @Test
  void theDatabaseItselfKeepsOneNonceToOnePayloadAndOneOwner() {
    Owned owned = instance.admit(lane, 1).getFirst();
    instance.settle(owned, signed(owned, 1));
    assertRefused("UPDATE nonce.transaction SET signed = '\\x02'", "signed bytes never change");
    assertRefused(
        "UPDATE nonce.transaction SET hash = '0x%s'".formatted("0".repeat(64)),
        "signed bytes never change");
    assertRefused(
        "UPDATE nonce.transaction SET state = 'OWNED', signed = NULL, hash = NULL,"
            + " signed_at = NULL, due_at = NULL",
        "signed bytes never change");
    assertRefused(
        "UPDATE nonce.transaction SET request_id = gen_random_uuid()", "change its owner");
    assertRefused("UPDATE nonce.transaction SET nonce = 5", "change its owner");
    assertRefused("DELETE FROM nonce.transaction", "cannot be released");
    assertRefused("UPDATE nonce.lane SET free = '{9}'", "lane_check");
    assertRefused(
        "INSERT INTO nonce.transaction (chain, address, nonce, request_id, state, most_cost,"
            + " owned_at) SELECT chain, address, nonce, gen_random_uuid(), 'OWNED', 0, owned_at"
            + " FROM nonce.transaction",
        "transaction_pkey");
  }

  private void assertRefused(String sql, String message) {
    assertThatThrownBy(() -> instance.unitOfWork().run(t -> t.unwrap(Handle.class).execute(sql)))
        .as(sql)
        .hasMessageContaining(message);
  }

  private void record(Owned owned, SignedTransaction signed) {
    instance
        .unitOfWork()
        .run(
            t ->
                instance
                    .ledger()
                    .recordSigned(t, List.of(new NonceLedger.Signed(owned.request(), signed))));
  }

  private void release(Owned owned) {
    instance.unitOfWork().run(t -> instance.ledger().release(t, Set.of(owned.request())));
  }

  private SignedTransaction signed(Owned owned, long value) {
    return account.sign(
        new UnsignedTransaction(
            owned.lane().chain(),
            owned.nonce(),
            FEES,
            new CallEncoder.Call(account.address(), Wei.of(value), Bytes.EMPTY)));
  }

  private int waitingForLocks() {
    return Integer.parseInt(
        bench.text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND wait_event_type = 'Lock'"));
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
