package dev.countersign.bench;

import dev.countersign.cli.connection.SandboxDescription;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;

/// What the database of a sandbox was asked so far.
///
/// @param commits all of the database's
/// @param statements those of the server, by its own count
record DatabaseCounters(long commits, double statements) {
  private static final String STATEMENTS = "countersign_sql_statements_total ";

  static DatabaseCounters read(SandboxDescription sandbox)
      throws IOException, SQLException, InterruptedException {
    return new DatabaseCounters(commits(sandbox), statements(sandbox));
  }

  static long commits(SandboxDescription sandbox) throws SQLException, IOException {
    SandboxDescription.Postgres postgres = Objects.requireNonNull(sandbox.postgres());
    String password = Files.readString(Path.of(postgres.passwordFile())).strip();
    try (Connection connection =
            DriverManager.getConnection(postgres.url(), postgres.user(), password);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()")) {
      row.next();
      return row.getLong(1);
    }
  }

  private static double statements(SandboxDescription sandbox)
      throws IOException, InterruptedException {
    URI metrics = URI.create(Objects.requireNonNull(sandbox.metrics()).url());
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofLines())
          .body()
          .filter(line -> line.startsWith(STATEMENTS))
          .mapToDouble(line -> Double.parseDouble(line.substring(STATEMENTS.length())))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no " + STATEMENTS + "at " + metrics));
    }
  }
}
