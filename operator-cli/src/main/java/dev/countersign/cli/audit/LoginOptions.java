package dev.countersign.cli.audit;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// The options that get into a database with a log.
final class LoginOptions {
  @Option(
      names = "--user",
      paramLabel = "NAME",
      defaultValue = "",
      description = {
        "The login for jdbc:postgresql:..., which needs to read and no more; to archive, the one"
            + " that owns the schema of the log, and never the server's."
      })
  private String user = "";

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "A file with the password of that login.")
  private Optional<Path> passwordFile = Optional.empty();

  DatabaseLogin login() {
    return new DatabaseLogin(user, passwordFile);
  }
}
