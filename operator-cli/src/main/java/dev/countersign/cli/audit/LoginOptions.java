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
      description = "The login for jdbc:postgresql:..., which needs to read and no more.")
  private String user = "";

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "A file with the password of that login.")
  private Optional<Path> passwordFile = Optional.empty();

  LogSource.DatabaseLogin login() {
    return new LogSource.DatabaseLogin(user, passwordFile);
  }
}
