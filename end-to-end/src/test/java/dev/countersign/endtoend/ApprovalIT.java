package dev.countersign.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.api.v1.Awaited;
import dev.countersign.api.v1.CancelSigningRequestRequest;
import dev.countersign.api.v1.GetSigningRequestRequest;
import dev.countersign.api.v1.ListPendingRequest;
import dev.countersign.api.v1.MarketFees;
import dev.countersign.api.v1.SignTransactionRequest;
import dev.countersign.api.v1.SigningRequest;
import dev.countersign.api.v1.SigningRequest.State;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Requests that wait for people and for time, against the shipped process.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApprovalIT {
  private static final BigInteger LARGE = new BigInteger("600000000000000000");
  private static final BigInteger GWEI = BigInteger.TEN.pow(9);
  private static final String LOCKED = "0x10c4ed0000000000000000000000000000000001";

  private final TestApprover alice = TestApprover.named("alice");
  private final TestApprover bob = TestApprover.named("bob");
  private final TestApprover carol = TestApprover.named("carol");
  private final Deployment deployment;
  private Client desk;
  private Client approver;

  ApprovalIT(PostgresDatabase database, DevChain chain)
      throws IOException, SQLException, GeneralSecurityException {
    deployment =
        Deployment.start(
            "approval",
            database,
            chain,
            Policies.withApprovers(
                List.of(alice.publicKey(), bob.publicKey(), carol.publicKey()), LOCKED, "PT4S"));
  }

  @BeforeAll
  void connect() throws IOException {
    desk = deployment.connect(TestClient.DESK);
    approver = deployment.connect(TestClient.APPROVER);
  }

  @AfterAll
  void stop() {
    desk.close();
    approver.close();
    deployment.close();
  }

  private SigningRequest ask(String requestId, String to, BigInteger wei) {
    return desk.submit(deployment.asking().send(requestId, to, wei));
  }

  private static String payee(int number) {
    return "0xa990%036x".formatted(number);
  }

  @Test
  void signsOnceTwoOfThreeHaveApproved() throws Exception {
    SigningRequest waiting = ask("two-of-three", payee(1), LARGE);
    assertThat(waiting.getState()).isEqualTo(State.STATE_PENDING_APPROVAL);
    assertThat(waiting.getDecision().getRule()).isEqualTo("large");
    assertThat(waiting.getDecision().getReason()).contains("waits for approval until");
    assertThat(waiting.hasNonce()).isFalse();
    assertThat(
            TestApprover.stub(approver)
                .listPending(ListPendingRequest.newBuilder().setApprover("alice").build())
                .getPendingList())
        .anyMatch(pending -> pending.getRequest().equals(waiting.getId()));

    assertThat(alice.approve(approver, waiting.getId()).getMissing()).isNotEmpty();
    // The same again is the same answer, and one person counts once.
    assertThat(alice.approve(approver, waiting.getId()).getGivenCount()).isEqualTo(1);
    assertThat(state("two-of-three")).isEqualTo(State.STATE_PENDING_APPROVAL);
    bob.approve(approver, waiting.getId());

    assertThat(desk.await("two-of-three").getState()).isEqualTo(State.STATE_CONFIRMED);
    assertThat(deployment.chain().rpc().balance(payee(1))).isEqualTo(LARGE);
  }

  @Test
  void whatIsApprovedIsPricedWhenItIsSignedAndWaitsForItsMarket() throws Exception {
    BigInteger cap = GWEI.multiply(BigInteger.valueOf(40));
    SignTransactionRequest capped =
        deployment
            .asking()
            .send("capped", payee(10), LARGE.toString())
            .setMarketFees(
                MarketFees.newBuilder()
                    .setStrategy(MarketFees.Strategy.STRATEGY_URGENT)
                    .setMaxFeePerGas(cap.toString()))
            .build();
    SigningRequest waiting = desk.submit(capped);
    assertThat(waiting.getState()).isEqualTo(State.STATE_PENDING_APPROVAL);
    assertThat(TestApprover.get(approver, waiting.getId()).getStatement())
        .contains("\nfees urgent/" + cap + "/-\n");
    baseFee(GWEI.multiply(BigInteger.valueOf(10_000)));
    awaitMarketAbove(capped.toBuilder().setValidateOnly(true).build());
    alice.approve(approver, waiting.getId());
    bob.approve(approver, waiting.getId());
    SigningRequest approved = get("capped");
    for (int i = 0; i < 200 && !approved.getDecision().getReason().startsWith("cannot"); i++) {
      Thread.sleep(100);
      approved = get("capped");
    }
    assertThat(approved.getState()).as("nothing is signed").isEqualTo(State.STATE_PENDING_APPROVAL);
    assertThat(approved.getDecision().getReason())
        .startsWith("cannot be signed now, and is tried again: MARKET_ABOVE_CAP: ")
        .contains("capped at " + cap);
    baseFee(GWEI);
    SigningRequest done = desk.await("capped");
    assertThat(done.getState()).isEqualTo(State.STATE_CONFIRMED);
    assertThat(new BigInteger(done.getAttempts(0).getMaxFeePerGas())).isLessThanOrEqualTo(cap);
    assertThat(done.getMarketFees()).isEqualTo(waiting.getMarketFees());
  }

  /// Prices are kept for a second.
  private void awaitMarketAbove(SignTransactionRequest capped) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (System.nanoTime() < end) {
      try {
        desk.signing().signTransaction(capped);
      } catch (StatusRuntimeException e) {
        assertThat(Refused.of(e).reason()).isEqualTo("MARKET_ABOVE_CAP");
        return;
      }
      Thread.sleep(100);
    }
    throw new AssertionError("the server never noticed that the market is above the cap");
  }

  private void baseFee(BigInteger wei) {
    deployment.chain().rpc().call("anvil_setNextBlockBaseFeePerGas", "0x" + wei.toString(16));
    deployment.chain().rpc().mine(1);
  }

  @Test
  void aDryRunSaysWhoWouldHaveToApprove() {
    var forecast =
        desk.signing()
            .signTransaction(
                deployment.asking().send("dry", LOCKED, LARGE).toBuilder()
                    .setValidateOnly(true)
                    .build())
            .getForecast();
    assertThat(forecast.getAllowed()).isFalse();
    var awaited = forecast.getAwaited();
    assertThat(awaited.getQuorum().getText()).isEqualTo("2 of treasury(alice,bob,carol)");
    assertThat(awaited.getQuorum().getMembers().getCount()).isEqualTo(2);
    assertThat(awaited.getExcludedList()).containsExactly("carol");
    assertThat(awaited.getLifetime().getSeconds()).isEqualTo(600);
    assertThat(awaited.getDelay().getSeconds()).isEqualTo(4);
    assertThat(awaited.getDemandsList())
        .extracting(Awaited.Demand::getRule)
        .containsExactly("large", "locked");
    assertThat(forecast.getDecision().getReason())
        .isEqualTo("waits for approval within PT10M: 2 of treasury (alice, bob); then for PT4S");
  }

  @Test
  void oneRejectionIsEnough() throws Exception {
    SigningRequest waiting = ask("rejected", payee(2), LARGE);
    alice.approve(approver, waiting.getId());
    bob.reject(approver, waiting.getId());
    SigningRequest ended = desk.await("rejected");
    assertThat(ended.getState()).isEqualTo(State.STATE_REJECTED);
    assertThat(ended.getFailure()).isEqualTo("rejected by bob");
    assertRefused("NOT_PENDING", () -> carol.approve(approver, waiting.getId()));
  }

  @Test
  void anApprovalIsGoodForItsOwnRequestOnly() throws Exception {
    SigningRequest one = ask("own-1", payee(3), LARGE);
    SigningRequest other = ask("own-2", payee(4), LARGE);
    String statement = TestApprover.get(approver, one.getId()).getStatement();
    assertRefused("APPROVAL_NOT_COUNTED", () -> alice.approve(approver, other.getId(), statement));
    assertRefused(
        "APPROVAL_NOT_COUNTED",
        () -> alice.approve(approver, one.getId(), statement.replace(payee(3), payee(9))));
    assertThat(TestApprover.get(approver, other.getId()).getGivenCount()).isZero();
  }

  @Test
  void whoAskedCannotApproveNorAStranger() throws Exception {
    SigningRequest waiting = ask("initiator", payee(5), LARGE);
    assertRefused("APPROVAL_NOT_COUNTED", () -> carol.approve(approver, waiting.getId()));
    var mallory = TestApprover.named("alice");
    assertRefused("APPROVAL_NOT_COUNTED", () -> mallory.approve(approver, waiting.getId()));
  }

  @Test
  void whatIsWithdrawnStaysSo() throws Exception {
    SigningRequest waiting = ask("withdrawn", payee(6), LARGE);
    alice.approve(approver, waiting.getId());
    assertThat(cancel("withdrawn").getState()).isEqualTo(State.STATE_CANCELLED);
    assertRefused("NOT_PENDING", () -> bob.approve(approver, waiting.getId()));
    assertThat(ask("withdrawn", payee(6), LARGE).getState()).isEqualTo(State.STATE_CANCELLED);
  }

  @Test
  void aTimeLockOpensByItselfAndNotBefore() {
    long began = System.nanoTime();
    SigningRequest locked = ask("locked", LOCKED, BigInteger.TWO);
    assertThat(locked.getState()).isEqualTo(State.STATE_TIME_LOCKED);
    assertThat(locked.getDecision().getReason()).contains("time lock until");
    assertThat(desk.await("locked").getState()).isEqualTo(State.STATE_CONFIRMED);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofSeconds(3));
  }

  @Test
  void aTimeLockThatIsWithdrawnNeverOpens() throws InterruptedException {
    String payee = LOCKED;
    BigInteger before = deployment.chain().rpc().balance(payee);
    ask("locked-withdrawn", payee, BigInteger.valueOf(1_000_003));
    assertThat(cancel("locked-withdrawn").getState()).isEqualTo(State.STATE_CANCELLED);
    Thread.sleep(6_000);
    assertThat(desk.await("locked-withdrawn").getState()).isEqualTo(State.STATE_CANCELLED);
    assertThat(deployment.chain().rpc().balance(payee).subtract(before))
        .isLessThan(BigInteger.valueOf(1_000_003));
  }

  @Test
  void aRestartForgetsNeitherApprovalsNorTimeLocks() throws Exception {
    SigningRequest waiting = ask("restarted", payee(7), LARGE);
    alice.approve(approver, waiting.getId());
    deployment.kill();
    deployment.restart();
    desk.channel().resetConnectBackoff();
    approver.channel().resetConnectBackoff();
    bob.approve(approver, waiting.getId());
    assertThat(desk.await("restarted").getState()).isEqualTo(State.STATE_CONFIRMED);
  }

  /// 250 requests; of each alice approves twice, bob once, and carol, who asked, tries to: all at
  /// once, through two instances. Each request is approved once and signed once.
  @Test
  void aThousandApprovalsAtOnceAreEachCountedOnce() throws Exception {
    String payee = payee(8);
    int requests = 250;
    List<SigningRequest> waiting;
    int second = deployment.startAnother();
    try (ExecutorService threads = Executors.newFixedThreadPool(32);
        Client other = deployment.connect(TestClient.APPROVER, second)) {
      waiting =
          all(
              threads,
              IntStream.range(0, requests)
                  .mapToObj(
                      i -> (Callable<SigningRequest>) () -> ask("thousand-" + i, payee, LARGE))
                  .toList());
      List<Callable<String>> decisions = new ArrayList<>();
      for (SigningRequest request : waiting) {
        decisions.add(() -> outcome(alice, approver, request));
        decisions.add(() -> outcome(alice, other, request));
        decisions.add(() -> outcome(bob, other, request));
        decisions.add(() -> outcome(carol, approver, request));
      }
      Collections.shuffle(decisions, new Random(20261123));
      Map<String, Long> outcomes =
          all(threads, decisions).stream()
              .collect(Collectors.groupingBy(outcome -> outcome, Collectors.counting()));
      assertThat(outcomes.get("carol APPROVAL_NOT_COUNTED")).as("%s", outcomes).isGreaterThan(0);
      // Once alice and bob have approved, the next finds a request that waits for nobody.
      assertThat(outcomes).doesNotContainKeys("carol counted", "bob NOT_PENDING");
    }
    for (int i = 0; i < requests; i++) {
      assertThat(desk.await("thousand-" + i).getState()).isEqualTo(State.STATE_CONFIRMED);
    }
    assertThat(deployment.chain().rpc().balance(payee))
        .isEqualTo(LARGE.multiply(BigInteger.valueOf(requests)));
    for (SigningRequest request : waiting) {
      assertThat(TestApprover.get(approver, request.getId()).getGivenList())
          .extracting(given -> given.getApprover())
          .containsExactlyInAnyOrder("alice", "bob");
    }
  }

  private static String outcome(TestApprover who, Client client, SigningRequest request)
      throws GeneralSecurityException {
    while (true) {
      try {
        who.approve(
            client, request.getId(), TestApprover.get(client, request.getId()).getStatement());
        return who.name() + " counted";
      } catch (StatusRuntimeException e) {
        // As every client does: what is only unavailable is asked for again. An approval that is
        // given up here is one that nobody has ever given.
        if (!Refused.of(e).reason().equals("UNAVAILABLE")) {
          return who.name() + " " + Refused.of(e).reason();
        }
      }
    }
  }

  private static <T> List<T> all(ExecutorService threads, List<Callable<T>> work)
      throws InterruptedException, ExecutionException {
    List<T> results = new ArrayList<>();
    for (Future<T> one : threads.invokeAll(work)) {
      results.add(one.get());
    }
    return results;
  }

  private State state(String requestId) {
    return get(requestId).getState();
  }

  private SigningRequest get(String requestId) {
    return desk.signing()
        .getSigningRequest(GetSigningRequestRequest.newBuilder().setRequestId(requestId).build())
        .getRequest();
  }

  private SigningRequest cancel(String requestId) {
    return desk.signing()
        .cancelSigningRequest(
            CancelSigningRequestRequest.newBuilder().setRequestId(requestId).build())
        .getRequest();
  }

  private static void assertRefused(
      String reason, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(Refused.of(e).reason()).isEqualTo(reason));
  }
}
