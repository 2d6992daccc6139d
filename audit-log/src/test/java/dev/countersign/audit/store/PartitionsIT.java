package dev.countersign.audit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.jdbi.v3.core.statement.Query;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The entries by month: what looks for them looks at no more than it has to, and no partition is
/// less protected than the whole.
@WithTestEnvironment
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PartitionsIT {
  private static final int A_MONTH = 20_000;

  private final TestLog log;
  private final String thisMonth;

  PartitionsIT(PostgresDatabase database) {
    this.log = new TestLog(database);
    for (int month = 1; month <= 3; month++) {
      LocalDate day = LocalDate.of(2020, month, 1);
      OldEntries.makePartition(log, day);
      log.superuser.useHandle(
          handle ->
              handle.execute(
                  """
                  WITH written AS (
                    INSERT INTO audit.entry (body, written)
                    SELECT 'entry', ? FROM generate_series(1, ?) RETURNING id, written)
                  INSERT INTO audit.leaf (leaf_index, entry_id, written)
                  SELECT id - 1, id, written FROM written
                  """,
                  day,
                  A_MONTH));
    }
    log.superuser.useHandle(handle -> handle.execute("ANALYZE audit.entry, audit.leaf"));
    this.thisMonth =
        "audit.entry_"
            + log.superuser.withHandle(
                handle ->
                    handle
                        .createQuery("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY_MM')")
                        .mapTo(String.class)
                        .one());
  }

  @AfterAll
  void close() {
    log.close();
  }

  /// As the planner has it for any values, which is what a server comes to use.
  private List<String> plan(String sql, UnaryOperator<Query> bind) {
    return log.superuser.withHandle(
        handle -> {
          handle.execute("SET plan_cache_mode = force_generic_plan");
          return bind.apply(handle.createQuery("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) " + sql))
              .mapTo(String.class)
              .list();
        });
  }

  /// The scans of partitions that were begun.
  private static long begun(List<String> plan) {
    return plan.stream()
        .filter(line -> line.contains(" on entry_") && !line.contains("never executed"))
        .count();
  }

  private static void assertByIndex(List<String> plan) {
    assertThat(plan)
        .as(String.join("\n", plan))
        .noneMatch(line -> line.contains("Seq Scan") || line.contains("Hash"));
  }

  @Test
  void newEntriesAreFoundByTheIndexesOfTheirIds() {
    List<String> above =
        plan(EntryRows.ABOVE, query -> query.bind("highest", 59_000L).bind("limit", 16));
    assertByIndex(above);
    assertThat(above).noneMatch(line -> line.contains("Sort Method"));
    List<String> work = plan(Sequencer.HAS_WORK, query -> query);
    assertThat(work).noneMatch(line -> line.contains("Seq Scan") && line.contains("entry_20"));
    assertByIndex(
        plan(
            EntryRows.WITHIN,
            query ->
                query
                    .bindArray("bounds", Long.class, List.of(7L, 9L, 20_010L, 20_012L))
                    .bind("limit", 16)));
  }

  @Test
  void aPlaceIsLookedUpInItsOwnMonthAlone() {
    List<String> range =
        plan(TreeRows.RANGE, query -> query.bind("from", 25_600L).bind("last", 25_855L));
    assertByIndex(range);
    assertThat(begun(range)).as(String.join("\n", range)).isEqualTo(1);
    List<String> places =
        plan(
            TreeRows.PLACES,
            query ->
                query.bindArray(
                    "indexes", Long.class, LongStream.range(45_000, 45_064).boxed().toList()));
    assertByIndex(places);
    assertThat(begun(places)).as(String.join("\n", places)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE %s SET body = 'x' WHERE id = 1",
        "UPDATE %s SET written = '2020-01-02'",
        "DELETE FROM %s WHERE false",
        "TRUNCATE %s"
      })
  void everyPartitionIsAppendOnlyByItsOwnName(String statement) {
    List<String> partitions = log.superuser.withHandle(TestLog::partitions);
    assertThat(partitions).contains("audit.entry_default", thisMonth).hasSizeGreaterThan(5);
    for (String partition : partitions) {
      for (String role : List.of("origin", "replica")) {
        assertThatThrownBy(
                () ->
                    log.superuser.useHandle(
                        handle -> {
                          handle.execute("SET session_replication_role = " + role);
                          handle.execute(statement.formatted(partition));
                        }))
            .as(partition)
            .rootCause()
            .hasMessageContaining("is append-only");
      }
      assertThatThrownBy(
              () -> log.login.useHandle(handle -> handle.execute(statement.formatted(partition))))
          .as(partition)
          .rootCause()
          .hasMessageContaining("permission denied");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT count(*) FROM audit.entry_default",
        "INSERT INTO audit.entry_default (body) VALUES ('x')",
        "INSERT INTO audit.entry (body, written) VALUES ('x', '2020-01-01')",
        "SELECT audit.add_partition('entry_2030_01', '2030-01-01', '2030-02-01')",
        "ALTER TABLE audit.entry DETACH PARTITION audit.entry_default",
        "DROP TABLE audit.entry_2020_01",
        "INSERT INTO audit.archive (entry_id, written, next_leaf, tree_size)"
            + " VALUES (1, now(), 256, 256)"
      })
  void theServersRoleMayNot(String statement) {
    assertThatThrownBy(() -> log.login.useHandle(handle -> handle.execute(statement)))
        .rootCause()
        .message()
        .containsAnyOf("permission denied", "must be owner");
  }

  @Test
  void theServerMakesTheMonthsThatAreMissing() {
    String next =
        log.superuser.withHandle(
            handle -> {
              String name =
                  handle
                      .createQuery(
                          "SELECT 'audit.entry_' || to_char(date_trunc('month', now() AT TIME ZONE"
                              + " 'UTC') + interval '1 month', 'YYYY_MM')")
                      .mapTo(String.class)
                      .one();
              handle.execute("DROP TABLE " + name);
              return name;
            });
    new Partitions(log.unitOfWork).make();
    assertThat(log.superuser.withHandle(TestLog::partitions)).contains(next);
    Map<String, Object> attached =
        log.superuser.withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        SELECT count(*) FILTER (WHERE tgenabled = 'A') AS always,
                          bool_and(relowner = (SELECT relowner FROM pg_class
                            WHERE oid = 'audit.entry'::regclass)) AS owned
                        FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
                        WHERE tgrelid = to_regclass(:name) AND tgname = 'append_only'
                        """)
                    .bind("name", next)
                    .mapToMap()
                    .one());
    assertThat(attached).containsEntry("always", 1L).containsEntry("owned", true);
  }

  /// An instance that slept over the turn of the month has appended to the default partition.
  @Test
  void aMonthThatTheDefaultPartitionHasStaysThere() {
    log.superuser.useHandle(handle -> handle.execute("DROP TABLE " + thisMonth));
    log.append("late");
    new Partitions(log.unitOfWork).make();
    log.append("later");
    assertThat(log.superuser.withHandle(TestLog::partitions)).doesNotContain(thisMonth);
    long there =
        log.superuser.withHandle(
            handle ->
                handle
                    .createQuery("SELECT count(*) FROM audit.entry_default")
                    .mapTo(Long.class)
                    .one());
    assertThat(there).isEqualTo(2);
    log.superuser.useHandle(
        handle -> {
          // For the other tests: they rely on this month.
          handle.execute("ALTER TABLE audit.entry_default DISABLE TRIGGER ALL");
          handle.execute("TRUNCATE audit.entry_default");
          handle.execute("ALTER TABLE audit.entry_default ENABLE TRIGGER ALL");
          handle.execute("ALTER TABLE audit.entry_default ENABLE ALWAYS TRIGGER append_only");
        });
    new Partitions(log.unitOfWork).make();
    assertThat(log.superuser.withHandle(TestLog::partitions)).contains(thisMonth);
  }

  /// Whoever may call a function that runs as the owner must not decide what its names mean.
  @Test
  void makingMonthsRunsNothingOfItsCaller() {
    assertThatThrownBy(
            () ->
                log.login.useHandle(
                    handle -> {
                      handle.execute(
                          """
                          CREATE FUNCTION pg_temp.attack(pg_catalog.date) RETURNS boolean
                            LANGUAGE plpgsql AS $$
                          BEGIN
                            RAISE EXCEPTION 'run as %', current_user;
                          END $$
                          """);
                      handle.execute(
                          "CREATE DOMAIN pg_temp.date AS pg_catalog.date"
                              + " CHECK (pg_temp.attack(VALUE))");
                      handle.execute("SELECT audit.make_partitions()");
                      handle.execute("SELECT '2026-01-01'::pg_temp.date");
                    }))
        .hasMessageContaining("run as " + TestLog.LOGIN);
  }

  @Test
  void nobodyButTheOwnerKeepsMonthsFromBeingMade() {
    assertThatThrownBy(
            () ->
                log.login.useTransaction(
                    handle -> handle.execute("LOCK TABLE audit.partition_maker")))
        .hasMessageContaining("permission denied");
  }
}
