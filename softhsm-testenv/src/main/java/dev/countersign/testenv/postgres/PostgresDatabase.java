package dev.countersign.testenv.postgres;

import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/// One database and how to connect to it as superuser.
public final class PostgresDatabase {
  private final PostgresServer server;
  private final String name;

  PostgresDatabase(PostgresServer server, String name) {
    this.server = server;
    this.name = name;
  }

  /// {@return the server it is on, to stop and start it}
  public PostgresServer server() {
    return server;
  }

  /// {@return its name}
  public String name() {
    return name;
  }

  /// {@return the address for JDBC, without credentials}
  public String jdbcUrl() {
    return "jdbc:postgresql://" + PostgresServer.HOST + ":" + server.port() + "/" + name;
  }

  /// {@return the superuser's name}
  public String user() {
    return server.user();
  }

  /// {@return the superuser's password; the text is what JDBC wants}
  public String password() {
    return server.password();
  }

  /// {@return connections as superuser, each a new one (no pool)}
  public DataSource dataSource() {
    return dataSource(user(), password());
  }

  /// {@return connections as this role, each a new one (no pool)}
  public DataSource dataSource(String role, String password) {
    var source = new PGSimpleDataSource();
    source.setUrl(jdbcUrl());
    source.setUser(role);
    source.setPassword(password);
    return source;
  }

  /// Ends its sessions and drops it.
  public void drop() {
    server.execute("DROP DATABASE IF EXISTS \"" + name + "\" WITH (FORCE)");
  }
}
