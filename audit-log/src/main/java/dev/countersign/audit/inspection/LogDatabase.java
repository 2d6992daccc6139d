package dev.countersign.audit.inspection;

import dev.countersign.audit.checkpoint.LogKeys;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.checkpoint.WitnessPolicy;
import dev.countersign.audit.retention.ArchiveOutcome;
import dev.countersign.audit.store.ArchiveUnavailableException;
import dev.countersign.audit.store.EntryBodies;
import dev.countersign.audit.store.LogArchiving;
import dev.countersign.audit.store.StoredLogVerifier;
import dev.countersign.audit.verify.EntryVisitor;
import dev.countersign.audit.verify.VerificationProgress;
import dev.countersign.audit.verify.VerificationResult;
import dev.countersign.core.port.StoreUnavailableException;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.database.JdbiUnitOfWork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;
import org.jdbi.v3.core.Jdbi;

/// One connection to the tables of a log. For one thread.
public final class LogDatabase implements AutoCloseable {
  private final String url;
  private final Connection connection;

  private LogDatabase(String url, Connection connection) {
    this.url = url;
    this.connection = connection;
  }

  /// A connection that reads, and changes nothing.
  ///
  /// @param url `jdbc:postgresql://...`, without a password: messages repeat it
  /// @param login of PostgreSQL's driver, such as `user` and `password`; what the URL says where it
  ///     says nothing
  /// @throws UncheckedIOException when the database does not let it in, or is not there
  public static LogDatabase toRead(String url, Properties login) {
    return connect(url, login, true);
  }

  /// A connection of the schema's owner, for [#archive].
  ///
  /// @param login of the owner, as for [#toRead]
  /// @throws UncheckedIOException when the database does not let it in, or is not there
  public static LogDatabase toArchive(String url, Properties login) {
    return connect(url, login, false);
  }

  private static LogDatabase connect(String url, Properties login, boolean readOnly) {
    Properties properties = new Properties();
    properties.putAll(login);
    properties.setProperty("readOnly", Boolean.toString(readOnly));
    try {
      return new LogDatabase(url, DriverManager.getConnection(url, properties));
    } catch (SQLException e) {
      throw unavailable(url, e);
    }
  }

  /// All of it: what the files of an export would show, and what only the tables do.
  ///
  /// @param archive where entries are that have left the tables
  /// @param known checkpoints of this log from before
  /// @param visitor is shown every entry on the way
  /// @throws UncheckedIOException when the database goes away, has no log that the login may read,
  /// or the archive is none
  public VerificationResult verify(
      LogKeys keys,
      WitnessPolicy policy,
      Optional<Path> archive,
      Collection<SignedCheckpoint> known,
      VerificationProgress progress,
      EntryVisitor visitor) {
    return available(
        () ->
            new StoredLogVerifier(unitOfWork(), keys, policy, new EntryBodies(archive))
                .verify(known, progress, visitor));
  }

  /// Lets the months that have ended before a day leave the tables, once `directory` has them and
  /// verifies.
  ///
  /// @throws UncheckedIOException when the database goes away, has no log that the login may
  /// change, or the directory cannot be used
  public ArchiveOutcome archive(
      LogKeys keys,
      Path directory,
      LocalDate before,
      InstantSource clock,
      VerificationProgress progress) {
    return available(
        () -> new LogArchiving(unitOfWork(), keys, clock).archive(directory, before, progress));
  }

  private UnitOfWork unitOfWork() {
    return new JdbiUnitOfWork(Jdbi.create(connection));
  }

  private <T> T available(Supplier<T> question) {
    try {
      return question.get();
    } catch (StoreUnavailableException | ArchiveUnavailableException e) {
      throw unavailable(url, e);
    } catch (RuntimeException e) {
      if (isNoLog(e)) {
        throw new UncheckedIOException(
            "%s has no tables of a log of this version that the login may use: %s"
                .formatted(url, e.getMessage()),
            new IOException(e));
      }
      throw e;
    }
  }

  /// Class 42 of PostgreSQL's error codes: a table, a column or a right that is not there.
  private static boolean isNoLog(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql
          && Optional.ofNullable(sql.getSQLState()).orElse("").startsWith("42")) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw unavailable(url, e);
    }
  }

  private static UncheckedIOException unavailable(String url, Exception e) {
    return new UncheckedIOException(
        "cannot use %s: %s".formatted(url, e.getMessage()), new IOException(e));
  }
}
