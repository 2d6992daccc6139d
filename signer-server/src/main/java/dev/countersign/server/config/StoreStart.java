package dev.countersign.server.config;

import com.zaxxer.hikari.HikariDataSource;
import dev.countersign.database.SchemaMigration;
import dev.countersign.nonce.store.NonceSchema;
import dev.countersign.policy.engine.PostgresPolicyEngine;
import dev.countersign.server.settings.DatabaseSettings;
import dev.countersign.server.settings.Settings;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Waits for the database, and brings its schemas up to date.
final class StoreStart {
  private static final Logger LOG = LoggerFactory.getLogger(StoreStart.class);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration BETWEEN_MESSAGES = Duration.ofSeconds(5);

  /// SQLSTATEs that only a person can mend.
  private static final String AUTHORIZATION = "28";

  private static final String NO_SUCH_DATABASE = "3D000";

  /// Held while the schemas are migrated and granted, by whichever instance is first.
  private static final long MIGRATION_LOCK = 0x636f756e74657273L;

  private static final List<SchemaMigration> MIGRATIONS =
      List.of(
          new SchemaMigration("audit", "dev/countersign/audit/migrations"),
          NonceSchema.MIGRATION,
          PostgresPolicyEngine.MIGRATION,
          new SchemaMigration("signer", "dev/countersign/server/migrations"),
          new SchemaMigration("vault", "dev/countersign/vault/migrations"));

  private final DatabaseSettings database;
  private final HikariDataSource pool;

  StoreStart(Settings settings, HikariDataSource pool) {
    this.database = settings.database();
    this.pool = pool;
  }

  void run() throws InterruptedException {
    if (database.owner().isPresent()) {
      DataSource owner = StoreFactory.owner(database, database.owner().get());
      await(owner);
      migrate(owner);
    }
    await(pool);
  }

  private void migrate(DataSource owner) {
    // A second connection works while this one holds the lock.
    Jdbi.create(owner)
        .useHandle(
            lock -> {
              lock.execute("SELECT pg_advisory_lock(?)", MIGRATION_LOCK);
              for (SchemaMigration migration : MIGRATIONS) {
                migration.run(owner);
                migration.grantTo(owner, database.server().user());
              }
            });
  }

  /// @throws StartException when nothing came of it within the settings' patience, or waiting
  /// cannot help
  private void await(DataSource source) throws InterruptedException {
    long begin = System.nanoTime();
    long nextMessage = begin;
    while (true) {
      try (Connection connection = source.getConnection()) {
        if (connection.isValid(0)) {
          return;
        }
      } catch (SQLException e) {
        long now = System.nanoTime();
        String told = told(e);
        if (isFinal(e) || now - begin > database.patience().toNanos()) {
          throw new StartException(
              "the database %s cannot be used: %s".formatted(database.url(), told), e);
        }
        if (now - nextMessage >= 0) {
          LOG.info("waiting for the database {}: {}", database.url(), told);
          nextMessage = now + BETWEEN_MESSAGES.toNanos();
        }
      }
      Thread.sleep(PAUSE);
    }
  }

  /// The pool wraps what the driver said.
  private static String told(SQLException e) {
    Throwable cause = e.getCause();
    return String.valueOf(cause instanceof SQLException ? cause.getMessage() : e.getMessage());
  }

  private static boolean isFinal(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql
          && sql.getSQLState() != null
          && (sql.getSQLState().startsWith(AUTHORIZATION)
              || sql.getSQLState().equals(NO_SUCH_DATABASE))) {
        return true;
      }
    }
    return false;
  }
}
