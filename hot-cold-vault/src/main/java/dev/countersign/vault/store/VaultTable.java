package dev.countersign.vault.store;

import dev.countersign.core.model.Tier;
import dev.countersign.core.model.Vault;
import dev.countersign.core.model.VaultId;
import dev.countersign.core.port.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/// `vault.vault`.
public final class VaultTable {

  /// Inserts it unless there is a vault of its id.
  ///
  /// @return whether it was inserted
  public boolean insert(Transaction transaction, Vault vault, Instant at) {
    return transaction
            .unwrap(Handle.class)
            .createUpdate(
                """
                INSERT INTO vault.vault (id, tier, name, created_at)
                VALUES (:id, :tier, :name, :at)
                ON CONFLICT (id) DO NOTHING
                """)
            .bind("id", vault.id().value())
            .bind("tier", vault.tier().name())
            .bind("name", vault.name())
            .bind("at", at)
            .execute()
        == 1;
  }

  public Optional<Vault> find(Transaction transaction, VaultId id) {
    return transaction
        .unwrap(Handle.class)
        .createQuery("SELECT id, tier, name FROM vault.vault WHERE id = :id")
        .bind("id", id.value())
        .map(VaultTable::vault)
        .findOne();
  }

  /// All, by id.
  public List<Vault> list(Transaction transaction) {
    return transaction
        .unwrap(Handle.class)
        .createQuery("SELECT id, tier, name FROM vault.vault ORDER BY id")
        .map(VaultTable::vault)
        .list();
  }

  private static Vault vault(ResultSet row, StatementContext context) throws SQLException {
    return new Vault(
        new VaultId(row.getString("id")),
        Tier.valueOf(row.getString("tier")),
        row.getString("name"));
  }
}
