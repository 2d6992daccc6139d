package dev.countersign.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.FeeChoice;
import dev.countersign.core.port.RequestLedger.Registration;
import dev.countersign.core.request.NewRequest;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequest;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@WithTestEnvironment
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RequestRegistrationIT {
  private final RequestStore store;

  RequestRegistrationIT(PostgresDatabase database) {
    this.store = new RequestStore(database);
  }

  @BeforeEach
  void clear() {
    store.clear();
  }

  @Test
  void whatWasAskedReadsBackAsItWas() {
    List<NewRequest> asked =
        List.of(
            Requests.transfer("desk", "native", 5),
            Requests.request("desk", "token", Requests.tokenTransfer(), Optional.empty()),
            Requests.request("desk", "call", Requests.call(), Optional.of(Requests.fees())),
            Requests.request("desk", "cheap", FeeChoice.ByMarket.parse("economy/-/-")),
            Requests.request("desk", "capped", FeeChoice.ByMarket.parse("-/40000000000/50000")),
            Requests.request("desk", "fixed", FeeChoice.ByMarket.parse("fixed-cap/1/-")));

    List<Registration> registrations = register(asked);

    assertThat(registrations).allMatch(Registration.Fresh.class::isInstance);
    for (int i = 0; i < asked.size(); i++) {
      SigningRequest stored = store.ledger.find(asked.get(i).id()).orElseThrow();
      assertThat(stored).isEqualTo(registrations.get(i).request());
      assertThat(stored.content()).isEqualTo(asked.get(i).content());
      assertThat(stored.digest()).isEqualTo(asked.get(i).digest());
      assertThat(stored.origin()).isPresent().isEqualTo(asked.get(i).origin());
      assertThat(stored.state()).isEqualTo(RequestState.RECEIVED);
      assertThat(stored.receivedAt()).isEqualTo(Requests.START);
      assertThat(store.ledger.find(asked.get(i).key())).contains(stored);
    }
  }

  @Test
  void theSameKeyAndContentIsTheSameRequest() {
    NewRequest first = Requests.transfer("desk", "r1", 5);
    store.register(first);

    List<Registration> again =
        register(List.of(Requests.transfer("desk", "r1", 5), Requests.transfer("desk", "r2", 5)));

    assertThat(again.get(0)).isInstanceOf(Registration.Known.class);
    assertThat(again.get(0).request().id()).isEqualTo(first.id());
    assertThat(again.get(1)).isInstanceOf(Registration.Fresh.class);
  }

  @Test
  void theSameKeyWithOtherContentConflicts() {
    NewRequest first = Requests.transfer("desk", "r1", 5);
    store.register(first);

    Registration other = register(List.of(Requests.transfer("desk", "r1", 6))).getFirst();

    assertThat(other).isInstanceOf(Registration.Conflicting.class);
    assertThat(other.request().id()).isEqualTo(first.id());
    assertThat(store.ledger.find(first.id()).orElseThrow().content()).isEqualTo(first.content());
  }

  @Test
  void twoClientsMayUseTheSameId() {
    List<Registration> both =
        register(List.of(Requests.transfer("desk", "r1", 5), Requests.transfer("ops", "r1", 6)));

    assertThat(both).allMatch(Registration.Fresh.class::isInstance);
  }

  @Test
  void theSameKeyTwiceInOneListComparesWithTheFirst() {
    NewRequest first = Requests.transfer("desk", "r1", 5);

    List<Registration> all =
        register(
            List.of(first, Requests.transfer("desk", "r1", 5), Requests.transfer("desk", "r1", 6)));

    assertThat(all)
        .extracting(registration -> (Object) registration.getClass())
        .containsExactly(
            Registration.Fresh.class, Registration.Known.class, Registration.Conflicting.class);
    assertThat(all).allMatch(one -> one.request().id().equals(first.id()));
  }

  @Test
  void aContractCallThatIsATokenTransferReadsBackAsOne() {
    Intent.OfTransaction transfer = Requests.tokenTransfer();
    var call = CallEncoder.encode(transfer);
    NewRequest asked =
        Requests.request(
            "desk",
            "r1",
            new Intent.ContractCall(call.to().orElseThrow(), call.value(), call.data()),
            Optional.empty());
    store.register(asked);

    SigningRequest stored = store.ledger.find(asked.id()).orElseThrow();

    assertThat(stored.content().intent()).isEqualTo(transfer);
    assertThat(stored.content().digest(stored.key())).isEqualTo(stored.digest());
  }

  /// The second waits for the first to commit, and then sees what it stored.
  @Test
  void waitsForAnotherTransactionThatIsStoringTheSameKey() throws Exception {
    NewRequest first = Requests.transfer("desk", "r1", 5);
    CountDownLatch stored = new CountDownLatch(1);
    CountDownLatch mayCommit = new CountDownLatch(1);
    try (var threads = Executors.newFixedThreadPool(2)) {
      Future<?> one =
          threads.submit(
              () ->
                  store.unitOfWork.run(
                      tx -> {
                        store.ledger.register(tx, List.of(first));
                        stored.countDown();
                        await(mayCommit);
                      }));
      await(stored);
      Future<Registration> two =
          threads.submit(() -> register(List.of(Requests.transfer("desk", "r1", 5))).getFirst());
      Thread.sleep(100);
      assertThat(two.isDone()).isFalse();
      mayCommit.countDown();
      one.get();
      assertThat(two.get()).isInstanceOf(Registration.Known.class);
      assertThat(two.get().request().id()).isEqualTo(first.id());
    }
  }

  @Test
  void batchesThatShareKeysInOtherOrdersDoNotDeadlock() throws Exception {
    int rounds = 20;
    try (var threads = Executors.newFixedThreadPool(4)) {
      List<Future<List<Registration>>> all = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        List<NewRequest> batch = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
          batch.add(Requests.transfer("desk", "round-" + round / 4 + "-" + i, 5));
        }
        if (round % 2 == 1) {
          Collections.reverse(batch);
        }
        all.add(threads.submit(() -> register(batch)));
      }
      long fresh = 0;
      for (Future<List<Registration>> one : all) {
        fresh += one.get().stream().filter(Registration.Fresh.class::isInstance).count();
      }
      assertThat(fresh).isEqualTo(rounds / 4L * 40);
    }
  }

  @Test
  void listsAClientsOwnRequestsNewestFirstInPages() {
    for (int i = 0; i < 5; i++) {
      store.register(Requests.transfer("desk", "r" + i, 5));
      store.register(Requests.transfer("ops", "r" + i, 5));
    }
    ClientId desk = new ClientId("desk");

    List<SigningRequest> all = store.ledger.list(desk, Optional.empty(), 100);
    List<SigningRequest> page = store.ledger.list(desk, Optional.of(all.get(1).id()), 2);

    assertThat(all).hasSize(5).allMatch(request -> request.key().client().equals(desk));
    assertThat(all.stream().map(SigningRequest::id).toList())
        .isSortedAccordingTo(Collections.reverseOrder());
    assertThat(page).containsExactly(all.get(2), all.get(3));
  }

  private List<Registration> register(List<NewRequest> requests) {
    return store.unitOfWork.inTransaction(tx -> store.ledger.register(tx, requests));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
