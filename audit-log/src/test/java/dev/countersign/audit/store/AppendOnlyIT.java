package dev.countersign.audit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What keeps the log as it is: the role's privileges against the server, triggers against
/// everybody.
@WithTestEnvironment
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AppendOnlyIT {
  private final PostgresDatabase database;
  private final TestLog log;

  AppendOnlyIT(PostgresDatabase database) {
    this.database = database;
    this.log = new TestLog(database);
    log.fill(300);
  }

  @AfterAll
  void close() {
    log.close();
  }

  static List<String> changes() {
    return List.of(
        "UPDATE audit.entry SET body = 'x' WHERE id = 1",
        "UPDATE audit.entry SET body = 'x' WHERE false",
        "DELETE FROM audit.entry WHERE id = 1",
        "DELETE FROM audit.entry",
        "TRUNCATE audit.entry",
        "UPDATE audit.leaf SET entry_id = 7 WHERE leaf_index = 1",
        "DELETE FROM audit.leaf WHERE leaf_index = 1",
        "TRUNCATE audit.leaf",
        "UPDATE audit.checkpoint SET note = 'x'",
        "DELETE FROM audit.checkpoint",
        "TRUNCATE audit.checkpoint",
        "UPDATE audit.cosignature SET line = 'x'",
        "DELETE FROM audit.cosignature",
        "TRUNCATE audit.cosignature",
        "DELETE FROM audit.witness_lease",
        "DELETE FROM audit.tile WHERE level = 0 AND tile_index = 0",
        "TRUNCATE audit.tile",
        "UPDATE audit.tile SET hashes = substr(hashes, 33) WHERE tile_index = 1",
        "UPDATE audit.tile SET hashes = set_byte(hashes, 0, 1 - get_byte(hashes, 0) / 255)",
        "UPDATE audit.tile SET hashes = set_byte(hashes, 9, get_byte(hashes, 9) # 1)"
            + " || substr(hashes, 1, 32) WHERE tile_index = 1",
        "DELETE FROM audit.sequencer",
        "TRUNCATE audit.sequencer",
        "UPDATE audit.sequencer SET highest_entry = highest_entry + 1000",
        "UPDATE audit.sequencer SET highest_entry = 1",
        "UPDATE audit.sequencer SET tree_size = tree_size - 1");
  }

  private static void assertRefused(Jdbi as, String statement, String why) {
    assertThatThrownBy(() -> as.useHandle(handle -> handle.execute(statement)))
        .rootCause()
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @MethodSource("changes")
  void theOwnerAndEverySuperuserIsStopped(String statement) {
    assertThatThrownBy(() -> log.superuser.useHandle(handle -> handle.execute(statement)))
        .rootCause()
        .message()
        .containsAnyOf("is append-only", "only grows at its end", "only moves on");
  }

  @ParameterizedTest
  @MethodSource("changes")
  void replicationRoleDoesNotSwitchTheTriggersOff(String statement) {
    assertThatThrownBy(
            () ->
                log.superuser.useHandle(
                    handle -> {
                      handle.execute("SET session_replication_role = replica");
                      handle.execute(statement);
                    }))
        .rootCause()
        .message()
        .containsAnyOf("is append-only", "only grows at its end", "only moves on");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE audit.entry SET body = 'x' WHERE id = 1",
        "DELETE FROM audit.entry WHERE id = 1",
        "TRUNCATE audit.entry",
        "UPDATE audit.leaf SET entry_id = 7",
        "DELETE FROM audit.leaf",
        "UPDATE audit.checkpoint SET note = 'x'",
        "DELETE FROM audit.checkpoint",
        "UPDATE audit.cosignature SET line = 'x'",
        "DELETE FROM audit.cosignature",
        "DELETE FROM audit.tile",
        "UPDATE audit.tile SET level = 1",
        "DELETE FROM audit.sequencer",
        "INSERT INTO audit.sequencer DEFAULT VALUES",
        // An id of the writer's choice could be one that nobody ever looks at.
        "INSERT INTO audit.entry (id, body) OVERRIDING SYSTEM VALUE VALUES (5, 'x')",
        "SELECT setval('audit.entry_id_seq', 1)",
        "ALTER TABLE audit.entry DISABLE TRIGGER ALL",
        "DROP TABLE audit.entry",
        "CREATE TABLE audit.other ()",
        "SELECT * FROM audit.flyway_schema_history"
      })
  void theServersRoleMayNot(String statement) {
    assertThatThrownBy(() -> log.login.useHandle(handle -> handle.execute(statement)))
        .rootCause()
        .message()
        .containsAnyOf("permission denied", "must be owner");
  }

  @Test
  void theSequencerCannotBeMovedPastAnEntry() {
    log.login.useHandle(
        handle -> {
          handle.begin();
          handle.execute("INSERT INTO audit.entry (body) VALUES ('hidden'), ('newest')");
          assertThatThrownBy(
                  () ->
                      handle.execute(
                          "UPDATE audit.sequencer SET highest_entry = (SELECT max(id) FROM"
                              + " audit.entry)"))
              .rootCause()
              .hasMessageContaining("would pass over entry");
          handle.rollback();
        });
  }

  @Test
  void anEntryCannotBeTakenOutOfTheGapsUnseen() {
    log.login.useHandle(
        handle -> {
          handle.begin();
          handle.execute("INSERT INTO audit.entry (body) VALUES ('hidden')");
          long hidden =
              handle.createQuery("SELECT max(id) FROM audit.entry").mapTo(Long.class).one();
          handle.execute(
              "UPDATE audit.sequencer SET highest_entry = ?, young_gaps = ARRAY[?, ?]",
              hidden,
              hidden,
              hidden);
          assertThatThrownBy(() -> handle.execute("UPDATE audit.sequencer SET young_gaps = '{}'"))
              .rootCause()
              .hasMessageContaining("would pass over entry");
          handle.rollback();
        });
  }

  @Test
  void theServersRoleHasTheseRightsAndNoMore() {
    List<String> rights =
        log.superuser.withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        SELECT table_name || ': ' || string_agg(DISTINCT privilege_type, ' '
                            ORDER BY privilege_type)
                        FROM information_schema.column_privileges
                        WHERE grantee = 'countersign_audit' GROUP BY table_name ORDER BY 1
                        """)
                    .mapTo(String.class)
                    .list());
    assertThat(rights)
        .containsExactly(
            "archive: SELECT",
            "checkpoint: INSERT SELECT",
            "cosignature: INSERT SELECT",
            "entry: INSERT SELECT",
            "leaf: INSERT SELECT",
            "search_block: INSERT SELECT",
            "search_term: INSERT SELECT",
            "sequencer: SELECT UPDATE",
            "tile: INSERT SELECT UPDATE",
            "witness_lease: SELECT UPDATE");
  }

  @Test
  void anEntryHasBytesAndNotTooMany() {
    assertRefused(log.login, "INSERT INTO audit.entry (body) VALUES ('')", "entry_body_check");
    assertRefused(
        log.login,
        "INSERT INTO audit.entry (body) VALUES (convert_to(repeat('x', 65536), 'UTF8'))",
        "entry_body_check");
  }

  @Test
  void migratingAgainChangesNothing() {
    TestLog.MIGRATION.run(database.dataSource());
    assertThat(log.names()).hasSize(300);
  }
}
