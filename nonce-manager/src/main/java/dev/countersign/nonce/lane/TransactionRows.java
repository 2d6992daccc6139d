package dev.countersign.nonce.lane;

import dev.countersign.core.decision.Route;
import dev.countersign.core.evm.SignedFields;
import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.NonceLedger.Signed;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.database.SqlRows;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The table `nonce.transaction`, as far as owning and signing go.
final class TransactionRows {
  private TransactionRows() {}

  record Owned(Lane lane, Nonce nonce, SigningRequestId request) {}

  /// @param most the most that the transaction may take of its account, in wei
  record Taken(
      Lane lane,
      Nonce nonce,
      SigningRequestId request,
      BigInteger most,
      Route route,
      boolean hasBlobs) {

    boolean isPrivate() {
      return route instanceof Route.Private;
    }

    /// Nothing where it is never made public, or is from the beginning.
    @Nullable Long publicAfter() {
      return route instanceof Route.Private(var _, var blocks) && blocks.isPresent()
          ? Long.valueOf(blocks.getAsInt())
          : null;
    }
  }

  static void insert(Handle handle, List<Taken> taken, Instant now) {
    SqlRows.of(taken)
        .text("chain", row -> row.lane().chain().caip2())
        .text("address", row -> row.lane().address().hex())
        .bigint("nonce", row -> row.nonce().value())
        .uuid("request", row -> row.request().value())
        .numeric("most", Taken::most)
        .bool("private", Taken::isPrivate)
        .bigint("after", Taken::publicAfter)
        .bool("blobs", Taken::hasBlobs)
        .bindTo(
            handle.createUpdate(
                """
                INSERT INTO nonce.transaction
                  (chain, address, nonce, request_id, most_cost, state, owned_at, private,
                   public_after, has_blobs)
                SELECT chain, address, nonce, request, most, 'OWNED', :now, private, public_after,
                       has_blobs
                FROM unnest(:chain, :address, :nonce, :request, :most, :private, :after, :blobs)
                  AS taken (chain, address, nonce, request, most, private, public_after, has_blobs)
                """))
        .bind("now", now)
        .execute();
  }

  /// Writes the bytes of those that own exactly the nonce their bytes carry, unsigned, on the chain
  /// they carry.
  ///
  /// @return the requests it was written for
  static Set<SigningRequestId> sign(Handle handle, List<SignedNonce> signed, Instant now) {
    return new HashSet<>(
        SqlRows.of(signed)
            .uuid("request", row -> row.request().value())
            .text("chain", row -> row.chain().caip2())
            .bigint("nonce", row -> row.nonce().value())
            .bytea("signed", row -> row.transaction().bytes())
            .text("hash", row -> row.transaction().hash().hex())
            .bindTo(
                handle.createQuery(
                    """
                    WITH given AS (
                      SELECT * FROM unnest(:request, :chain, :nonce, :signed, :hash)
                        AS g (request, chain, nonce, signed, hash)
                    ), locked AS (
                      SELECT t.request_id FROM nonce.transaction t
                      JOIN given g ON t.request_id = g.request
                      ORDER BY t.chain, t.address, t.nonce FOR UPDATE OF t
                    )
                    UPDATE nonce.transaction t
                    SET state = 'SIGNED', signed = g.signed, hash = g.hash, signed_at = :now,
                      due_at = :now
                    FROM given g JOIN locked l ON l.request_id = g.request
                    WHERE t.request_id = g.request AND t.state = 'OWNED'
                      AND (t.chain, t.nonce) = (g.chain, g.nonce)
                    RETURNING t.request_id
                    """))
            .bind("now", now)
            .map((row, context) -> request(row))
            .list());
  }

  /// What is signed for the requests, by request.
  static Map<SigningRequestId, SignedTransaction> signed(
      Handle handle, Collection<SigningRequestId> requests) {
    return requests(requests)
        .bindTo(
            handle.createQuery(
                """
                SELECT request_id, signed FROM nonce.transaction
                WHERE request_id = ANY (:request) AND signed IS NOT NULL
                """))
        .map((row, context) -> Map.entry(request(row), Bytes.of(row.getBytes("signed"))))
        .collect(Collectors.toMap(Map.Entry::getKey, row -> new SignedTransaction(row.getValue())));
  }

  static List<Lane> lanesOf(Handle handle, Collection<SigningRequestId> requests) {
    return requests(requests)
        .bindTo(
            handle.createQuery(
                """
                SELECT DISTINCT chain, address FROM nonce.transaction
                WHERE request_id = ANY (:request)
                """))
        .map((row, context) -> lane(row))
        .list();
  }

  /// Removes those that are not signed.
  static List<Owned> deleteUnsigned(Handle handle, Collection<SigningRequestId> requests) {
    return requests(requests)
        .bindTo(
            handle.createQuery(
                """
                DELETE FROM nonce.transaction
                WHERE request_id = ANY (:request) AND state = 'OWNED'
                RETURNING chain, address, nonce, request_id
                """))
        .map((row, context) -> new Owned(lane(row), new Nonce(row.getLong("nonce")), request(row)))
        .list();
  }

  private static SqlRows<SigningRequestId> requests(Collection<SigningRequestId> requests) {
    return SqlRows.of(requests).uuid("request", SigningRequestId::value);
  }

  private static Lane lane(ResultSet row) throws SQLException {
    return new Lane(new ChainId(row.getString("chain")), new Address(row.getString("address")));
  }

  private static SigningRequestId request(ResultSet row) throws SQLException {
    return new SigningRequestId(row.getObject("request_id", UUID.class));
  }

  /// Signed bytes, and the chain and nonce they carry.
  record SignedNonce(
      SigningRequestId request, ChainId chain, Nonce nonce, SignedTransaction transaction) {

    static SignedNonce read(Signed signed) {
      return signed
          .transaction()
          .read()
          .map(SignedFields::transaction)
          .map(
              read ->
                  new SignedNonce(
                      signed.request(), read.chain(), read.nonce(), signed.transaction()))
          .orElseThrow(
              () ->
                  new WrongTransactionException(
                      "request %s: expected a signed transaction, got other bytes"
                          .formatted(signed.request())));
    }
  }
}
