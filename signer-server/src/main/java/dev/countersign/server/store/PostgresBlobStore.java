package dev.countersign.server.store;

import dev.countersign.core.evm.BlobSidecar;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.port.BlobStore;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.NewRequest;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.database.SqlRows;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// The table `signer.request_blobs`: written with the request, removed by the database itself when
/// the request is over.
public final class PostgresBlobStore implements BlobStore {
  private final UnitOfWork unitOfWork;

  public PostgresBlobStore(UnitOfWork unitOfWork) {
    this.unitOfWork = unitOfWork;
  }

  @Override
  public Optional<BlobSidecar> find(SigningRequestId request) {
    return unitOfWork
        .inTransaction(
            transaction ->
                transaction
                    .unwrap(Handle.class)
                    .createQuery("SELECT sidecar FROM signer.request_blobs WHERE request = :id")
                    .bind("id", request.value())
                    .mapTo(byte[].class)
                    .findOne())
        .map(Bytes::of)
        .map(BlobSidecar::decode);
  }

  /// How many requests of a client have blobs here, those that are not over, besides the one of
  /// that key.
  public int countBesides(IdempotencyKey key) {
    return unitOfWork.inTransaction(
        transaction ->
            transaction
                .unwrap(Handle.class)
                .createQuery(
                    """
                    SELECT count(*) FROM signer.request_blobs b
                    JOIN signer.request r ON r.id = b.request
                    WHERE r.client = :client AND r.request_id <> :key
                    """)
                .bind("client", key.client().value())
                .bind("key", key.requestId())
                .mapTo(Integer.class)
                .one());
  }

  /// Stores those of the requests that were just stored.
  ///
  /// @param stored their ids
  static void insert(Handle handle, Collection<NewRequest> requests, Set<UUID> stored) {
    List<NewRequest> rows =
        requests.stream()
            .filter(one -> one.sidecar().isPresent() && stored.contains(one.id().value()))
            .toList();
    if (rows.isEmpty()) {
      return;
    }
    SqlRows.of(rows)
        .uuid("request", row -> row.id().value())
        .bytea("sidecar", row -> row.sidecar().orElseThrow().encode())
        .bindTo(
            handle.createUpdate(
                """
                INSERT INTO signer.request_blobs (request, sidecar)
                SELECT * FROM unnest(:request, :sidecar)
                """))
        .execute();
  }
}
