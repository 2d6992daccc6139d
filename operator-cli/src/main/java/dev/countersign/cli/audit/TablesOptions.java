package dev.countersign.cli.audit;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options of reading a log from its tables.
final class TablesOptions {
  @Mixin private LoginOptions login = new LoginOptions();

  @Option(
      names = "--archive",
      paramLabel = "DIR",
      description = {
        "For jdbc:postgresql:..., the folder that countersign audit archive wrote to. Without it,"
            + " entries that were archived are not looked at, and the exit code is 3."
      })
  private Optional<Path> archive = Optional.empty();

  /// Where `target` says that a log is; nothing when it is neither an address nor a folder.
  Optional<LogSource> source(String target) {
    return LogSource.of(target, login.login(), archive);
  }
}
