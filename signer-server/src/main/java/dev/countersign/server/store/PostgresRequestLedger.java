package dev.countersign.server.store;

import dev.countersign.core.model.ClientId;
import dev.countersign.core.port.RequestHistory;
import dev.countersign.core.port.RequestLedger;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.NewRequest;
import dev.countersign.core.request.RequestMove;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequest;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.database.SqlRows;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Requests in schema `signer`. Every call is one statement for the whole list; the database writes
/// the history itself, and refuses a move that is not legal whoever makes it.
public final class PostgresRequestLedger implements RequestLedger, RequestHistory {
  private final UnitOfWork unitOfWork;
  private final MoveListener listener;

  /// Hears of moves this instance made, once they are durable.
  public interface MoveListener {
    void moved(List<RequestMove> moves);
  }

  public PostgresRequestLedger(UnitOfWork unitOfWork, MoveListener listener) {
    this.unitOfWork = unitOfWork;
    this.listener = listener;
  }

  @Override
  public List<Registration> register(Transaction transaction, List<NewRequest> requests) {
    return new Registering(transaction.unwrap(Handle.class)).register(requests);
  }

  @Override
  public Set<SigningRequestId> move(Transaction transaction, List<RequestMove> moves) {
    if (moves.isEmpty()) {
      return Set.of();
    }
    Set<SigningRequestId> moved = Moving.move(transaction.unwrap(Handle.class), moves);
    List<RequestMove> made = moves.stream().filter(move -> moved.contains(move.request())).toList();
    transaction.afterCommit(() -> listener.moved(made));
    return moved;
  }

  @Override
  public void explain(Transaction transaction, SigningRequestId id, String reason) {
    transaction
        .unwrap(Handle.class)
        .createUpdate(
            """
            UPDATE signer.request SET reason = :reason
            WHERE id = :id AND state::text = ANY (:waiting) AND reason IS DISTINCT FROM :reason
            """)
        .bind("id", id.value())
        .bind("reason", reason)
        .bindArray("waiting", String.class, RequestState.WAITING.stream().map(Enum::name).toList())
        .execute();
  }

  @Override
  public Optional<SigningRequest> find(SigningRequestId id) {
    return unitOfWork.inTransaction(
        transaction -> findAll(transaction, Set.of(id)).stream().findFirst());
  }

  @Override
  public List<SigningRequest> findAll(Transaction transaction, Set<SigningRequestId> ids) {
    if (ids.isEmpty()) {
      return List.of();
    }
    return SqlRows.of(ids)
        .uuid("ids", SigningRequestId::value)
        .bindTo(
            transaction
                .unwrap(Handle.class)
                .createQuery(
                    "SELECT %s FROM signer.request WHERE id = ANY(:ids)"
                        .formatted(RequestRow.COLUMNS)))
        .map(RequestRow::read)
        .list();
  }

  @Override
  public List<SigningRequest> lock(
      Transaction transaction, Set<SigningRequestId> ids, Set<RequestState> states) {
    if (ids.isEmpty()) {
      return List.of();
    }
    return SqlRows.of(ids)
        .uuid("ids", SigningRequestId::value)
        .bindTo(
            transaction
                .unwrap(Handle.class)
                .createQuery(
                    """
                    SELECT %s FROM signer.request WHERE id = ANY(:ids)
                    ORDER BY id FOR NO KEY UPDATE
                    """
                        .formatted(RequestRow.COLUMNS)))
        .map(RequestRow::read)
        .filter(request -> states.contains(request.state()))
        .list();
  }

  @Override
  public Optional<SigningRequest> find(IdempotencyKey key) {
    return unitOfWork.inTransaction(
        transaction ->
            transaction
                .unwrap(Handle.class)
                .createQuery(
                    """
                    SELECT %s FROM signer.request
                    WHERE client = :client AND request_id = :requestId
                    """
                        .formatted(RequestRow.COLUMNS))
                .bind("client", key.client().value())
                .bind("requestId", key.requestId())
                .map(RequestRow::read)
                .findOne());
  }

