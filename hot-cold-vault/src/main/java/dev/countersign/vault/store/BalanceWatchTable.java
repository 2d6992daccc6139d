package dev.countersign.vault.store;

import dev.countersign.core.balance.ChainBlock;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.port.Transaction;
import dev.countersign.database.SqlRows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// `vault.balance_watch`.
public final class BalanceWatchTable {
  private static final String CHAIN = "chain";
  private static final String HOLDER = "holder";

  /// The last block that balances were read at, and when by the database's clock.
  ///
  /// @param assets that were read there
  public record Last(ChainBlock block, Set<AssetId> assets, Instant at) {
    public Last {
      assets = Set.copyOf(assets);
    }
  }

  /// Of each chain that was ever read.
  public List<Last> all(Transaction transaction) {
    return handle(transaction)
        .createQuery(
            """
            SELECT chain, block_number, block_hash, assets, observed_at FROM vault.balance_watch
            WHERE observed_at IS NOT NULL ORDER BY chain
            """)
        .map((row, context) -> last(row))
        .list();
  }

  public Optional<Last> last(Transaction transaction, ChainId chain) {
    return all(transaction).stream().filter(last -> last.block().chain().equals(chain)).findFirst();
  }

  /// Goes on from `before` to `now`, unless somebody else has the lease meanwhile, or has gone on.
  ///
  /// @return whether it has
  public boolean advance(
      Transaction transaction,
      UUID holder,
      Optional<ChainBlock> before,
      ChainBlock now,
      Collection<AssetId> assets) {
    return SqlRows.of(assets)
            .text("assets", AssetId::asset)
            .bindTo(
                handle(transaction)
                    .createUpdate(
                        """
                        UPDATE vault.balance_watch
                        SET block_number = :number, block_hash = :hash, assets = :assets,
                          observed_at = clock_timestamp()
                        WHERE chain = :chain AND holder = :holder
                          AND block_hash IS NOT DISTINCT FROM :before::text
                        """))
            .bind("number", now.number())
            .bind("hash", now.hash().hex())
            .bind(CHAIN, now.chain().caip2())
            .bind(HOLDER, holder)
            .bind("before", before.map(block -> block.hash().hex()).orElse(null))
            .execute()
        == 1;
  }

  /// Notes that the last block still is the newest one.
  public void touch(Transaction transaction, UUID holder, ChainBlock block) {
    handle(transaction)
        .createUpdate(
            """
            UPDATE vault.balance_watch SET observed_at = clock_timestamp()
            WHERE chain = :chain AND holder = :holder AND block_hash = :hash
            """)
        .bind(CHAIN, block.chain().caip2())
        .bind(HOLDER, holder)
        .bind("hash", block.hash().hex())
        .execute();
  }

  private static Last last(ResultSet row) throws SQLException {
    ChainId chain = new ChainId(row.getString(CHAIN));
    Set<AssetId> assets = new HashSet<>();
    for (String asset : (String[]) row.getArray("assets").getArray()) {
      assets.add(new AssetId(chain, asset));
    }
    return new Last(
        new ChainBlock(
            chain, row.getLong("block_number"), Digest32.fromHex(row.getString("block_hash"))),
        assets,
        row.getObject("observed_at", OffsetDateTime.class).toInstant());
  }

  private static Handle handle(Transaction transaction) {
    return transaction.unwrap(Handle.class);
  }
}
