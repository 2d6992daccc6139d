package dev.countersign.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.request.NewRequest;
import dev.countersign.core.request.RequestMove;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequest;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@WithTestEnvironment
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RequestMoveIT {
  private static final Instant LATER = Requests.START.plusSeconds(3_600);

  private final RequestStore store;

  RequestMoveIT(PostgresDatabase database) {
    this.store = new RequestStore(database);
  }

  @BeforeEach
  void clear() {
    store.clear();
  }

  @Test
  void theDatabaseAndTheDomainHaveTheSameTableOfMoves() {
    Set<String> domain = new TreeSet<>();
    for (RequestState from : RequestState.values()) {
      from.next().forEach(to -> domain.add(from + " → " + to));
    }

    List<String> database =
        store.server.withHandle(
            handle ->
                handle
                    .createQuery("SELECT from_state || ' → ' || to_state FROM signer.legal_move")
                    .mapTo(String.class)
                    .list());
    List<String> states =
        store.server.withHandle(
            handle ->
                handle
                    .createQuery("SELECT unnest(enum_range(NULL::signer.request_state))::text")
                    .mapTo(String.class)
                    .list());

    assertThat(database).containsExactlyInAnyOrderElementsOf(domain);
    assertThat(states)
        .containsExactlyInAnyOrder(
            List.of(RequestState.values()).stream().map(Enum::name).toArray(String[]::new));
  }

  @Test
  void whatItWaitsForIsSaidAnewWhileItWaits() {
    SigningRequestId id = store.register(Requests.transfer("desk", "waits", 5));
    store.move(id, RequestState.PENDING_APPROVAL, 1);
    List<RequestState> before = store.states(id);
    explain(id, "the market is above its cap");
    assertThat(store.ledger.find(id).orElseThrow().holding().orElseThrow().reason())
        .isEqualTo("the market is above its cap");
    assertThat(store.states(id)).isEqualTo(before);
    store.move(id, RequestState.DENIED, 2);
    SigningRequest denied = store.ledger.find(id).orElseThrow();
    explain(id, "too late");
    assertThat(store.ledger.find(id)).contains(denied);
  }

  private void explain(SigningRequestId id, String reason) {
    store.unitOfWork.run(t -> store.ledger.explain(t, id, reason));
  }

  @Test
  void theWholeWayIsRecordedWithWhatBecameKnown() {
    SigningRequestId id = store.register(Requests.transfer("desk", "r1", 5));

    store.move(id, RequestState.ADMITTED, 1);
    store.move(id, RequestState.SIGNED, 2);
    store.move(id, RequestState.BROADCAST, 3);
    store.move(id, RequestState.CONFIRMED, 4);

    SigningRequest request = store.ledger.find(id).orElseThrow();
    assertThat(request.state()).isEqualTo(RequestState.CONFIRMED);
    assertThat(request.updatedAt()).isEqualTo(Requests.START.plusSeconds(4));
    assertThat(request.admission().orElseThrow().nonce().orElseThrow().value()).isEqualTo(41);
    assertThat(request.admission().orElseThrow().payload().hex()).isEqualTo("0x02c0");
    assertThat(request.admission().orElseThrow().rule()).isEqualTo("allow-payees");
    assertThat(request.transactionHash()).contains(Requests.HASH);
    assertThat(request.inclusion().orElseThrow().blockNumber()).isEqualTo(12);
    assertThat(request.denial()).isEmpty();
    assertThat(request.failure()).isEmpty();
    assertThat(store.ledger.history(id))
        .extracting(
            change ->
                change.state() + "@" + Duration.between(Requests.START, change.at()).toSeconds())
        .containsExactly("RECEIVED@0", "ADMITTED@1", "SIGNED@2", "BROADCAST@3", "CONFIRMED@4");
  }

  @Test
  void aDenialAndAFailureKeepTheirReasons() {
    SigningRequestId denied = store.register(Requests.transfer("desk", "r1", 5));
    SigningRequestId failed = store.register(Requests.transfer("desk", "r2", 5));

    store.move(denied, RequestState.DENIED, 1);
    store.move(failed, RequestState.ADMITTED, 1);
    store.move(failed, RequestState.FAILED, 2);

    assertThat(store.ledger.find(denied).orElseThrow().denial())
        .contains(new SigningRequest.Denial(3, "default-deny", "no rule allows it"));
    assertThat(store.ledger.find(failed).orElseThrow().failure()).contains("the key is gone");
  }

  /// Of two signers of one request the slow one may find that it cannot.
  @Test
  void aFailureOfSigningIsNotOneOfWhatIsSigned() {
    SigningRequestId id = store.register(Requests.transfer("desk", "r1", 5));
    store.move(id, RequestState.ADMITTED, 1);
    store.move(id, RequestState.SIGNED, 2);

    assertThat(store.move(id, RequestState.FAILED, 3)).isFalse();
    assertThat(store.states(id)).endsWith(RequestState.SIGNED);
    RequestMove revert = new RequestMove.Revert(id, Requests.START.plusSeconds(4), "reverted");
    Set<SigningRequestId> moved =
        store.unitOfWork.inTransaction(tx -> store.ledger.move(tx, List.of(revert)));
    assertThat(moved).containsExactly(id);
    assertThat(store.ledger.find(id).orElseThrow().failure()).contains("reverted");
  }

  @Test
  void anIllegalMoveIsNotMadeAndLeavesTheOthersAlone() {
    SigningRequestId received = store.register(Requests.transfer("desk", "r1", 5));
    SigningRequestId admitted = store.register(Requests.transfer("desk", "r2", 5));
    store.move(admitted, RequestState.ADMITTED, 1);

    Set<SigningRequestId> moved =
        store.moveAll(List.of(received, admitted), RequestState.SIGNED, 2);

    assertThat(moved).containsExactly(admitted);
    assertThat(store.heard)
        .extracting(move -> move.to() + " " + move.request())
        .containsExactly("ADMITTED " + admitted, "SIGNED " + admitted);
    assertThat(store.states(received)).containsExactly(RequestState.RECEIVED);
  }

  @Test
  void statementsOfOthersCannotMakeIllegalMovesOrHistory() {
    SigningRequestId id = store.register(Requests.transfer("desk", "r1", 5));

    refused("UPDATE signer.request SET state = 'FAILED', failure = 'x', revision = 2");
    refused(
        "UPDATE signer.request SET state = 'DENIED', policy_version = 1, rule = '', reason = ''");
    refused("UPDATE signer.request SET revision = 2");
    refused("UPDATE signer.request SET digest = digest");
    refused("DELETE FROM signer.request");
    refused("UPDATE signer.state_change SET at = now()");
    refused("INSERT INTO signer.state_change VALUES (gen_random_uuid(), 1, 'RECEIVED', now())");
    refused("INSERT INTO signer.legal_move VALUES ('DENIED', 'ADMITTED')");

    assertThat(store.states(id)).containsExactly(RequestState.RECEIVED);
  }

  @Test
  void ofTwoMoversOneWins() throws Exception {
    SigningRequestId id = store.register(Requests.transfer("desk", "r1", 5));
    CountDownLatch ready = new CountDownLatch(8);
    try (var threads = Executors.newFixedThreadPool(8)) {
      List<Future<Boolean>> movers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        RequestState state = i % 2 == 0 ? RequestState.ADMITTED : RequestState.DENIED;
        movers.add(
            threads.submit(
                () -> {
                  ready.countDown();
                  ready.await();
                  return store.move(id, state, 1);
                }));
      }
      long won = 0;
      for (Future<Boolean> mover : movers) {
        won += mover.get() ? 1 : 0;
      }
      assertThat(won).isEqualTo(1);
    }
    assertThat(store.states(id)).hasSize(2);
  }

  /// The mover that waited decides by the state it then finds, not by the one it had seen.
  @Test
  void aMoverThatWaitedGoesOnFromWhereTheOtherStopped() throws Exception {
    SigningRequestId id = store.register(Requests.transfer("desk", "r1", 5));
    store.move(id, RequestState.ADMITTED, 1);
    store.move(id, RequestState.SIGNED, 2);
    CountDownLatch moved = new CountDownLatch(1);
    try (var threads = Executors.newFixedThreadPool(2)) {
      Future<?> first =
          threads.submit(
              () ->
                  store.unitOfWork.run(
                      tx -> {
                        store.ledger.move(
                            tx, List.of(Requests.move(id, RequestState.BROADCAST, 3)));
                        moved.countDown();
                        sleep(200);
                      }));
      moved.await();
      Future<Boolean> second = threads.submit(() -> store.move(id, RequestState.CONFIRMED, 4));
      first.get();
      assertThat(second.get()).isTrue();
    }
    assertThat(store.states(id)).endsWith(RequestState.BROADCAST, RequestState.CONFIRMED);
  }

  @Test
  void batchesThatShareRequestsDoNotDeadlock() throws Exception {
    List<NewRequest> requests = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      requests.add(Requests.transfer("desk", "r" + i, 5));
    }
    store.unitOfWork.run(tx -> store.ledger.register(tx, requests));
    List<SigningRequestId> ids = requests.stream().map(NewRequest::id).toList();
    try (var threads = Executors.newFixedThreadPool(4)) {
      List<Future<Set<SigningRequestId>>> movers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        List<SigningRequestId> order = i % 2 == 0 ? ids : ids.reversed();
        movers.add(threads.submit(() -> store.moveAll(order, RequestState.ADMITTED, 1)));
      }
      int moved = 0;
      for (Future<Set<SigningRequestId>> mover : movers) {
        moved += mover.get().size();
      }
      assertThat(moved).isEqualTo(ids.size());
    }
  }

  @Test
  void nobodyHearsOfMovesThatWereRolledBack() {
    SigningRequestId id = store.register(Requests.transfer("desk", "r1", 5));

    assertThatThrownBy(
            () ->
                store.unitOfWork.run(
                    tx -> {
                      store.ledger.move(tx, List.of(Requests.move(id, RequestState.ADMITTED, 1)));
                      throw new IllegalArgumentException("rolled back");
                    }))
        .hasMessage("rolled back");

    assertThat(store.heard).isEmpty();
    assertThat(store.states(id)).containsExactly(RequestState.RECEIVED);
  }

  @Test
  void historiesBeginAfterWhatWasSeen() {
    SigningRequestId one = store.register(Requests.transfer("desk", "r1", 5));
    SigningRequestId two = store.register(Requests.transfer("desk", "r2", 5));
    store.move(one, RequestState.ADMITTED, 1);
    store.move(two, RequestState.DENIED, 1);

    List<PostgresRequestLedger.Revision> seen = store.ledger.histories(Map.of(one, 1, two, 2));

    assertThat(seen).hasSize(1);
    assertThat(seen.getFirst().request()).isEqualTo(one);
    assertThat(seen.getFirst().number()).isEqualTo(2);
    assertThat(seen.getFirst().change().state()).isEqualTo(RequestState.ADMITTED);
  }

  @Test
  void aClaimLeavesOutWhatIsFreshElsewhereOrTaken() {
    SigningRequestId old = store.register(Requests.transfer("desk", "r1", 5));
    SigningRequestId fresh = store.register(Requests.transfer("desk", "r2", 5));
    SigningRequestId denied = store.register(Requests.transfer("desk", "r3", 5));
    store.move(old, RequestState.ADMITTED, 1);
    store.move(fresh, RequestState.ADMITTED, 100);
    store.move(denied, RequestState.DENIED, 1);
    Instant since = Requests.START.plusSeconds(10);

    assertThat(claim(since, Duration.ofMinutes(1))).containsExactly(old);
    assertThat(claim(since, Duration.ofMinutes(1))).isEmpty();
    assertThat(claim(LATER, Duration.ofMinutes(1))).containsExactly(fresh);
  }

  @Test
  void aClaimSkipsWhatAnotherTransactionIsClaiming() {
    SigningRequestId id = store.register(Requests.transfer("desk", "r1", 5));
    store.move(id, RequestState.ADMITTED, 1);

    store.unitOfWork.run(
        tx -> {
          assertThat(
                  store.ledger.claim(
                      tx, RequestState.ADMITTED, LATER, Set.of(), Duration.ofMinutes(1), 9))
              .hasSize(1);
          // On a thread of its own, and so in a transaction of its own.
          assertThat(
                  CompletableFuture.supplyAsync(() -> claim(LATER, Duration.ofMinutes(1))).join())
              .isEmpty();
        });
  }

  @Test
  void aClaimLeavesAloneWhatIsInHandAndComesRoundToAll() throws Exception {
    SigningRequestId first = store.register(Requests.transfer("desk", "r1", 5));
    SigningRequestId second = store.register(Requests.transfer("desk", "r2", 5));
    store.move(first, RequestState.ADMITTED, 1);
    store.move(second, RequestState.ADMITTED, 2);

    assertThat(claimOne(Set.of(first))).containsExactly(second);
    assertThat(claimOne(Set.of())).containsExactly(first);
    Thread.sleep(100);
    // Both leases have run out: the one that was tried longer ago is next, not the older one.
    assertThat(claimOne(Set.of())).containsExactly(second);
  }

  private List<SigningRequestId> claimOne(Set<SigningRequestId> except) {
    return store.unitOfWork.inTransaction(
        tx ->
            store
                .ledger
                .claim(tx, RequestState.ADMITTED, LATER, except, Duration.ofMillis(50), 1)
                .stream()
                .map(SigningRequest::id)
                .toList());
  }

  @Test
  void aLeaseThatRanOutCanBeClaimedAgain() throws Exception {
    SigningRequestId id = store.register(Requests.transfer("desk", "r1", 5));
    store.move(id, RequestState.ADMITTED, 1);

    assertThat(claim(LATER, Duration.ofMillis(50))).containsExactly(id);
    Thread.sleep(100);
    assertThat(claim(LATER, Duration.ofMillis(50))).containsExactly(id);
  }

  private List<SigningRequestId> claim(Instant since, Duration lease) {
    return store.unitOfWork.inTransaction(
        tx ->
            store.ledger.claim(tx, RequestState.ADMITTED, since, Set.of(), lease, 10).stream()
                .map(SigningRequest::id)
                .toList());
  }

  private void refused(String sql) {
    assertThatThrownBy(() -> store.server.useHandle(handle -> handle.execute(sql)))
        .as(sql)
        .hasMessageMatching("(?s).*(permission denied|may not move|violates).*");
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
