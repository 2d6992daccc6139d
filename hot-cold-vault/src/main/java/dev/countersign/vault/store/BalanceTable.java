package dev.countersign.vault.store;

import dev.countersign.core.balance.ChainBlock;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.port.BalanceHistory;
import dev.countersign.core.port.Transaction;
import dev.countersign.database.SqlRows;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/// `vault.balance`.
public final class BalanceTable implements BalanceHistory {
  private static final String COLUMNS =
      """
      b.number, b.wallet, b.chain, b.asset, b.block_number, b.block_hash, b.since_block,
      b.expected, b.amount, b.mined, b.observed_at, b.superseded_at
      """;
  private static final String SLUGS = "wallet";
  private static final String CHAIN = "chain";
  private static final String ASSET = "asset";

  /// Of which wallet and asset.
  public record BalanceKey(WalletId wallet, AssetId asset) {}

  /// Which rows, see [#changes]; nothing given is all.
  ///
  /// @param unexplained only those where something is missing
  /// @param below only those with a smaller number
  public record Filter(
      Optional<WalletId> wallet, Optional<ChainId> chain, boolean unexplained, long below) {}

  public void insert(Transaction transaction, ChainBlock block, List<NewBalance> rows) {
    SqlRows.of(rows)
        .text(SLUGS, row -> row.wallet().value())
        .text(ASSET, row -> row.asset().asset())
        .bigint("since", row -> row.since().orElse(null))
        .numeric("expected", row -> row.expected().orElse(null))
        .numeric("amount", NewBalance::amount)
        .bigint("mined", row -> row.mined().orElse(null))
        .bindTo(
            handle(transaction)
                .createUpdate(
                    """
                    INSERT INTO vault.balance
                      (wallet, chain, asset, block_number, block_hash, since_block, expected, amount,
                        mined)
                    SELECT wallet, :chain, asset, :block, :hash, since, expected, amount, mined
                    FROM unnest(:wallet, :asset, :since, :expected, :amount, :mined)
                      AS row (wallet, asset, since, expected, amount, mined)
                    """))
        .bind(CHAIN, block.chain().caip2())
        .bind("block", block.number())
        .bind("hash", block.hash().hex())
        .execute();
  }

  /// What stands of each that was ever observed.
  public List<ObservedBalance> standing(Transaction transaction, Collection<BalanceKey> keys) {
    return SqlRows.of(keys)
        .text(SLUGS, key -> key.wallet().value())
        .text(CHAIN, key -> key.asset().chain().caip2())
        .text(ASSET, key -> key.asset().asset())
        .bindTo(
            handle(transaction)
                .createQuery(
                    "SELECT "
                        + COLUMNS
                        + """
                        FROM unnest(:wallet, :chain, :asset) AS key (wallet, chain, asset)
                        CROSS JOIN LATERAL (
                          SELECT * FROM vault.balance
                          WHERE wallet = key.wallet AND chain = key.chain AND asset = key.asset
                            AND superseded_at IS NULL
                          ORDER BY number DESC LIMIT 1) AS b
                        ORDER BY b.wallet, b.chain, b.asset DESC
                        """))
        .map(BalanceTable::balance)
        .list();
  }

  /// What was observed, the newest first.
  public List<ObservedBalance> changes(Transaction transaction, Filter filter, int most) {
    return handle(transaction)
        .createQuery(
            "SELECT "
                + COLUMNS
                + """
                FROM vault.balance b
                WHERE b.number < :below
                  AND (:wallet::text IS NULL OR b.wallet = :wallet)
                  AND (:chain::text IS NULL OR b.chain = :chain)
                  AND (NOT :unexplained OR b.amount < b.expected)
                ORDER BY b.number DESC LIMIT :most
                """)
        .bind("below", filter.below())
        .bind(SLUGS, filter.wallet().map(WalletId::value).orElse(null))
        .bind(CHAIN, filter.chain().map(ChainId::caip2).orElse(null))
        .bind("unexplained", filter.unexplained())
        .bind("most", most)
        .map(BalanceTable::balance)
        .list();
  }

  /// The blocks of rows that stand, the newest first.
  public List<ChainBlock> blocks(Transaction transaction, ChainId chain, int most) {
    return handle(transaction)
        .createQuery(
            """
            SELECT block_number, block_hash FROM vault.balance
            WHERE chain = :chain AND superseded_at IS NULL
            GROUP BY block_number, block_hash ORDER BY block_number DESC LIMIT :most
            """)
        .bind(CHAIN, chain.caip2())
        .bind("most", most)
        .map(
            (row, context) ->
                new ChainBlock(
                    chain,
                    row.getLong("block_number"),
                    Digest32.fromHex(row.getString("block_hash"))))
        .list();
  }

