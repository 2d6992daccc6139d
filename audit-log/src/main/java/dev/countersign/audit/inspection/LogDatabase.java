package dev.countersign.audit.inspection;

import dev.countersign.audit.checkpoint.LogKeys;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.checkpoint.WitnessPolicy;
import dev.countersign.audit.store.StoredLogVerifier;
import dev.countersign.audit.verify.EntryVisitor;
import dev.countersign.audit.verify.VerificationProgress;
import dev.countersign.audit.verify.VerificationResult;
import dev.countersign.core.port.StoreUnavailableException;
import dev.countersign.database.JdbiUnitOfWork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Properties;
import org.jdbi.v3.core.Jdbi;

/// One connection to the tables of a log. It reads, and changes nothing.
public final class LogDatabase implements AutoCloseable {
  private final String url;
  private final Connection connection;

  private LogDatabase(String url, Connection connection) {
    this.url = url;
    this.connection = connection;
  }

  /// @param url `jdbc:postgresql://...`
  /// @param login of PostgreSQL's driver, such as `user` and `password`; what the URL says where it
  ///     says nothing
  /// @throws UncheckedIOException when the database does not let it in, or is not there
  public static LogDatabase connect(String url, Properties login) {
    Properties properties = new Properties();
    properties.putAll(login);
    properties.setProperty("readOnly", "true");
    try {
      return new LogDatabase(url, DriverManager.getConnection(url, properties));
    } catch (SQLException e) {
      throw unavailable(url, e);
    }
  }

  /// All of it: what the files of an export would show, and what only the tables do.
  ///
  /// @param known checkpoints of this log from before
  /// @param visitor is shown every entry on the way
  /// @throws UncheckedIOException when the database goes away
  public VerificationResult verify(
      LogKeys keys,
      WitnessPolicy policy,
      Collection<SignedCheckpoint> known,
      VerificationProgress progress,
      EntryVisitor visitor) {
    try {
      return new StoredLogVerifier(new JdbiUnitOfWork(Jdbi.create(connection)), keys, policy)
          .verify(known, progress, visitor);
    } catch (StoreUnavailableException e) {
      throw unavailable(url, e);
    }
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
        "cannot read %s: %s".formatted(url, e.getMessage()), new IOException(e));
  }
}
