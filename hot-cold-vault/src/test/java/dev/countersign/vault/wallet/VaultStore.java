package dev.countersign.vault.wallet;

import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.database.JdbiUnitOfWork;
import dev.countersign.database.SchemaMigration;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// The migrated schema, used as the server uses it: by a login that has the module's role and
/// nothing else. Audit entries go to a table of their own, in the transaction they are given.
public final class VaultStore implements AuditTrail {
  private static final SchemaMigration SCHEMA =
      new SchemaMigration("vault", "dev/countersign/vault/migrations");
  private static final String LOGIN = "vault_test_server";

  private final Jdbi owner;
  private final UnitOfWork unitOfWork;
  private final AtomicReference<Predicate<AuditEvent>> refused =
      new AtomicReference<>(event -> false);

  public VaultStore(PostgresDatabase database) {
    owner = Jdbi.create(database.dataSource());
    SCHEMA.run(database.dataSource());
    owner.useHandle(
        handle -> {
          handle.execute(
              "DO $$ BEGIN CREATE ROLE %1$s LOGIN PASSWORD 'test'; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
                  .formatted(LOGIN));
          handle.execute(
              "CREATE TABLE IF NOT EXISTS entry (at timestamptz, actor text, event text)");
          handle.execute("GRANT INSERT ON entry TO " + LOGIN);
        });
    SCHEMA.grantTo(database.dataSource(), LOGIN);
    unitOfWork = new JdbiUnitOfWork(Jdbi.create(database.dataSource(LOGIN, "test")));
  }

  public UnitOfWork unitOfWork() {
    return unitOfWork;
  }

  public Jdbi owner() {
    return owner;
  }

  /// Makes the audit trail fail, and with it the transaction, as if the process had died there.
  void failAt(Predicate<AuditEvent> event) {
    refused.set(event);
  }

  void failNoMore() {
    refused.set(event -> false);
  }

  @Override
  public void append(Transaction transaction, List<AuditRecord> records) {
    for (AuditRecord entry : records) {
      if (refused.get().test(entry.event())) {
        throw new IllegalStateException("the process dies here");
      }
      transaction
          .unwrap(Handle.class)
          .execute(
              "INSERT INTO entry VALUES (?, ?, ?)",
              entry.at(),
              entry.actor().name(),
              entry.event().toString());
    }
  }

  /// The committed entries that mention `text`.
  public List<String> entriesOf(String text) {
    return owner.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT event FROM entry WHERE strpos(event, :text) > 0 ORDER BY event")
                .bind("text", text)
                .mapTo(String.class)
                .list());
  }
}
