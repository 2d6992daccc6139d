package dev.countersign.vault.store;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.model.PublicKey;
import dev.countersign.core.model.Tier;
import dev.countersign.core.model.VaultId;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.port.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/// `vault.wallet`.
public final class WalletTable {
  private static final String SELECT =
      """
      SELECT w.id, w.vault, v.tier, w.name, w.backend, w.key, w.public_key
      FROM vault.wallet w JOIN vault.vault v ON v.id = w.vault
      """;

  /// Inserts it unless there is a wallet of its id.
  ///
  /// @return whether it was inserted
  public boolean insert(Transaction transaction, Wallet wallet, Instant at) {
    return transaction
            .unwrap(Handle.class)
            .createUpdate(
                """
                INSERT INTO vault.wallet
                  (id, vault, name, backend, key, public_key, address, created_at)
                VALUES (:id, :vault, :name, :backend, :key, :publicKey, :address, :at)
                ON CONFLICT (id) DO NOTHING
                """)
            .bind("id", wallet.id().value())
            .bind("vault", wallet.vault().value())
            .bind("name", wallet.name())
            .bind("backend", wallet.backend().value())
            .bind("key", wallet.key().value())
            .bind("publicKey", wallet.publicKey().uncompressed().toArray())
            .bind("address", wallet.address().hex())
            .bind("at", at)
            .execute()
        == 1;
  }

  public Optional<Wallet> find(Transaction transaction, WalletId id) {
    return transaction
        .unwrap(Handle.class)
        .createQuery(SELECT + "WHERE w.id = :id")
        .bind("id", id.value())
        .map(WalletTable::wallet)
        .findOne();
  }

  /// The one that has the account.
  public Optional<Wallet> find(Transaction transaction, Address address) {
    return transaction
        .unwrap(Handle.class)
        .createQuery(SELECT + "WHERE w.address = :address")
        .bind("address", address.hex())
        .map(WalletTable::wallet)
        .findOne();
  }

  /// All, by id.
  public List<Wallet> list(Transaction transaction) {
    return transaction
        .unwrap(Handle.class)
        .createQuery(SELECT + "ORDER BY w.id")
        .map(WalletTable::wallet)
        .list();
  }

  /// Those of one vault, by id.
  public List<Wallet> list(Transaction transaction, VaultId vault) {
    return transaction
        .unwrap(Handle.class)
        .createQuery(SELECT + "WHERE w.vault = :vault ORDER BY w.id")
        .bind("vault", vault.value())
        .map(WalletTable::wallet)
        .list();
  }

  private static Wallet wallet(ResultSet row, StatementContext context) throws SQLException {
    return new Wallet(
        new WalletId(row.getString("id")),
        new VaultId(row.getString("vault")),
        Tier.valueOf(row.getString("tier")),
        row.getString("name"),
        new BackendName(row.getString("backend")),
        new KeyId(row.getString("key")),
        new PublicKey(Bytes.of(row.getBytes("public_key"))));
  }
}
