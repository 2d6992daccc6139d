package dev.countersign.testenv.postgres;

import dev.countersign.testenv.OwnerOnly;
import dev.countersign.testenv.Progress;
import dev.countersign.testenv.TestEnvironmentException;
import dev.countersign.testenv.ToolCache;
import dev.countersign.testenv.process.LoopbackPort;
import dev.countersign.testenv.process.OwnedProcess;
import dev.countersign.testenv.process.ProcessHome;
import dev.countersign.testenv.process.ProcessSpec;
import dev.countersign.testenv.process.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A PostgreSQL 18 server with a data directory in a [ProcessHome], listening on 127.0.0.1 only,
/// on a port that stays the same over [#stop] and [#start].
///
/// Commits are durable (`fsync` and `synchronous_commit` on). Everybody needs a password
/// (scram-sha-256): other users of the machine can reach the port. Safe for use by several
/// threads.
public final class PostgresServer implements AutoCloseable {
  static final String HOST = "127.0.0.1";
  private static final Duration READY_WITHIN = Duration.ofSeconds(60);

  private final ProcessHome home;
  private final PostgresPrograms programs;
  private final PostgresCluster cluster;
  private final int port;
  private @Nullable OwnedProcess process;

  private PostgresServer(
      ProcessHome home, PostgresPrograms programs, PostgresCluster cluster, int port) {
    this.home = home;
    this.programs = programs;
    this.cluster = cluster;
    this.port = port;
  }

  /// Starts a server on the data in `postgres/` of the home, which is created on first use and
  /// kept.
  ///
  /// @throws TestEnvironmentException when it does not start, with the end of its log
  public static PostgresServer start(ProcessHome home, ToolCache cache, Progress progress) {
    var programs = PostgresPrograms.unpack(cache, progress);
    try {
      var cluster = PostgresCluster.open(directory(home), programs, new SecureRandom(), progress);
      return started(home, programs, cluster);
    } catch (IOException e) {
      throw cannotPrepare(home, e);
    }
  }

  /// Starts a server on a new data directory, copied from a template in the cache; for tests,
  /// which want it fast and throw it away. The superuser's password is the same for all of them.
  public static PostgresServer startForTests(ProcessHome home, ToolCache cache, Progress progress) {
    var programs = PostgresPrograms.unpack(cache, progress);
    try {
      var cluster =
          PostgresCluster.copy(directory(home), programs, cache, new SecureRandom(), progress);
      return started(home, programs, cluster);
    } catch (IOException e) {
      throw cannotPrepare(home, e);
    }
  }

  private static Path directory(ProcessHome home) {
    return home.directory().resolve("postgres");
  }

  private static TestEnvironmentException cannotPrepare(ProcessHome home, IOException e) {
    return new TestEnvironmentException(
        "cannot prepare " + directory(home) + ": " + e.getMessage(), e);
  }

  private static PostgresServer started(
      ProcessHome home, PostgresPrograms programs, PostgresCluster cluster) {
    var server = new PostgresServer(home, programs, cluster, LoopbackPort.free());
    server.start();
    return server;
  }

  /// Starts it again, on the same port and data; does nothing when it runs. Returns when it accepts
  /// connections (after crash recovery, when it was killed).
  public synchronized void start() {
    if (isRunning()) {
      return;
    }
    var arguments = new ArrayList<>(List.of("-D", cluster.data().toString()));
    settings().forEach((name, value) -> arguments.addAll(List.of("-c", name + "=" + value)));
    var started =
        home.launch(
            new ProcessSpec(
                "postgres",
                programs.wrapper(),
                programs.program("postgres"),
                arguments,
                Map.of("LC_ALL", "C"),
                home.directory(),
                Signal.INT,
                Duration.ofSeconds(30)));
    process = started;
    started.awaitReady(READY_WITHIN, () -> saysReady(started));
  }

  private Map<String, String> settings() {
    return Map.of(
        "listen_addresses", HOST,
        "port", Integer.toString(port),
        "unix_socket_directories", "",
        "max_connections", "200",
        "fsync", "on",
        "full_page_writes", "on",
        "synchronous_commit", "on",
        "password_encryption", "scram-sha-256",
        "log_timezone", "UTC",
        "timezone", "UTC");
  }

  // The postmaster writes its pid into the first line of postmaster.pid and its state into the
  // eighth.
  private boolean saysReady(OwnedProcess started) {
    try {
      var lines = Files.readAllLines(cluster.data().resolve("postmaster.pid"));
      return lines.size() >= 8
          && lines.get(0).equals(Long.toString(started.pid()))
          && lines.get(7).strip().equals("ready");
    } catch (IOException e) {
      return false; // Not there yet, or being replaced.
    }
  }

  /// Shuts it down in order (fast shutdown: sessions end, data is flushed).
  public synchronized void stop() {
    if (process != null) {
      process.stop();
    }
  }

  /// Kills it and its sessions with SIGKILL, as a power cut would.
  public synchronized void kill() {
    if (process != null) {
      process.kill();
    }
  }

  /// {@return whether the server process is alive}
  public synchronized boolean isRunning() {
    return process != null && process.isAlive();
  }

  /// Returns the process id of the running server.
  ///
  /// @throws TestEnvironmentException when it does not run
  public synchronized long pid() {
    if (process == null || !process.isAlive()) {
      throw new TestEnvironmentException("PostgreSQL is stopped; call start() first");
    }
    return process.pid();
  }

  /// {@return the TCP port on 127.0.0.1}
  public int port() {
    return port;
  }

  /// {@return the superuser's name}
  public String user() {
    return PostgresCluster.SUPERUSER;
  }

  /// {@return the file with the superuser's password, readable by its owner alone, no line end}
  public Path passwordFile() {
    return cluster.passwordFile();
  }

  String password() {
    try {
      return new String(OwnerOnly.read(passwordFile()));
    } catch (IOException e) {
      throw new TestEnvironmentException(
          "cannot read " + passwordFile() + ": " + e.getMessage(), e);
    }
  }

  /// Creates an empty database.
  ///
  /// @param name lower-case letters, digits and underscores, at most 63
  /// @throws TestEnvironmentException when it exists
  public PostgresDatabase createDatabase(String name) {
    var database = database(name);
    execute("CREATE DATABASE \"" + name + "\"");
    return database;
  }

  /// Returns a database that exists already, or the address of one that will.
  ///
  /// @param name lower-case letters, digits and underscores, at most 63
  public PostgresDatabase database(String name) {
    if (!name.matches("[a-z_][a-z0-9_]{0,62}")) {
      throw new IllegalArgumentException(
          "database name '" + name + "': expected lower-case letters, digits and underscores");
    }
    return new PostgresDatabase(this, name);
  }

  /// {@return whether there is a database of this name}
  public boolean hasDatabase(String name) {
    try (var connection = database("postgres").dataSource().getConnection();
        var query = connection.prepareStatement("SELECT 1 FROM pg_database WHERE datname = ?")) {
      query.setString(1, name);
      try (var rows = query.executeQuery()) {
        return rows.next();
      }
    } catch (SQLException e) {
      throw new TestEnvironmentException("cannot list databases: " + e.getMessage(), e);
    }
  }

  void execute(String statement) {
    try (var connection = database("postgres").dataSource().getConnection();
        var sql = connection.createStatement()) {
      sql.execute(statement);
    } catch (SQLException e) {
      throw new TestEnvironmentException(statement + " failed: " + e.getMessage(), e);
    }
  }

  /// The same as [#stop].
  @Override
  public void close() {
    stop();
  }
}
