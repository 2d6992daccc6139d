package dev.countersign.nonce.tracking;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.Lane;
import dev.countersign.core.request.SigningRequestId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/// The table `nonce.transaction`, as far as its ends go that a chain takes back.
final class EndedRows {
  /// The most that are reopened in one transaction.
  private static final int BATCH = 500;

  private EndedRows() {}

  /// The highest nonce of each lane that ended on its chain, where that was lately.
  ///
  /// @param since lanes that have only earlier ends are left out
  static Map<Address, Nonce> highest(Handle handle, ChainId chain, Instant since) {
    return handle
        .createQuery(
            """
            SELECT l.address, t.nonce FROM nonce.lane l
            CROSS JOIN LATERAL (
              SELECT e.nonce, e.final_at FROM nonce.transaction e
              WHERE (e.chain, e.address) = (l.chain, l.address)
                AND e.state IN ('CONFIRMED', 'REVERTED')
              ORDER BY e.nonce DESC LIMIT 1
            ) t
            WHERE l.chain = :chain AND t.final_at > :since
            """)
        .bind("chain", chain.caip2())
        .bind("since", since)
        .map(
            (row, context) ->
                Map.entry(new Address(row.getString("address")), new Nonce(row.getLong("nonce"))))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /// A nonce that is open again.
  ///
  /// @param hash of the payload that was mined
  record Reopened(SigningRequestId request, Nonce nonce, Digest32 hash) {}

  /// Opens nonces again that have ended and are not mined any longer, the lowest first: the payload
  /// that was mined is due at once, and no other is sent.
  ///
  /// @param mined how many transactions of the account the chain has mined
  static List<Reopened> reopen(Handle handle, Lane lane, long mined, Instant since, Instant now) {
    return handle
        .createQuery(
            """
            WITH lost AS (
              SELECT chain, address, nonce, mined FROM nonce.transaction
              WHERE chain = :chain AND address = :address AND nonce >= :mined
                AND state IN ('CONFIRMED', 'REVERTED') AND final_at > :since
              ORDER BY chain, address, nonce LIMIT :limit FOR UPDATE
            )
            UPDATE nonce.transaction t
            SET state = 'BROADCAST', newest = l.mined, mined = 0, block_number = NULL,
              block_hash = NULL, final_at = NULL, due_at = :now, attempts = 0, last_error = NULL,
              refused_as = NULL, reopened_at = :now
            FROM lost l
            WHERE (t.chain, t.address, t.nonce) = (l.chain, l.address, l.nonce)
            RETURNING t.request_id, t.nonce, coalesce(
              (SELECT r.hash FROM nonce.replacement r
               WHERE (r.chain, r.address, r.nonce, r.ordinal)
                 = (t.chain, t.address, t.nonce, l.mined)),
              t.hash) AS hash
            """)
        .bind("chain", lane.chain().caip2())
        .bind("address", lane.address().hex())
        .bind("mined", mined)
        .bind("since", since)
        .bind("now", now)
        .bind("limit", BATCH)
        .map(
            (row, context) ->
                new Reopened(
                    new SigningRequestId(row.getObject("request_id", UUID.class)),
                    new Nonce(row.getLong("nonce")),
                    Digest32.fromHex(row.getString("hash"))))
        .list();
  }
}
