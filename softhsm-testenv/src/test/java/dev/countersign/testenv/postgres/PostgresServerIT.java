package dev.countersign.testenv.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.testenv.OwnerOnly;
import dev.countersign.testenv.Progress;
import dev.countersign.testenv.TestEnvironmentException;
import dev.countersign.testenv.ToolCache;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.process.ProcessHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@WithTestEnvironment
class PostgresServerIT {
  @TempDir Path home;

  @Test
  void keepsDataPortAndPasswordOverStopsKillsAndOwners() throws Exception {
    String password;
    try (var processes = ProcessHome.open(home, Progress.SILENT);
        var server = PostgresServer.start(processes, ToolCache.ofUser(), Progress.SILENT)) {
      var database = server.createDatabase("ledger");
      password = database.password();
      assertThat(password).matches("[a-z2-9]{32}");
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(server.passwordFile())))
          .isEqualTo("rw-------");
      run(database, "CREATE TABLE entry (id int)");

      run(database, "INSERT INTO entry VALUES (1)");
      server.stop();
      assertThat(server.isRunning()).isFalse();
      assertThatThrownBy(() -> count(database)).isInstanceOf(SQLException.class);
      server.start();
      assertThat(count(database)).isEqualTo(1);

      run(database, "INSERT INTO entry VALUES (2)");
      server.kill();
      assertThat(server.isRunning()).isFalse();
      server.start();
      assertThat(count(database)).isEqualTo(2);
    }
    try (var processes = ProcessHome.open(home, Progress.SILENT);
        var server = PostgresServer.start(processes, ToolCache.ofUser(), Progress.SILENT)) {
      assertThat(server.hasDatabase("ledger")).isTrue();
      assertThat(server.hasDatabase("other")).isFalse();
      assertThat(server.database("ledger").password()).isEqualTo(password);
      assertThat(count(server.database("ledger"))).isEqualTo(2);
      server.database("ledger").drop();
      assertThat(server.hasDatabase("ledger")).isFalse();
    }
  }

  @Test
  void aServerThatCannotStartShowsItsLog() throws Exception {
    try (var processes = ProcessHome.open(home, Progress.SILENT)) {
      var data = OwnerOnly.directory(home.resolve("postgres/data"));
      Files.writeString(data.resolve("PG_VERSION"), "9\n");
      assertThatThrownBy(() -> PostgresServer.start(processes, ToolCache.ofUser(), Progress.SILENT))
          .isInstanceOf(TestEnvironmentException.class)
          .hasMessageContaining("postgres ended by itself")
          .hasMessageContaining("postgresql.conf");
    }
  }

  @Test
  void aDatabaseNameIsNoPlaceForSql(PostgresDatabase existing) {
    var server = existing.server();
    assertThatThrownBy(() -> server.createDatabase("x\"; DROP DATABASE y; --"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> server.createDatabase(existing.name()))
        .isInstanceOf(TestEnvironmentException.class)
        .hasMessageContaining("already exists");
  }

  private static void run(PostgresDatabase database, String sql) throws SQLException {
    try (var connection = database.dataSource().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static int count(PostgresDatabase database) throws SQLException {
    try (var connection = database.dataSource().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT count(*) FROM entry")) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
