package dev.countersign.server.settings;

import java.time.Duration;
import java.util.Optional;

/// @param url the database's JDBC address, without credentials
/// @param server the login that the server works with; it owns nothing
/// @param owner the login that owns the schemas and migrates them at start; without it, somebody
/// else has migrated them
/// @param connections how many connections the server holds at most
/// @param patience how long a start waits for the database
public record DatabaseSettings(
    String url, Login server, Optional<Login> owner, int connections, Duration patience) {

  public record Login(String user, SecretFile password) {}

  static DatabaseSettings read(Section section) {
    DatabaseSettings settings =
        new DatabaseSettings(
            section.text("url"),
            login(section),
            section.has("owner") ? Optional.of(owner(section.section("owner"))) : Optional.empty(),
            section.integer("connections", 16, 4, 500),
            section.duration("patience", "1min"));
    if (!settings.url.startsWith("jdbc:postgresql:")) {
      throw section.wrong("url", "expected jdbc:postgresql://host:port/database");
    }
    section.end();
    return settings;
  }

  private static Login owner(Section section) {
    Login login = login(section);
    section.end();
    return login;
  }

  private static Login login(Section section) {
    return new Login(section.text("user"), new SecretFile(section.path("passwordFile")));
  }
}
