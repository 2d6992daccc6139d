package dev.countersign.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@WithTestEnvironment
@Timeout(60)
class FencedLeaseIT {
  private static final SchemaMigration EXAMPLE =
      new SchemaMigration("example", "dev/countersign/database/example");

  private final PostgresDatabase database;
  private final JdbiUnitOfWork unitOfWork;
  private final FencedLease first;
  private final FencedLease second;

  FencedLeaseIT(PostgresDatabase database) {
    this.database = database;
    this.unitOfWork = new JdbiUnitOfWork(Jdbi.create(database.dataSource()));
    this.first = lease(Duration.ofMinutes(1));
    this.second = lease(Duration.ofMinutes(1));
  }

  @BeforeEach
  void migrate() {
    EXAMPLE.run(database.dataSource());
    execute("TRUNCATE example.lease");
    execute("UPDATE example.account SET amount = 0");
  }

  private FencedLease lease(Duration length) {
    return new FencedLease(
        unitOfWork, new FencedLease.Terms("example.lease", "one", UUID.randomUUID(), length));
  }

  @Test
  void oneHasItUntilItEndsOrIsGivenBack() {
    assertThat(first.hold()).isTrue();
    assertThat(second.hold()).isFalse();
    assertThat(first.hold()).isTrue();
    first.release();
    assertThat(second.hold()).isTrue();
    assertThat(first.hold()).isFalse();
    expire();
    assertThat(first.hold()).isTrue();
    assertThat(second.hold()).isFalse();
  }

  @Test
  void theFenceGrowsWithEachOtherHolderAndOnlyThen() {
    first.hold();
    long at = fence();
    expire();
    assertThat(first.hold()).isTrue();
    assertThat(fence()).isEqualTo(at);
    expire();
    second.hold();
    assertThat(fence()).isEqualTo(at + 1);
    expire();
    first.hold();
    assertThat(fence()).isEqualTo(at + 2);
  }

  @Test
  void whoIsLateWritesNothing() {
    first.hold();
    first.fenced().run(transaction -> add(transaction.unwrap(Handle.class)));
    expire();
    // Over, and nobody else's: it may go on.
    first.fenced().run(transaction -> add(transaction.unwrap(Handle.class)));
    assertThat(amount()).isEqualTo(2);
    second.hold();
    assertThatThrownBy(
            () -> first.fenced().run(transaction -> add(transaction.unwrap(Handle.class))))
        .isInstanceOf(LeaseLostException.class);
    assertThat(amount()).isEqualTo(2);
    // Not even when it has it again under another number: what it began was for the old one.
    expire();
    first.renew();
    assertThat(second.hold()).isTrue();
  }

  @Test
  void whoTakesItWaitsForWhatIsBeingWritten() throws Exception {
    first.hold();
    CountDownLatch writing = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var late =
          threads.submit(
              () ->
                  first
                      .fenced()
                      .run(
                          transaction -> {
                            add(transaction.unwrap(Handle.class));
                            writing.countDown();
                            await(mayEnd);
                          }));
      await(writing);
      var taking =
          threads.submit(
              () -> {
                assertThatThrownBy(this::expireNow).hasMessageContaining("lock timeout");
                return true;
              });
      assertThat(taking.get(20, TimeUnit.SECONDS)).isTrue();
      mayEnd.countDown();
      late.get(20, TimeUnit.SECONDS);
    }
    assertThat(amount()).isOne();
  }

  @Test
  void workThatTakesLongerThanTheLeaseKeepsIt() {
    FencedLease brief = lease(Duration.ofMillis(400));
    assertThat(brief.hold()).isTrue();
    boolean taken =
        brief.keeping(
            () -> {
              boolean others = false;
              for (int i = 0; i < 12; i++) {
                pause(100);
                others |= second.hold();
              }
              return others;
            });
    assertThat(taken).as("another instance took it while the work went on").isFalse();
    brief.fenced().run(transaction -> add(transaction.unwrap(Handle.class)));
    pause(600);
    assertThat(second.hold()).as("after the work nobody renews it").isTrue();
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void expire() {
    execute("UPDATE example.lease SET lease_until = now() - interval '1 s'");
  }

  private void expireNow() {
    unitOfWork.run(
        transaction -> {
          Handle handle = transaction.unwrap(Handle.class);
          handle.execute("SET LOCAL lock_timeout = '300ms'");
          handle.execute("UPDATE example.lease SET lease_until = now() - interval '1 s'");
        });
  }

  private void execute(String sql) {
    unitOfWork.run(transaction -> transaction.unwrap(Handle.class).execute(sql));
  }

  private static void add(Handle handle) {
    handle.execute("UPDATE example.account SET amount = amount + 1 WHERE id = 1");
  }

  private int amount() {
    return number("SELECT amount FROM example.account WHERE id = 1");
  }

  private long fence() {
    return number("SELECT fence FROM example.lease");
  }

  private int number(String sql) {
    return unitOfWork.inTransaction(
        transaction ->
            transaction.unwrap(Handle.class).createQuery(sql).mapTo(Integer.class).one());
  }
}