  /// @return how many rows stood, and no longer do
  public int supersede(Transaction transaction, ChainBlock block) {
    return handle(transaction)
        .createUpdate(
            """
            UPDATE vault.balance SET superseded_at = clock_timestamp()
            WHERE chain = :chain AND block_number = :number AND block_hash = :hash
              AND superseded_at IS NULL
            """)
        .bind(CHAIN, block.chain().caip2())
        .bind("number", block.number())
        .bind("hash", block.hash().hex())
        .execute();
  }

  /// Takes away what is older than 90 days, but for what no later row had taken the place of within
  /// the longest window of a breaker.
  public int forget(Transaction transaction) {
    return handle(transaction)
        .createUpdate(
            """
            DELETE FROM vault.balance b
            WHERE b.observed_at < now() - interval '90 days'
              AND (b.superseded_at IS NOT NULL OR EXISTS (
                SELECT FROM vault.balance later
                WHERE later.wallet = b.wallet AND later.chain = b.chain AND later.asset = b.asset
                  AND later.number > b.number AND later.superseded_at IS NULL
                  AND later.observed_at < now() - interval '8 days'))
            """)
        .execute();
  }

  @Override
  public Optional<Seen> peak(
      Transaction transaction, WalletId wallet, AssetId asset, Instant since) {
    return handle(transaction)
        .createQuery(
            """
            SELECT amount, block_number FROM (
              (SELECT amount, block_number, number FROM vault.balance
                WHERE wallet = :wallet AND chain = :chain AND asset = :asset
                  AND superseded_at IS NULL AND observed_at <= CAST(:since AS timestamptz)
                ORDER BY number DESC LIMIT 1)
              UNION ALL
              (SELECT amount, block_number, number FROM vault.balance
                WHERE wallet = :wallet AND chain = :chain AND asset = :asset
                  AND superseded_at IS NULL AND observed_at > CAST(:since AS timestamptz))) AS seen
            ORDER BY amount DESC, number DESC LIMIT 1
            """)
        .bind(SLUGS, wallet.value())
        .bind(CHAIN, asset.chain().caip2())
        .bind(ASSET, asset.asset())
        .bind("since", since.toString())
        .map((row, context) -> new Seen(whole(row, "amount"), row.getLong("block_number")))
        .findOne();
  }

  @Override
  public BigInteger unexplained(
      Transaction transaction, WalletId wallet, AssetId asset, Instant since) {
    return handle(transaction)
        .createQuery(
            """
            SELECT coalesce(sum(expected - amount), 0) FROM vault.balance
            WHERE wallet = :wallet AND chain = :chain AND asset = :asset AND superseded_at IS NULL
              AND observed_at > CAST(:since AS timestamptz) AND amount < expected
            """)
        .bind(SLUGS, wallet.value())
        .bind(CHAIN, asset.chain().caip2())
        .bind(ASSET, asset.asset())
        .bind("since", since.toString())
        .mapTo(BigDecimal.class)
        .one()
        .toBigIntegerExact();
  }

  private static ObservedBalance balance(ResultSet row, StatementContext context)
      throws SQLException {
    ChainId chain = new ChainId(row.getString(CHAIN));
    return new ObservedBalance(
        row.getLong("number"),
        new WalletId(row.getString(SLUGS)),
        new AssetId(chain, row.getString(ASSET)),
        new ChainBlock(
            chain, row.getLong("block_number"), Digest32.fromHex(row.getString("block_hash"))),
        Optional.ofNullable(row.getObject("since_block", Long.class)),
        Optional.ofNullable(row.getBigDecimal("expected")).map(BigDecimal::toBigIntegerExact),
        whole(row, "amount"),
        Optional.ofNullable(row.getObject("mined", Long.class)),
        row.getObject("observed_at", OffsetDateTime.class).toInstant(),
        row.getObject("superseded_at") != null);
  }

  private static BigInteger whole(ResultSet row, String column) throws SQLException {
    return row.getBigDecimal(column).toBigIntegerExact();
  }

  private static Handle handle(Transaction transaction) {
    return transaction.unwrap(Handle.class);
  }
}
