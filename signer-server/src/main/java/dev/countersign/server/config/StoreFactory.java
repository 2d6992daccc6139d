package dev.countersign.server.config;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.database.JdbiUnitOfWork;
import dev.countersign.server.metrics.SqlStatements;
import dev.countersign.server.settings.DatabaseSettings;
import dev.countersign.server.settings.DatabaseSettings.Login;
import dev.countersign.server.settings.Settings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Properties;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.postgresql.ds.PGSimpleDataSource;

/// Connections to the database.
@Factory
final class StoreFactory {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /// A caller may wait for a batch that waits for a connection, and then for its own: twice this
  /// has to be less than clients wait for an answer, so that they are told what is wrong.
  private static final Duration POOL_TIMEOUT = Duration.ofSeconds(3);

  /// No statement takes this long; a connection that is silent for longer is dead.
  private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(30);

  /// Making it connects to nothing: the server's start waits for the database.
  @Singleton
  @Bean(preDestroy = "close")
  HikariDataSource pool(Settings settings, MeterRegistry meters) {
    DatabaseSettings database = settings.database();
    HikariConfig config = new HikariConfig();
    config.setPoolName("server");
    config.setJdbcUrl(database.url());
    config.setDataSourceProperties(properties(settings.instance()));
    // Read for each connection, so that a changed password is found without a restart.
    config.setCredentialsProvider(() -> credentials(database.server()));
    config.setMaximumPoolSize(database.connections());
    config.setMinimumIdle(database.connections());
    config.setConnectionTimeout(POOL_TIMEOUT.toMillis());
    config.setInitializationFailTimeout(-1);
    config.setMetricRegistry(meters);
    return new HikariDataSource(config);
  }

  @Singleton
  UnitOfWork unitOfWork(HikariDataSource pool, MeterRegistry meters) {
    return new JdbiUnitOfWork(Jdbi.create(pool).setSqlLogger(new SqlStatements(meters)));
  }

  /// Single connections of the owner of the schemas, for migrations.
  static DataSource owner(DatabaseSettings database, Login owner) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(database.url());
    Credentials credentials = credentials(owner);
    source.setUser(credentials.getUsername());
    source.setPassword(credentials.getPassword());
    source.setConnectTimeout((int) CONNECT_TIMEOUT.toSeconds());
    return source;
  }

  private static Credentials credentials(Login login) {
    // JDBC takes a password as text only.
    try (var password = login.password().read()) {
      return Credentials.of(login.user(), password.use(String::new));
    }
  }

  private static Properties properties(String instance) {
    Properties properties = new Properties();
    properties.setProperty("ApplicationName", "countersign " + instance);
    properties.setProperty("connectTimeout", Long.toString(CONNECT_TIMEOUT.toSeconds()));
    properties.setProperty("socketTimeout", Long.toString(SOCKET_TIMEOUT.toSeconds()));
    properties.setProperty("tcpKeepAlive", "true");
    return properties;
  }
}
