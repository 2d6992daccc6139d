package dev.countersign.cli.audit;

import dev.countersign.cli.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/// How to get into a database.
///
/// @param user empty for what the URL says
record DatabaseLogin(String user, Optional<Path> passwordFile) {

  /// As PostgreSQL's driver takes it.
  Properties properties() {
    var properties = new Properties();
    if (!user.isEmpty()) {
      properties.setProperty("user", user);
    }
    passwordFile.ifPresent(file -> properties.setProperty("password", password(file)));
    return properties;
  }

  private static String password(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw CommandException.unavailable("cannot read the password in " + file + ": " + e, e);
    }
  }
}
