package dev.countersign.nonce.broadcast;

import static java.util.Comparator.comparing;

import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.Lane;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.database.SqlRows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/// The table `nonce.transaction` as a queue of what is to be sent.
final class SendQueue {
  private SendQueue() {}

  /// What is claimed together.
  enum Load {
    /// What is sent as it is signed, or by the private relay; in the order of lane and nonce.
    BARE("chain, address, nonce"),
    /// What is sent to nodes with blobs around it. What has been due for longest comes first: it is
    /// claimed by the piece, and what no node takes must not come before all else again and again.
    BLOBS("due_at, nonce");

    private final String order;

    Load(String order) {
      this.order = order;
    }
  }

  /// Takes what is due on these chains, and skips what another instance is just taking. It says
  /// that it knows relays and blobs: the database gives what is hidden, and what has to do with
  /// blobs, to nobody else. What has blobs waits until all before it that has none is mined, and
  /// the other way round: nodes keep either of an account, and would keep the later one.
  ///
  /// @param until when it comes due again, should nothing be recorded for it
  static List<DueTransaction> claim(
      Handle handle, Set<ChainId> chains, Load load, Instant now, Instant until, int limit) {
    return SqlRows.of(chains)
        .text("chains", ChainId::caip2)
        .bindTo(
            handle.createQuery(
                """
                WITH able AS MATERIALIZED (
                  SELECT set_config('countersign.sends', 'relays blobs', true) AS sends
                ), due AS (
                  SELECT chain, address, nonce FROM nonce.transaction d
                  WHERE state IN ('SIGNED', 'BROADCAST') AND due_at <= :now
                    AND chain = ANY (:chains)
                    AND (has_blobs AND NOT (private AND public_at IS NULL)) = :blobs
                    AND CASE WHEN has_blobs
                      THEN NOT EXISTS (
                        SELECT FROM nonce.transaction e
                        WHERE (e.chain, e.address) = (d.chain, d.address) AND e.nonce < d.nonce
                          AND e.state IN ('OWNED', 'SIGNED', 'BROADCAST') AND NOT e.has_blobs)
                      ELSE NOT EXISTS (
                        SELECT FROM nonce.transaction e
                        WHERE (e.chain, e.address) = (d.chain, d.address) AND e.nonce < d.nonce
                          AND e.state IN ('OWNED', 'SIGNED', 'BROADCAST') AND e.has_blobs)
                      END
                  ORDER BY %s LIMIT :limit FOR UPDATE OF d SKIP LOCKED
                ), claimed AS (
                  UPDATE nonce.transaction t SET due_at = :until FROM due d
                  WHERE (t.chain, t.address, t.nonce) = (d.chain, d.address, d.nonce)
                    AND (SELECT sends FROM able) IS NOT NULL
                  RETURNING t.request_id, t.chain, t.address, t.nonce, t.signed, t.hash,
                    t.attempts, t.newest,
                    t.state = 'BROADCAST' AS taken,
                    t.private AND t.public_at IS NULL AS hidden, t.public_after, t.private_since
                )
                SELECT c.request_id, c.chain, c.address, c.nonce, coalesce(r.signed, c.signed) AS signed,
                  coalesce(r.hash, c.hash) AS hash, c.attempts, c.newest, c.taken,
                  c.hidden, c.public_after, c.private_since
                FROM claimed c
                LEFT JOIN nonce.replacement r
                  ON (r.chain, r.address, r.nonce, r.ordinal)
                    = (c.chain, c.address, c.nonce, c.newest)
                """
                    .formatted(load.order)))
        .bind("blobs", load == Load.BLOBS)
        .bind("now", now)
        .bind("until", until)
        .bind("limit", limit)
        .map((row, context) -> due(row))
        .stream()
        .sorted(comparing(DueTransaction::lane).thenComparing(DueTransaction::nonce))
        .toList();
  }

  /// What came of one send.
  ///
  /// @param dueAt when it is sent again
  /// @param error why it was not taken, or empty
  /// @param refusedAs the kind of a refusal; nothing when no node refused it
  record Sent(
      DueTransaction transaction,
      boolean accepted,
      Instant dueAt,
      String error,
      Optional<ErrorKind> refusedAs) {
    Sent(DueTransaction transaction, boolean accepted, Instant dueAt, String error) {
      this(transaction, accepted, dueAt, error, Optional.empty());
    }
  }

