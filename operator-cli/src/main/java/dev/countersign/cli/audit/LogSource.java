package dev.countersign.cli.audit;

import dev.countersign.audit.checkpoint.LogKeys;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.checkpoint.WitnessPolicy;
import dev.countersign.audit.inspection.LogDatabase;
import dev.countersign.audit.verify.DirectoryLogFiles;
import dev.countersign.audit.verify.EntryVisitor;
import dev.countersign.audit.verify.HttpLogFiles;
import dev.countersign.audit.verify.LogFiles;
import dev.countersign.audit.verify.LogVerifier;
import dev.countersign.audit.verify.VerificationProgress;
import dev.countersign.audit.verify.VerificationResult;
import dev.countersign.cli.CommandException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Where the log that is to be verified lies.
sealed interface LogSource {

  /// How the address of a database begins.
  String DATABASE = "jdbc:postgresql:";

  /// An export.
  record Folder(Path directory) implements LogSource {}

  /// Served as C2SP tlog-tiles.
  record Address(URI base) implements LogSource {}

  /// The tables themselves.
  ///
  /// @param archive where entries are that have left the tables
  record Database(String url, DatabaseLogin login, Optional<Path> archive) implements LogSource {}

  /// Nothing when `target` is neither an address nor a folder.
  ///
  /// @param archive for a database, where entries are that have left its tables
  static Optional<LogSource> of(String target, DatabaseLogin login, Optional<Path> archive) {
    if (target.startsWith(DATABASE)) {
      return Optional.of(new Database(address(target), login, archive));
    }
    if (target.startsWith("http://") || target.startsWith("https://")) {
      try {
        return Optional.of(new Address(URI.create(target)));
      } catch (IllegalArgumentException e) {
        throw CommandException.usage(target + " is not an address: " + e.getMessage());
      }
    }
    return Optional.of(Path.of(target)).filter(Files::isDirectory).map(Folder::new);
  }

  /// The address of a database, which is told in messages and kept in shells' histories.
  ///
  /// @throws CommandException when it has a password
  static String address(String url) {
    int query = url.indexOf('?');
    var place = query < 0 ? url : url.substring(0, query);
    var parameters = query < 0 ? "" : url.substring(query + 1);
    boolean hasPassword =
        Stream.of(parameters.split("&", -1))
            .map(parameter -> parameter.split("=", 2)[0].toLowerCase(Locale.ROOT))
            .anyMatch(name -> name.contains("password"));
    if (hasPassword || place.contains("@")) {
      throw CommandException.usage(
          "the address of a database has no password: expected jdbc:postgresql://host:port/name;"
              + " give the password with --password-file, and the login with --user");
    }
    return url;
  }

  /// What is trusted.
  ///
  /// @param policy whose cosignatures the checkpoint needs
  record Pinned(LogKeys keys, WitnessPolicy policy) {}

  /// Verifies all of it.
  ///
  /// @param known checkpoints of the log from before
  /// @param visitor is shown every entry on the way
  default VerificationResult verify(
      Pinned pinned,
      List<SignedCheckpoint> known,
      VerificationProgress progress,
      EntryVisitor visitor) {
    return switch (this) {
      case Folder(Path directory) ->
          files(new DirectoryLogFiles(directory), pinned, known, progress, visitor);
      case Address(URI base) -> {
        try (var files = new HttpLogFiles(base, Duration.ofSeconds(30))) {
          yield files(files, pinned, known, progress, visitor);
        }
      }
      case Database(String url, DatabaseLogin login, Optional<Path> archive) -> {
        try (var database = LogDatabase.toRead(url, login.properties())) {
          yield database.verify(pinned.keys(), pinned.policy(), archive, known, progress, visitor);
        }
      }
    };
  }

  private static VerificationResult files(
      LogFiles files,
      Pinned pinned,
      List<SignedCheckpoint> known,
      VerificationProgress progress,
      EntryVisitor visitor) {
    return new LogVerifier(pinned.keys(), pinned.policy()).verify(files, known, progress, visitor);
  }
}
