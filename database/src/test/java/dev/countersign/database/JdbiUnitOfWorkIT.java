package dev.countersign.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.countersign.core.port.StoreUnavailableException;
import dev.countersign.core.port.Transaction;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@WithTestEnvironment
@Timeout(60)
class JdbiUnitOfWorkIT {
  private static final SchemaMigration EXAMPLE =
      new SchemaMigration("example", "dev/countersign/database/example");

  private final PostgresDatabase database;
  private final JdbiUnitOfWork unitOfWork;

  JdbiUnitOfWorkIT(PostgresDatabase database) {
    this.database = database;
    this.unitOfWork = new JdbiUnitOfWork(Jdbi.create(database.dataSource()));
  }

  @BeforeEach
  void migrate() {
    EXAMPLE.run(database.dataSource());
    unitOfWork.run(tx -> execute(tx, "UPDATE example.account SET amount = 0"));
  }

  @Test
  void leavesNothingOfWorkThatThrows() {
    List<String> told = new ArrayList<>();
    assertThatThrownBy(
            () ->
                unitOfWork.run(
                    tx -> {
                      tx.afterCommit(() -> told.add("committed"));
                      add(tx, 1, 5);
                      throw new IllegalArgumentException("no");
                    }))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(amount(1)).isZero();
    assertThat(told).isEmpty();
  }

  @Test
  void tellsAfterTheCommitAndNotBefore() {
    List<Integer> seen = new ArrayList<>();
    unitOfWork.run(
        tx -> {
          tx.afterCommit(() -> seen.add(amount(1)));
          add(tx, 1, 5);
        });
    assertThat(seen).containsExactly(5);
  }

  @Test
  void runsTheVictimOfADeadlockAgain() throws Exception {
    CyclicBarrier bothHoldOne = new CyclicBarrier(2);
    AtomicInteger attempts = new AtomicInteger();
    try (var threads = Executors.newFixedThreadPool(2)) {
      List<Future<?>> both = new ArrayList<>();
      for (int first = 1; first <= 2; first++) {
        int mine = first;
        int theirs = 3 - first;
        both.add(
            threads.submit(
                () ->
                    unitOfWork.run(
                        tx -> {
                          add(tx, mine, 1);
                          if (attempts.incrementAndGet() <= 2) {
                            meet(bothHoldOne);
                          }
                          add(tx, theirs, 1);
                        })));
      }
      for (Future<?> one : both) {
        one.get();
      }
    }
    assertThat(attempts).hasValueGreaterThan(2);
    assertThat(amount(1)).isEqualTo(2);
    assertThat(amount(2)).isEqualTo(2);
  }

  @Test
  void saysThatTheStoreIsUnavailableWhenItsConnectionIsCut() {
    assertThatThrownBy(
            () ->
                unitOfWork.run(
                    tx -> {
                      add(tx, 1, 5);
                      execute(tx, "SELECT pg_terminate_backend(pg_backend_pid())");
                    }))
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(amount(1)).isZero();
  }

  @Test
  void saysSoThroughAPoolToo() {
    HikariConfig config = new HikariConfig();
    config.setDataSource(database.dataSource());
    config.setMaximumPoolSize(1);
    try (HikariDataSource pool = new HikariDataSource(config)) {
      JdbiUnitOfWork pooled = new JdbiUnitOfWork(Jdbi.create(pool));
      assertThatThrownBy(
              () -> pooled.run(tx -> execute(tx, "SELECT pg_terminate_backend(pg_backend_pid())")))
          .isInstanceOf(StoreUnavailableException.class);
      pooled.run(tx -> add(tx, 1, 5));
    }
    assertThat(amount(1)).isEqualTo(5);
  }

  @Test
  void refusesAPoolOnWhichNothingWouldBeCommitted() {
    HikariConfig config = new HikariConfig();
    config.setDataSource(database.dataSource());
    config.setMaximumPoolSize(1);
    config.setAutoCommit(false);
    try (HikariDataSource pool = new HikariDataSource(config)) {
      JdbiUnitOfWork pooled = new JdbiUnitOfWork(Jdbi.create(pool));
      assertThatThrownBy(() -> pooled.run(tx -> add(tx, 1, 5)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("auto-commit");
    }
    assertThat(amount(1)).isZero();
  }

  @Test
  void isolationIsReadCommitted() {
    String level =
        unitOfWork.inTransaction(
            tx ->
                tx.unwrap(Handle.class)
                    .createQuery("SHOW transaction_isolation")
                    .mapTo(String.class)
                    .one());
    assertThat(level).isEqualTo("read committed");
  }

  @Test
  void unwrapsToAHandleAndNothingElse() {
    unitOfWork.run(
        tx ->
            assertThatThrownBy(() -> tx.unwrap(Connection.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Handle.class.getName()));
  }

  @Test
  void migratesOnSeveralInstancesAtOnce() throws Exception {
    SchemaMigration contested =
        new SchemaMigration("contested", "dev/countersign/database/contested");
    try (var instances = Executors.newFixedThreadPool(4)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        all.add(instances.submit(() -> contested.run(database.dataSource())));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError("an instance failed to migrate", e.getCause());
    }
    assertThat(
            Jdbi.create(database.dataSource())
                .<Integer, RuntimeException>withHandle(
                    handle ->
                        handle
                            .createQuery("SELECT count(*) FROM contested.flyway_schema_history")
                            .mapTo(Integer.class)
                            .one()))
        .isPositive();
  }

  @Test
  void aLoginHasWhatTheModuleGrantsAndNoMore() {
    Jdbi owner = Jdbi.create(database.dataSource());
    owner.useHandle(
        handle ->
            handle.execute(
                "DO $$ BEGIN CREATE ROLE example_server LOGIN PASSWORD 'test'; "
                    + "EXCEPTION WHEN duplicate_object THEN NULL; END $$"));
    EXAMPLE.grantTo(database.dataSource(), "example_server");
    var server = new JdbiUnitOfWork(Jdbi.create(database.dataSource("example_server", "test")));
    server.run(tx -> add(tx, 1, 1));
    assertThat(amount(1)).isEqualTo(1);
    assertThatThrownBy(() -> server.run(tx -> execute(tx, "DELETE FROM example.account")))
        .hasMessageContaining("permission denied");
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private int amount(int id) {
    return unitOfWork.inTransaction(
        tx ->
            tx.unwrap(Handle.class)
                .createQuery("SELECT amount FROM example.account WHERE id = :id")
                .bind("id", id)
                .mapTo(Integer.class)
                .one());
  }

  private static void add(Transaction tx, int id, int amount) {
    tx.unwrap(Handle.class)
        .execute("UPDATE example.account SET amount = amount + ? WHERE id = ?", amount, id);
  }

  private static void execute(Transaction tx, String sql) {
    tx.unwrap(Handle.class).execute(sql);
  }
}