  /// Writes what came of sends. What was replaced while it was sent stays due at once: it is the
  /// replacement that is to be sent, and what a node said of that stands.
  ///
  /// @return the requests whose transaction a node has taken for the first time
  static Set<SigningRequestId> record(Handle handle, List<Sent> sent, Instant now) {
    return SqlRows.of(sent)
        .uuid("request", row -> row.transaction().request().value())
        .bool("accepted", Sent::accepted)
        .timestamptz("due", Sent::dueAt)
        .text("error", Sent::error)
        .bigint("payload", row -> (long) row.transaction().payload())
        .text("refused", row -> row.refusedAs().map(ErrorKind::name).orElse(null))
        .bindTo(
            handle.createQuery(
                """
                WITH able AS MATERIALIZED (
                  SELECT set_config('countersign.sends', 'relays blobs', true) AS sends
                ), sent AS (
                  SELECT * FROM unnest(:request, :accepted, :due, :error, :payload, :refused)
                    AS s (request, accepted, due, error, payload, refused)
                ), locked AS (
                  SELECT t.request_id, t.state FROM nonce.transaction t
                  JOIN sent s ON t.request_id = s.request
                  ORDER BY t.chain, t.address, t.nonce FOR UPDATE OF t
                )
                UPDATE nonce.transaction t
                SET state = CASE WHEN s.accepted THEN 'BROADCAST' ELSE t.state END,
                  broadcast_at =
                    coalesce(t.broadcast_at, CASE WHEN s.accepted THEN :now::timestamptz END),
                  attempts =
                    CASE WHEN s.accepted OR t.newest > s.payload THEN 0 ELSE t.attempts + 1 END,
                  last_error =
                    CASE WHEN t.newest = s.payload THEN nullif(s.error, '') ELSE t.last_error END,
                  refused_as = CASE WHEN t.newest = s.payload THEN s.refused ELSE t.refused_as END,
                  due_at = CASE WHEN t.newest = s.payload THEN s.due ELSE least(t.due_at, s.due) END
                FROM sent s JOIN locked l ON l.request_id = s.request
                WHERE t.request_id = s.request AND t.state IN ('SIGNED', 'BROADCAST')
                  AND (SELECT sends FROM able) IS NOT NULL
                RETURNING t.request_id, s.accepted AND l.state = 'SIGNED' AS first
                """))
        .bind("now", now)
        .map((row, context) -> Map.entry(request(row), row.getBoolean("first")))
        .stream()
        .filter(Map.Entry::getValue)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /// Gives back what was claimed and could not be sent at all.
  static void giveBack(Handle handle, List<DueTransaction> claimed, Instant now, String error) {
    SqlRows.of(claimed)
        .uuid("request", row -> row.request().value())
        .bindTo(
            handle.createUpdate(
                """
                WITH locked AS (
                  SELECT request_id FROM nonce.transaction
                  WHERE request_id = ANY (:request) AND state IN ('SIGNED', 'BROADCAST')
                  ORDER BY chain, address, nonce FOR UPDATE
                )
                UPDATE nonce.transaction t SET due_at = :now, last_error = :error
                FROM locked l WHERE t.request_id = l.request_id
                """))
        .bind("now", now)
        .bind("error", error)
        .execute();
  }

  private static DueTransaction due(ResultSet row) throws SQLException {
    return new DueTransaction(
        request(row),
        new Lane(new ChainId(row.getString("chain")), new Address(row.getString("address"))),
        new Nonce(row.getLong("nonce")),
        new SignedTransaction(Bytes.of(row.getBytes("signed"))),
        Digest32.fromHex(row.getString("hash")),
        row.getInt("newest"),
        row.getInt("attempts"),
        row.getBoolean("taken"),
        row.getBoolean("hidden")
            ? Optional.of(
                new DueTransaction.Hidden(
                    number(row, "public_after"), number(row, "private_since")))
            : Optional.empty());
  }

  private static OptionalLong number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
  }

  /// Writes down since which block these are given to the relay, where that is not there yet.
  static void beginHiding(Handle handle, List<DueTransaction> begun, long head) {
    SqlRows.of(begun)
        .uuid("request", row -> row.request().value())
        .bindTo(
            handle.createUpdate(
                """
                WITH locked AS (
                  SELECT request_id FROM nonce.transaction
                  WHERE request_id = ANY (:request) AND private AND private_since IS NULL
                    AND final_at IS NULL
                  ORDER BY chain, address, nonce FOR UPDATE
                )
                UPDATE nonce.transaction t SET private_since = :head
                FROM locked l WHERE t.request_id = l.request_id
                """))
        .bind("head", head)
        .execute();
  }

  /// Has these sent by the nodes from now on.
  ///
  /// @return those for which it was this call that did it
  static Set<SigningRequestId> makePublic(
      Handle handle, List<DueTransaction> hidden, long head, Instant now) {
    return SqlRows.of(hidden)
        .uuid("request", row -> row.request().value())
        .bindTo(
            handle.createQuery(
                """
                WITH locked AS (
                  SELECT request_id FROM nonce.transaction
                  WHERE request_id = ANY (:request) AND private AND public_at IS NULL
                    AND private_since + public_after <= :head
                    AND state IN ('SIGNED', 'BROADCAST')
                  ORDER BY chain, address, nonce FOR UPDATE
                )
                UPDATE nonce.transaction t SET public_at = :head, due_at = :now
                FROM locked l WHERE t.request_id = l.request_id
                RETURNING t.request_id
                """))
        .bind("head", head)
        .bind("now", now)
        .map((row, context) -> request(row))
        .set();
  }

  private static SigningRequestId request(ResultSet row) throws SQLException {
    return new SigningRequestId(row.getObject("request_id", UUID.class));
  }
}
