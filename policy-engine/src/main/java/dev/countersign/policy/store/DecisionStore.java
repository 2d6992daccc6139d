package dev.countersign.policy.store;

import dev.countersign.core.decision.PermitTerms;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.port.PolicyEngine.Admitted;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.database.SqlRows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// What was decided of each request, and whether it was signed since.
public final class DecisionStore {
  private static final String INSERT =
      """
      INSERT INTO policy.decision
        (request, state, policy_version, rule, payload_digest, backend, key, decided_at, explanation)
      SELECT request, state, policy_version, rule, payload_digest, backend, key, now(),
        CAST(explanation AS jsonb)
      FROM unnest(:request, :state, :policy_version, :rule, :payload_digest, :backend, :key,
          :explanation)
        AS decided (request, state, policy_version, rule, payload_digest, backend, key, explanation)
      """;

  private static final String COMMIT =
      """
      UPDATE policy.decision SET state = 'COMMITTED', settled_at = now()
      WHERE request = ANY (:request) AND state = 'RESERVED'
      """;

  private static final String RELEASE =
      """
      UPDATE policy.decision SET state = 'RELEASED', settled_at = now()
      WHERE request = ANY (:request) AND state = 'RESERVED'
      RETURNING request
      """;

  private static final String IN_STATE =
      "SELECT request FROM policy.decision WHERE request = ANY (:request) AND state = :state";

  private static final String RESERVED =
      """
      SELECT decision.request, payload_digest, backend, key, policy_version, hash
      FROM policy.decision JOIN policy.document ON version = policy_version
      WHERE request = ANY (:request) AND state = 'RESERVED'
      FOR SHARE OF decision
      """;

  public void insert(Handle handle, List<StoredDecision> decisions) {
    if (decisions.isEmpty()) {
      return;
    }
    SqlRows.of(decisions)
        .uuid("request", stored -> stored.subject().request().value())
        .text("state", StoredDecision::state)
        .bigint("policy_version", stored -> stored.decision().policy().number())
        .text("rule", stored -> stored.decision().rule())
        .bytea("payload_digest", StoredDecision::digestBytes)
        .text("backend", stored -> stored.wallet().backend().value())
        .text("key", stored -> stored.wallet().key().value())
        .text("explanation", StoredDecision::explanation)
        .bindTo(handle.createUpdate(INSERT))
        .execute();
  }

  /// Counts them for good; those that are committed already stay so.
  ///
  /// @throws IllegalStateException when one was not allowed, or was released: there must not be a
  /// signature then
  public void commit(Handle handle, Collection<SigningRequestId> requests) {
    int committed = requests(requests).bindTo(handle.createUpdate(COMMIT)).execute();
    if (committed < requests.size()) {
      int all = inState(handle, requests, "COMMITTED").size();
      if (all < requests.size()) {
        throw new IllegalStateException(
            "%d of %d requests were signed without being allowed, or after they were released"
                .formatted(requests.size() - all, requests.size()));
      }
    }
  }

  /// Gives up those that are neither committed nor released.
  ///
  /// @return those whose reservations are to be freed
  /// @throws IllegalStateException when one was committed: it may be on its way to the chain
  public List<SigningRequestId> release(Handle handle, Collection<SigningRequestId> requests) {
    List<SigningRequestId> released =
        requests(requests)
            .bindTo(handle.createQuery(RELEASE))
            .mapTo(UUID.class)
            .map(SigningRequestId::new)
            .list();
    if (released.size() < requests.size()) {
      List<SigningRequestId> signed = inState(handle, requests, "COMMITTED");
      if (!signed.isEmpty()) {
        throw new IllegalStateException(
            "request " + signed.getFirst() + " was signed, so its limits stay charged");
      }
    }
    return released;
  }

  /// The terms of those that were allowed for exactly this payload and this key, and that are
  /// neither committed nor released; they stay so until the transaction ends. In order.
  public List<PermitTerms> reserved(Handle handle, List<Admitted> admitted) {
    Map<SigningRequestId, Reserved> stored = new HashMap<>();
    SqlRows.of(admitted)
        .uuid("request", one -> one.request().value())
        .bindTo(handle.createQuery(RESERVED))
        .map((row, context) -> Reserved.of(row))
        .forEach(reserved -> stored.put(reserved.request(), reserved));
    List<PermitTerms> all = new ArrayList<>();
    for (Admitted one : admitted) {
      Reserved reserved = stored.get(one.request());
      if (reserved != null) {
        PermitTerms terms = terms(one, reserved);
        if (reserved.isFor(terms)) {
          all.add(terms);
        }
      }
    }
    return all;
  }

  private static PermitTerms terms(Admitted admitted, Reserved reserved) {
    return new PermitTerms(
        admitted.request(),
        admitted.wallet().backend(),
        admitted.wallet().key(),
        admitted.payload(),
        reserved.policy(),
        List.of());
  }

  private static List<SigningRequestId> inState(
      Handle handle, Collection<SigningRequestId> requests, String state) {
    return requests(requests)
        .bindTo(handle.createQuery(IN_STATE))
        .bind("state", state)
        .mapTo(UUID.class)
        .map(SigningRequestId::new)
        .list();
  }

  private static SqlRows<SigningRequestId> requests(Collection<SigningRequestId> requests) {
    return SqlRows.of(requests).uuid("request", SigningRequestId::value);
  }

  private record Reserved(
      SigningRequestId request,
      Digest32 payloadDigest,
      String backend,
      String key,
      PolicyVersion policy) {
    boolean isFor(PermitTerms terms) {
      return payloadDigest.equals(terms.signingDigest())
          && backend.equals(terms.backend().value())
          && key.equals(terms.key().value());
    }

    static Reserved of(ResultSet row) throws SQLException {
      return new Reserved(
          new SigningRequestId(row.getObject("request", UUID.class)),
          new Digest32(Bytes.of(row.getBytes("payload_digest"))),
          row.getString("backend"),
          row.getString("key"),
          new PolicyVersion(row.getLong("policy_version"), Digest32.of(row.getBytes("hash"))));
    }
  }
}
