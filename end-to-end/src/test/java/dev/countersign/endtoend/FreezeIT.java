package dev.countersign.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import dev.countersign.api.v1.FreezeRequest;
import dev.countersign.api.v1.FrozenScope;
import dev.countersign.api.v1.GetServerInfoRequest;
import dev.countersign.api.v1.ListBalanceChangesRequest;
import dev.countersign.api.v1.ListFreezesRequest;
import dev.countersign.api.v1.SigningRequest;
import dev.countersign.api.v1.SigningRequest.State;
import dev.countersign.api.v1.ThawRequest;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Invariant 11: one call stops signing for a wallet on every instance, while clients ask for all
/// they can of two instances.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FreezeIT {
  private static final String ADMITTED =
      "SELECT count(*) FROM signer.request WHERE wallet = 'hot-1' AND state <> 'DENIED'";
  private static final String SIGNED = ADMITTED + " AND state NOT IN ('RECEIVED', 'ADMITTED')";

  private final Deployment deployment;
  private final Rows rows;

  private final TestApprover alice = TestApprover.named("alice");
  private final TestApprover bob = TestApprover.named("bob");

  FreezeIT(PostgresDatabase database, DevChain chain)
      throws IOException, SQLException, GeneralSecurityException {
    deployment =
        Deployment.start(
            "freeze",
            database,
            chain,
            Policies.ether().replace("wallets: [hot-1]", "wallets: [hot-1, hot-2]")
                + """
                approvers:
                  alice: {keys: ["%s"]}
                  bob: {keys: ["%s"]}
                groups:
                  treasury: [alice, bob]
                freeze:
                  thaw: {group: treasury, count: 2}
                breakers:
                  - {name: stolen, scope: wallet, counts: unexplained-decrease, asset: any,
                     maximum: 0, window: PT1H}
                """
                    .formatted(alice.publicKey(), bob.publicKey()));
    rows = new Rows(database);
  }

  @AfterAll
  void stop() {
    deployment.close();
  }

  @Test
  void oneCallStopsAWalletOnEveryInstanceAndNothingElse() throws Exception {
    int second = deployment.startAnother();
    Asking hot1 = deployment.asking();
    Asking hot2 = deployment.addWallet("hot-2");
    var clients = new ArrayList<Client>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Client risk = deployment.connect(TestClient.RISK)) {
      var stop = new AtomicBoolean();
      var ofFrozen = new ArrayList<Traffic>();
      var ofOther = new ArrayList<Traffic>();
      var running = new ArrayList<Future<?>>();
      for (int i = 0; i < 10; i++) {
        TestClient trader = TestClient.CROWD.get(i);
        Client client =
            i % 2 == 0 ? deployment.connect(trader) : deployment.connect(trader, second);
        clients.add(client);
        Traffic traffic = new Traffic(client, i < 8 ? hot1 : hot2, "traffic-" + i, stop);
        (i < 8 ? ofFrozen : ofOther).add(traffic);
        running.add(threads.submit(traffic));
      }
      for (Traffic traffic : ofFrozen) {
        traffic.awaitAnswers(8);
      }

      FrozenScope freeze = freeze(risk, "wallet:hot-1", "payouts nobody asked for");
      long returned = System.nanoTime();
      ofFrozen.forEach(traffic -> traffic.mark.set(returned));
      ofOther.forEach(traffic -> traffic.mark.set(returned));
      long admitted = rows.number(ADMITTED);
      long signed = rows.number(SIGNED);

      for (Traffic traffic : ofFrozen) {
        traffic.awaitMarked(10);
      }
      for (Traffic traffic : ofOther) {
        traffic.awaitMarked(5);
      }
      // Longer than the resumption of what is not signed waits.
      TimeUnit.SECONDS.sleep(5);
      stop.set(true);
      for (Future<?> one : running) {
        one.get();
      }

      assertThat(admitted).as("admitted before").isGreaterThan(20);
      assertThat(rows.number(ADMITTED)).as("admitted after the freeze").isEqualTo(admitted);
      assertThat(rows.number(SIGNED)).as("signed after the freeze").isEqualTo(signed);
      for (Traffic traffic : ofFrozen) {
        assertThat(traffic.marked)
            .isNotEmpty()
            .allSatisfy(
                answer -> {
                  assertThat(answer.getState()).isEqualTo(State.STATE_DENIED);
                  assertThat(answer.getDecision().getRule()).isEqualTo("frozen");
                  assertThat(answer.getDecision().getReason())
                      .startsWith("wallet:hot-1 is frozen since")
                      .endsWith("by risk: payouts nobody asked for");
                });
      }
      for (Traffic traffic : ofOther) {
        assertThat(traffic.marked)
            .isNotEmpty()
            .allSatisfy(answer -> assertThat(answer.getState()).isNotEqualTo(State.STATE_DENIED));
      }
      notLiftedWithoutItsQuorum(risk, freeze);
      assertThat(freeze(risk, "wallet:hot-1", "once more")).isEqualTo(freeze);
      assertThat(
              rows.number(
                  """
                  SELECT count(*) FROM audit.entry
                  WHERE convert_from(body, 'UTF8') LIKE '%"type":"scope-frozen"%'
                  """))
          .as("entries of the freeze")
          .isEqualTo(1);

      liftedByItsQuorum(risk, freeze);
      SigningRequest after =
          clients.getFirst().submit(hot1.send("after-thaw", Traffic.PAYEE, BigInteger.ONE));
      assertThat(after.getState()).isNotEqualTo(State.STATE_DENIED);
      whatGoesWithoutUsFreezesByItself(risk);
    } finally {
      clients.forEach(Client::close);
    }
  }

  private static ThawRequest.Builder thaw(FrozenScope freeze, Instant expires) {
    return ThawRequest.newBuilder()
        .setFreeze(freeze.getId())
        .setExpireTime(Timestamp.newBuilder().setSeconds(expires.getEpochSecond()));
  }

  private void liftedByItsQuorum(Client risk, FrozenScope freeze) throws GeneralSecurityException {
    Instant expires = inAMinute();
    var thaw =
        thaw(freeze, expires)
            .addApprovals(alice.thaw(freeze, expires))
            .addApprovals(bob.thaw(freeze, expires))
            .build();
    assertThat(risk.admin().thaw(thaw).getFreeze()).isEqualTo(freeze);
    assertThat(risk.admin().thaw(thaw).getFreeze()).isEqualTo(freeze);
    assertThat(risk.admin().listFreezes(ListFreezesRequest.getDefaultInstance()).getFreezesList())
        .isEmpty();
  }

  /// All that went until now was ours, of both instances, and froze nothing by itself.
  private void whatGoesWithoutUsFreezesByItself(Client risk)
      throws InterruptedException, SQLException {
    var alarms = ListBalanceChangesRequest.newBuilder().setUnexplainedOnly(true).build();
    assertThat(risk.wallets().listBalanceChanges(alarms).getChangesList()).isEmpty();
    String address = rows.texts("SELECT address FROM vault.wallet WHERE id = 'hot-2'").getFirst();
    var rpc = deployment.chain().rpc();
    // By more than what still waits in the pool may cost.
    rpc.setBalance(address, rpc.balance(address).divide(BigInteger.TWO));
    rpc.mine(1);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (risk.wallets().listBalanceChanges(alarms).getChangesCount() == 0) {
      assertThat(System.nanoTime()).as("an alarm in time").isLessThan(end);
      TimeUnit.MILLISECONDS.sleep(100);
    }
    assertThat(risk.admin().listFreezes(ListFreezesRequest.getDefaultInstance()).getFreezesList())
        .singleElement()
        .satisfies(
            freeze -> {
              assertThat(freeze.getScope()).isEqualTo("wallet:hot-2");
              assertThat(freeze.getReason()).startsWith("breaker stolen: ");
            });
  }

  private static Instant inAMinute() {
    return Instant.now().plusSeconds(60).truncatedTo(ChronoUnit.SECONDS);
  }

  /// Alice alone, twice.
  private void notLiftedWithoutItsQuorum(Client risk, FrozenScope freeze)
      throws IOException, GeneralSecurityException {
    Instant expires = inAMinute();
    var thaw =
        thaw(freeze, expires)
            .addApprovals(alice.thaw(freeze, expires))
            .addApprovals(alice.thaw(freeze, expires))
            .build();
    assertThatThrownBy(() -> risk.admin().thaw(thaw))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            thrown -> {
              var refused = Refused.of(thrown);
              assertThat(refused.status()).isEqualTo(Status.Code.FAILED_PRECONDITION);
              assertThat(refused.reason()).isEqualTo("QUORUM_REQUIRED");
              assertThat(refused.message()).contains("it still needs 1 more of treasury (bob)");
            });
    assertThat(risk.admin().listFreezes(ListFreezesRequest.getDefaultInstance()).getFreezesList())
        .containsExactly(freeze);
    try (Client desk = deployment.connect(TestClient.DESK)) {
      assertThatThrownBy(() -> desk.admin().thaw(thaw))
          .isInstanceOfSatisfying(StatusRuntimeException.class, FreezeIT::isNotPermitted);
      assertThatThrownBy(() -> freeze(desk, "everything", "because"))
          .isInstanceOfSatisfying(StatusRuntimeException.class, FreezeIT::isNotPermitted);
    }
    assertThatThrownBy(() -> risk.admin().getServerInfo(GetServerInfoRequest.getDefaultInstance()))
        .isInstanceOfSatisfying(StatusRuntimeException.class, FreezeIT::isNotPermitted);
    assertThatThrownBy(() -> freeze(risk, "wallet:HOT", "because"))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            thrown -> assertThat(Refused.of(thrown).field()).isEqualTo("scope"));
  }

  private static void isNotPermitted(StatusRuntimeException thrown) {
    assertThat(Refused.of(thrown).reason()).isEqualTo("PERMISSION_DENIED");
  }

  private static FrozenScope freeze(Client client, String scope, String reason) {
    return client
        .admin()
        .freeze(FreezeRequest.newBuilder().setScope(scope).setReason(reason).build())
        .getFreeze();
  }

  /// A client that asks for one payment after the other.
  private static final class Traffic implements Runnable {
    static final String PAYEE = "0x" + "e2".repeat(20);

    private final Client client;
    private final Asking asking;
    private final String name;
    private final AtomicBoolean stop;
    private final AtomicLong answers = new AtomicLong();

    /// Answers to questions from then on are kept.
    final AtomicLong mark = new AtomicLong(Long.MAX_VALUE);

    final Queue<SigningRequest> marked = new ConcurrentLinkedQueue<>();

    Traffic(Client client, Asking asking, String name, AtomicBoolean stop) {
      this.client = client;
      this.asking = asking;
      this.name = name;
      this.stop = stop;
    }

    @Override
    public void run() {
      for (int i = 0; !stop.get(); i++) {
        long began = System.nanoTime();
        var answer = client.submit(asking.send(name + "-" + i, PAYEE, BigInteger.ONE));
        if (began > mark.get()) {
          marked.add(answer);
        }
        answers.incrementAndGet();
      }
    }

    void awaitAnswers(int least) throws InterruptedException {
      await(() -> answers.get() >= least);
    }

    void awaitMarked(int least) throws InterruptedException {
      await(() -> marked.size() >= least);
    }

    private void await(BooleanSupplier there) throws InterruptedException {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (!there.getAsBoolean()) {
        if (System.nanoTime() > end) {
          throw new AssertionError(
              name + " has %s answers, %s of them late".formatted(answers, marked.size()));
        }
        TimeUnit.MILLISECONDS.sleep(10);
      }
    }
  }
}
