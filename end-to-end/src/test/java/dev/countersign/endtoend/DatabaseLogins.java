package dev.countersign.endtoend;

import dev.countersign.testenv.OwnerOnly;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;

/// The two logins of a real deployment: one owns the schemas and migrates them, the other works and
/// owns nothing.
///
/// @param ownerPassword file with the password of [#OWNER]
/// @param serverPassword file with the password of [#SERVER]
record DatabaseLogins(Path ownerPassword, Path serverPassword) {
  static final String OWNER = "countersign_owner";
  static final String SERVER = "countersign_server";

  /// Makes the logins on the database's server, or gives those that are there the passwords in the
  /// files.
  static DatabaseLogins provide(PostgresDatabase database, Path secrets, SecureRandom random)
      throws IOException, SQLException {
    OwnerOnly.directory(secrets);
    var logins =
        new DatabaseLogins(secrets.resolve("owner.password"), secrets.resolve("server.password"));
    try (var connection = database.dataSource().getConnection()) {
      login(connection, OWNER, "CREATEROLE", logins.ownerPassword, random);
      login(connection, SERVER, "NOCREATEROLE", logins.serverPassword, random);
      execute(connection, "ALTER DATABASE \"%s\" OWNER TO %s".formatted(database.name(), OWNER));
    }
    return logins;
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
    // The alphabet of the secret has no quote.
    execute(
        connection,
        "%s ROLE %s LOGIN %s PASSWORD '%s'"
            .formatted(
                exists ? "ALTER" : "CREATE",
                name,
                attribute,
                new String(OwnerOnly.secret(file, random))));
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
