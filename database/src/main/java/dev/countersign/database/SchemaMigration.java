package dev.countersign.database;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.output.MigrateResult;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings one module's schema up to date.
///
/// The schema's name is also that of its role, `countersign_<schema>`: a role without login that
/// the module's migrations grant what the module needs and no more. The server's login is a member
/// of every module's role, and owner of nothing.
///
/// @param schema such as `policy`
/// @param location where the migrations are, such as `dev/countersign/policy/migrations`
public record SchemaMigration(String schema, String location) {
  private static final Logger LOG = LoggerFactory.getLogger(SchemaMigration.class);

  /// Runs what has not run yet, as the owner of the schemas. Safe on several instances at once.
  public void run(DataSource owner) {
    createRole(owner);
    MigrateResult result =
        Flyway.configure(SchemaMigration.class.getClassLoader())
            .dataSource(owner)
            .schemas(schema)
            .locations("classpath:" + location)
            .sqlMigrationPrefix("V")
            .failOnMissingLocations(true)
            .cleanDisabled(true)
            .load()
            .migrate();
    LOG.info("schema {}: {} migrations made", schema, result.migrationsExecuted);
  }

  /// Lets `login` use this module's tables.
  public void grantTo(DataSource owner, String login) {
    Jdbi.create(owner)
        .useHandle(handle -> handle.execute("GRANT " + role() + " TO " + quoted(login)));
  }

  public String role() {
    return "countersign_" + schema;
  }

  /// Roles belong to the whole cluster: another database of it may be creating the same one just
  /// now.
  private void createRole(DataSource owner) {
    Jdbi.create(owner)
        .useHandle(
            handle ->
                handle.execute(
                    """
                    DO $$ BEGIN
                      CREATE ROLE %s NOLOGIN;
                    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
                    END $$
                    """
                        .formatted(role())));
  }

  private static String quoted(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }
}