  @Override
  public List<SigningRequest> list(ClientId client, Optional<SigningRequestId> before, int limit) {
    return unitOfWork.inTransaction(
        transaction ->
            transaction
                .unwrap(Handle.class)
                .createQuery(
                    """
                    SELECT %s FROM signer.request
                    WHERE client = :client AND id < :before
                    ORDER BY id DESC
                    LIMIT :limit
                    """
                        .formatted(RequestRow.COLUMNS))
                .bind("client", client.value())
                .bind("before", before.map(SigningRequestId::value).orElse(LARGEST_ID))
                .bind("limit", limit)
                .map(RequestRow::read)
                .list());
  }

  @Override
  public List<SigningRequest> page(SigningRequestId after, int limit) {
    return unitOfWork.inTransaction(
        transaction ->
            transaction
                .unwrap(Handle.class)
                .createQuery(
                    "SELECT %s FROM signer.request WHERE id > :after ORDER BY id LIMIT :limit"
                        .formatted(RequestRow.COLUMNS))
                .bind("after", after.value())
                .bind("limit", limit)
                .map(RequestRow::read)
                .list());
  }

  /// Above every UUID of a request: their version is 7.
  private static final UUID LARGEST_ID = new UUID(-1L, -1L);

  @Override
  public List<StateChange> history(SigningRequestId id) {
    return histories(Map.of(id, 0)).stream().map(Revision::change).toList();
  }

  /// One state of one request.
  ///
  /// @param number 1 for its first state, one more for each later one
  public record Revision(SigningRequestId request, int number, StateChange change) {}

  /// The states that each request was in after the revision given for it, by request and oldest
  /// first. One statement for them all.
  public List<Revision> histories(Map<SigningRequestId, Integer> after) {
    if (after.isEmpty()) {
      return List.of();
    }
    return unitOfWork.inTransaction(
        transaction ->
            SqlRows.of(after.entrySet())
                .uuid("ids", entry -> entry.getKey().value())
                .bigint("after", entry -> entry.getValue().longValue())
                .bindTo(
                    transaction
                        .unwrap(Handle.class)
                        .createQuery(
                            """
                            SELECT c.request, c.revision, c.state::text AS state, c.at
                            FROM unnest(:ids, :after) AS seen (request, revision)
                            JOIN signer.state_change c
                              ON c.request = seen.request AND c.revision > seen.revision
                            ORDER BY c.request, c.revision
                            """))
                .map(RequestRow::readRevision)
                .list());
  }

  /// A lease is by the clock of the database, which is one for all instances.
  @Override
  public List<SigningRequest> claim(
      Transaction transaction,
      RequestState state,
      Instant untouchedSince,
      Set<SigningRequestId> except,
      Duration lease,
      int limit) {
    // The state is in the text, so that the planner sees that the index of open requests covers it.
    return SqlRows.of(except)
        .uuid("except", SigningRequestId::value)
        .bindTo(
            transaction
                .unwrap(Handle.class)
                .createQuery(
                    """
                    WITH claimed AS (
                      SELECT id FROM signer.request
                      WHERE state = '%s' AND updated_at <= :untouchedSince
                        AND (leased_until IS NULL OR leased_until <= clock_timestamp())
                        AND id <> ALL (:except)
                      ORDER BY coalesce(leased_until, updated_at)
                      LIMIT :limit
                      FOR NO KEY UPDATE SKIP LOCKED
                    )
                    UPDATE signer.request r
                    SET leased_until = clock_timestamp() + make_interval(secs => :lease)
                    FROM claimed WHERE r.id = claimed.id
                    RETURNING %s
                    """
                        .formatted(state.name(), RequestRow.columnsOf("r"))))
        .bind("untouchedSince", RequestRow.timestamp(untouchedSince))
        .bind("limit", limit)
        .bind("lease", lease.toMillis() / 1_000.0)
        .map(RequestRow::read)
        .list();
  }
}
