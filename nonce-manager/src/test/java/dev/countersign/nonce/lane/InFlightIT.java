package dev.countersign.nonce.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.NonceLedger.Account;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.nonce.testing.Instance;
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
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What an account can still promise, besides all that is in flight from it.
@WithTestEnvironment
@Timeout(60)
class InFlightIT {
  private final DevChain chain;
  private final Lane lane;
  private final NonceBench bench;
  private final Instance instance;

  InFlightIT(PostgresDatabase database, DevChain chain) {
    ChainId chainId = ChainId.ofEip155(chain.chainId());
    this.chain = chain;
    this.lane = new Lane(chainId, new TestAccount("in flight").address());
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
  void countsWhatIsInFlightAndNotMined() {
    instance.admit(lane, 1);
    Account account = account(100, 0);
    admitFor(account, 30);
    admitFor(account, 20);
    // The account's first admission took one wei at most.
    assertThat(available(account)).isEqualTo(49);
    assertThat(available(account(100, 1))).as("the first is mined").isEqualTo(50);
    assertThat(available(account(70, 2))).as("the second too").isEqualTo(50);
    assertThat(available(account(50, 3))).isEqualTo(50);
    assertThat(available(account(10, 0))).as("gone elsewhere").isEqualTo(-41);
    assertThat(instance.ledger().available(account)).isEqualTo(BigInteger.valueOf(49));
  }

  @Test
  void givesBackWhatIsReleased() {
    Account account = account(100, 0);
    instance.ledger().prepare(lane);
    SigningRequestId request = admitFor(account, 30);
    instance.unitOfWork().run(t -> instance.ledger().release(t, Set.of(request)));
    assertThat(available(account)).isEqualTo(100);
  }

  @Test
  void aBookCountsWhatItGaveItself() {
    Account account = account(100, 0);
    Account later = account(90, 0);
    instance.ledger().prepare(lane);
    instance
        .unitOfWork()
        .run(
            transaction -> {
              var book = instance.ledger().lock(transaction, Set.of(account, later));
              book.take(lane, new SigningRequestId(UUID.randomUUID()), BigInteger.valueOf(60));
              assertThat(book.available(account)).isEqualTo(BigInteger.valueOf(40));
              assertThat(book.available(later)).isEqualTo(BigInteger.valueOf(30));
            });
  }

  @Test
  void noNumberOfInstancesPromisesMoreThanThereIs() throws Exception {
    instance.ledger().prepare(lane);
    List<Instance> instances = List.of(instance, bench.instance(), bench.instance());
    Account account = account(1_000, 0);
    AtomicInteger fitted = new AtomicInteger();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        Instance one = instances.get(i % instances.size());
        running.add(threads.submit(() -> fitted.addAndGet(takeIfItFits(one, account, 90))));
      }
      for (Future<?> future : running) {
        future.get();
      }
    }
    assertThat(fitted).hasValue(11);
    assertThat(available(account)).isEqualTo(10);
  }

  private static int takeIfItFits(Instance instance, Account account, long most) {
    return instance
        .unitOfWork()
        .inTransaction(
            transaction -> {
              var book = instance.ledger().lock(transaction, Set.of(account));
              if (book.available(account).compareTo(BigInteger.valueOf(most)) < 0) {
                return 0;
              }
              book.take(
                  account.lane(),
                  new SigningRequestId(UUID.randomUUID()),
                  BigInteger.valueOf(most));
              book.save();
              return 1;
            });
  }

  private Account account(long balance, long mined) {
    return new Account(lane, Wei.of(balance), new Nonce(mined));
  }

  private long available(Account account) {
    return instance
        .unitOfWork()
        .inTransaction(
            t -> instance.ledger().lock(t, Set.of(account)).available(account).longValueExact());
  }

  private SigningRequestId admitFor(Account account, long most) {
    SigningRequestId request = new SigningRequestId(UUID.randomUUID());
    instance
        .unitOfWork()
        .run(
            transaction -> {
              var book = instance.ledger().lock(transaction, Set.of(account));
              book.take(account.lane(), request, BigInteger.valueOf(most));
              book.save();
            });
    return request;
  }
}
