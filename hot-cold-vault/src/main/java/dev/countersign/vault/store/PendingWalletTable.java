package dev.countersign.vault.store;

import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.VaultId;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.port.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/// `vault.pending_wallet`.
public final class PendingWalletTable {

  /// A wallet that was asked for and is not there yet.
  public record Row(WalletId id, VaultId vault, String name, BackendName backend) {}

  /// Inserts it unless there is one of its id.
  public void insert(Transaction transaction, Row row, Instant at) {
    transaction
        .unwrap(Handle.class)
        .createUpdate(
            """
            INSERT INTO vault.pending_wallet (id, vault, name, backend, asked_at)
            VALUES (:id, :vault, :name, :backend, :at)
            ON CONFLICT (id) DO NOTHING
            """)
        .bind("id", row.id().value())
        .bind("vault", row.vault().value())
        .bind("name", row.name())
        .bind("backend", row.backend().value())
        .bind("at", at)
        .execute();
  }

  public Optional<Row> find(Transaction transaction, WalletId id) {
    return transaction
        .unwrap(Handle.class)
        .createQuery("SELECT id, vault, name, backend FROM vault.pending_wallet WHERE id = :id")
        .bind("id", id.value())
        .map(PendingWalletTable::row)
        .findOne();
  }

  public void delete(Transaction transaction, WalletId id) {
    transaction
        .unwrap(Handle.class)
        .execute("DELETE FROM vault.pending_wallet WHERE id = ?", id.value());
  }

  private static Row row(ResultSet row, StatementContext context) throws SQLException {
    return new Row(
        new WalletId(row.getString("id")),
        new VaultId(row.getString("vault")),
        row.getString("name"),
        new BackendName(row.getString("backend")));
  }
}
