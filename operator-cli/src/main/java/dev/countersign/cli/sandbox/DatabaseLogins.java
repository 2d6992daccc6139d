package dev.countersign.cli.sandbox;

import dev.countersign.cli.CommandException;
import dev.countersign.testenv.OwnerOnly;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;

/// The two logins of a real deployment: one owns the schemas and migrates them, the other works and
/// owns nothing.
final class DatabaseLogins {
  static final String OWNER = "countersign_owner";
  static final String SERVER = "countersign_server";

  private DatabaseLogins() {}

  /// Makes the logins, or gives those that are there the passwords in the files.
  static void provide(PostgresDatabase database, SandboxFolder folder, SecureRandom random)
      throws IOException {
    OwnerOnly.directory(folder.secrets());
    try (var connection = database.dataSource().getConnection()) {
      // It makes the roles of the modules.
      login(connection, OWNER, "CREATEROLE", folder.ownerPassword(), random);
      login(connection, SERVER, "NOCREATEROLE", folder.serverPassword(), random);
      execute(connection, "ALTER DATABASE \"" + database.name() + "\" OWNER TO " + OWNER);
    } catch (SQLException e) {
      throw CommandException.unavailable(
          "cannot make the database logins: " + e.getMessage() + "\n  see logs/postgres.log", e);
    }
  }

  private static void login(
      Connection connection, String name, String attribute, Path file, SecureRandom random)
      throws IOException, SQLException {
    boolean exists;
    try (var query = connection.prepareStatement("SELECT 1 FROM pg_roles WHERE rolname = ?")) {
      query.setString(1, name);
      try (var rows = query.executeQuery()) {
        exists = rows.next();
      }
    }
    // Its alphabet has no quote.
    var password = new String(OwnerOnly.secret(file, random));
    execute(
        connection,
        (exists ? "ALTER" : "CREATE")
            + " ROLE "
            + name
            + " LOGIN "
            + attribute
            + " PASSWORD '"
            + password
            + "'");
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
