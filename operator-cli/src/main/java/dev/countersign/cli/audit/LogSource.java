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
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/// Where the log that is to be verified lies.
sealed interface LogSource {

  /// An export.
  record Folder(Path directory) implements LogSource {}

  /// Served as C2SP tlog-tiles.
  record Address(URI base) implements LogSource {}

  /// The tables themselves.
  record Database(String url, DatabaseLogin login) implements LogSource {}

  /// How to get into a database.
  ///
  /// @param user empty for what the URL says
  record DatabaseLogin(String user, Optional<Path> passwordFile) {
    private Properties properties() {
      var properties = new Properties();
      if (!user.isEmpty()) {
        properties.setProperty("user", user);
      }
      passwordFile.ifPresent(file -> properties.setProperty("password", password(file)));
      return properties;
    }
  }

  /// Nothing when `target` is neither an address nor a folder.
  static Optional<LogSource> of(String target, DatabaseLogin login) {
    if (target.startsWith("jdbc:postgresql:")) {
      return Optional.of(new Database(target, login));
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
      case Database(String url, DatabaseLogin login) -> {
        try (var database = LogDatabase.connect(url, login.properties())) {
          yield database.verify(pinned.keys(), pinned.policy(), known, progress, visitor);
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

  private static String password(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw CommandException.unavailable("cannot read the password in " + file + ": " + e, e);
    }
  }
}
