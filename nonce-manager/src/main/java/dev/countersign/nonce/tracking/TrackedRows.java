package dev.countersign.nonce.tracking;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.Lane;
import dev.countersign.core.replacement.PayloadPurpose;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.database.SqlRows;
import dev.countersign.nonce.node.Receipt;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The tables `nonce.transaction` and `nonce.replacement`, as far as tracking goes.
final class TrackedRows {
  private TrackedRows() {}

  /// The accounts that have signed transactions which have not ended.
  static List<Address> accounts(Handle handle, ChainId chain) {
    return handle
        .createQuery(
            """
            SELECT DISTINCT address FROM nonce.transaction
            WHERE chain = :chain AND state IN ('SIGNED', 'BROADCAST', 'MINED')
            """)
        .bind("chain", chain.caip2())
        .map((row, context) -> new Address(row.getString("address")))
        .list();
  }

  /// Those about which there may be news: not seen mined though their nonce is; seen mined though
  /// their nonce is not; seen mined in a block that is deep enough by now. All payloads of a nonce
  /// one after the other, since any of them may be the one that is mined.
  ///
  /// @param counts how many transactions of each account the chain has mined
  /// @param deep the number of the newest block that is deep enough
  static List<Tracked> withNews(
      Handle handle, ChainId chain, Map<Address, Long> counts, long deep) {
    return SqlRows.of(counts.entrySet())
        .text("address", count -> count.getKey().hex())
        .bigint("count", Map.Entry::getValue)
        .bindTo(
            handle.createQuery(
                """
                SELECT t.request_id, t.chain, t.address, t.nonce, p.ordinal, p.purpose, p.hash,
                  t.state = 'MINED' AND t.mined = p.ordinal AS mined
                FROM nonce.transaction t
                CROSS JOIN LATERAL (
                  SELECT 0 AS ordinal, 'ORIGINAL' AS purpose, t.hash
                  UNION ALL
                  SELECT r.ordinal, r.purpose, r.hash FROM nonce.replacement r
                  WHERE (r.chain, r.address, r.nonce) = (t.chain, t.address, t.nonce)
                    AND r.hash IS NOT NULL
                ) p
                JOIN unnest(:address, :count) AS c (address, count) ON t.address = c.address
                WHERE t.chain = :chain AND t.state IN ('SIGNED', 'BROADCAST', 'MINED')
                  AND CASE WHEN t.state = 'MINED'
                    THEN t.nonce >= c.count OR t.block_number <= :deep
                    ELSE t.nonce < c.count END
                ORDER BY t.address, t.nonce, p.ordinal
                """))
        .bind("chain", chain.caip2())
        .bind("deep", deep)
        .map((row, context) -> tracked(row))
        .list();
  }

  /// A transaction and what is to be written for its nonce.
  ///
  /// @param before another payload of the nonce that was seen mined before
  record Judged(Tracked transaction, Verdict verdict, Optional<Tracked> before) {
    /// What is not mined any longer.
    Optional<Tracked> unmined() {
      return verdict instanceof Verdict.Unmined ? Optional.of(transaction) : before;
    }

    private String state() {
      return switch (verdict) {
        case Verdict.Waiting() -> throw new IllegalStateException("nothing to write");
        case Verdict.Unmined() -> "BROADCAST";
        case Verdict.Mined(Receipt receipt) -> "MINED";
        case Verdict.Ended(Receipt receipt) -> receipt.succeeded() ? "CONFIRMED" : "REVERTED";
      };
    }

    /// Where it is mined, as far as this verdict goes.
    private Optional<Receipt> receipt() {
      return switch (verdict) {
        case Verdict.Waiting(), Verdict.Unmined() -> Optional.empty();
        case Verdict.Mined(Receipt receipt) -> Optional.of(receipt);
        case Verdict.Ended(Receipt receipt) -> Optional.of(receipt);
      };
    }

    private @Nullable Long blockNumber() {
      return receipt().isPresent() ? receipt().get().blockNumber() : null;
    }

    private @Nullable String blockHash() {
      return receipt().isPresent() ? receipt().get().blockHash().hex() : null;
    }
  }

  /// What the row was before.
  ///
  /// @param unsent whether the answer to its broadcast was not recorded yet
  /// @param reopened whether it had ended once before, and its request has with it
  record Written(boolean unsent, boolean reopened) {}

  /// Writes verdicts about what has not ended. What was un-mined is due to be sent again at once.
  ///
  /// @return the requests it was written for
  static Map<SigningRequestId, Written> write(Handle handle, List<Judged> judged, Instant now) {
    return SqlRows.of(judged)
        .uuid("request", row -> row.transaction().request().value())
        .text("state", Judged::state)
        .bigint("number", Judged::blockNumber)
        .text("hash", Judged::blockHash)
        .bigint("payload", row -> (long) row.transaction().payload())
        .bindTo(
            handle.createQuery(
                """
                WITH verdict AS (
                  SELECT * FROM unnest(:request, :state, :number, :hash, :payload)
                    AS v (request, state, number, hash, payload)
                ), locked AS (
                  SELECT t.request_id, t.state FROM nonce.transaction t
                  JOIN verdict v ON t.request_id = v.request
                  ORDER BY t.chain, t.address, t.nonce FOR UPDATE OF t
                )
                UPDATE nonce.transaction t
                SET state = v.state,
                  block_number = v.number,
                  block_hash = v.hash,
                  mined = CASE v.state WHEN 'BROADCAST' THEN 0 ELSE v.payload END,
                  broadcast_at = coalesce(t.broadcast_at, :now),
                  due_at = CASE v.state WHEN 'BROADCAST' THEN :now ELSE t.due_at END,
                  final_at = CASE WHEN v.state IN ('CONFIRMED', 'REVERTED') THEN :now::timestamptz END
                FROM verdict v JOIN locked l ON l.request_id = v.request
                WHERE t.request_id = v.request AND t.state IN ('SIGNED', 'BROADCAST', 'MINED')
                RETURNING t.request_id, l.state = 'SIGNED' AS unsent,
                  t.reopened_at IS NOT NULL AS reopened
                """))
        .bind("now", now)
        .map(
            (row, context) ->
                Map.entry(
                    request(row),
                    new Written(row.getBoolean("unsent"), row.getBoolean("reopened"))))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /// The bytes of a payload.
  static Bytes signed(Handle handle, Tracked tracked) {
    return handle
        .createQuery(
            """
            SELECT coalesce(r.signed, t.signed) FROM nonce.transaction t
            LEFT JOIN nonce.replacement r ON r.request_id = t.request_id AND r.ordinal = :payload
            WHERE t.request_id = :request
            """)
        .bind("request", tracked.request().value())
        .bind("payload", tracked.payload())
        .mapTo(byte[].class)
        .map(Bytes::of)
        .one();
  }

  private static Tracked tracked(ResultSet row) throws SQLException {
    return new Tracked(
        request(row),
        new Lane(new ChainId(row.getString("chain")), new Address(row.getString("address"))),
        new Nonce(row.getLong("nonce")),
        row.getInt("ordinal"),
        PayloadPurpose.valueOf(row.getString("purpose")),
        Digest32.fromHex(row.getString("hash")),
        row.getBoolean("mined"));
  }

  private static SigningRequestId request(ResultSet row) throws SQLException {
    return new SigningRequestId(row.getObject("request_id", UUID.class));
  }
}
