package dev.countersign.policy.store;

import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.ApprovalEvidence;
import dev.countersign.core.approval.ApprovalStatement;
import dev.countersign.core.decision.Permit;
import dev.countersign.core.decision.PermitMint;
import dev.countersign.core.decision.PermitTerms;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.port.PolicyEngine.Admitted;
import dev.countersign.core.port.PolicyEngine.Reissue;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.database.SqlRows;
import dev.countersign.policy.document.PolicyDocumentReader;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// What was decided of each request, and whether it was signed since.
public final class DecisionStore {
  private static final String INSERT =
      """
      INSERT INTO policy.decision
        (request, state, policy_version, rule, payload_digest, backend, key, decided_at, explanation,
         seal, approvals)
      SELECT request, state, policy_version, rule, payload_digest, backend, key, now(),
        CAST(explanation AS jsonb), seal, approvals
      FROM unnest(:request, :state, :policy_version, :rule, :payload_digest, :backend, :key,
          :explanation, :seal, :approvals)
        AS decided (request, state, policy_version, rule, payload_digest, backend, key, explanation,
          seal, approvals)
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
      SELECT decision.request, policy_version, hash, rule, seal, approvals
      FROM policy.decision JOIN policy.document ON version = policy_version
      WHERE request = ANY (:request) AND state = 'RESERVED'
      FOR SHARE OF decision
      """;

  private static final String COMMITTED =
      """
      SELECT decision.request, policy_version, hash, rule, seal, approvals
      FROM policy.decision JOIN policy.document ON version = policy_version
      WHERE request = ANY (:request) AND state = 'COMMITTED'
      """;

  private static final String ADMITTED_BY =
      """
      SELECT policy_version, rule, content
      FROM policy.decision JOIN policy.document ON version = policy_version
      WHERE request = :request AND state = 'COMMITTED'
      """;

  private final PermitMint mint;

  public DecisionStore(PermitMint mint) {
    this.mint = mint;
  }

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
        .bytea("seal", stored -> stored.seal(mint))
        .bytea("approvals", StoredDecision::approvals)
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

  /// The permits of those that were allowed and are neither committed nor released; they stay so
  /// until the transaction ends. In order. What the decision's row says is not believed: only its
  /// seal says what was allowed.
  ///
  /// @param statements what approvers were asked about, of those that waited for any
  /// @param approvals all that was said about each
  public Reissue reissue(
      Handle handle,
      List<Admitted> admitted,
      Map<SigningRequestId, ApprovalStatement> statements,
      Map<SigningRequestId, List<Approval>> approvals) {
    return reissue(handle, RESERVED, admitted, statements, approvals);
  }

  /// The permit that a request was signed by, as far as its seal shows that it is genuine: what was
  /// admitted was exactly these bytes.
  public Optional<Permit> committed(
      Handle handle,
      Admitted admitted,
      Map<SigningRequestId, ApprovalStatement> statements,
      Map<SigningRequestId, List<Approval>> approvals) {
    return reissue(handle, COMMITTED, List.of(admitted), statements, approvals).permits().stream()
        .findFirst();
  }

  /// By what a request was admitted that is signed.
  ///
  /// @param document the bytes of the policy
  public record AdmittedBy(long policy, String rule, Bytes document) {
    /// Whether a permit of these terms was given by that rule of that document. Of one from before
    /// the rule was sealed the rule is believed.
    public boolean isOf(PermitTerms terms) {
      return terms
              .policy()
              .equals(new PolicyVersion(policy, PolicyDocumentReader.hash(document.toArray())))
          && terms.rule().map(rule::equals).orElse(true);
    }
  }

  public Optional<AdmittedBy> admittedBy(Handle handle, SigningRequestId request) {
    return handle
        .createQuery(ADMITTED_BY)
        .bind("request", request.value())
        .map(
            (row, context) ->
                new AdmittedBy(
                    row.getLong("policy_version"),
                    row.getString("rule"),
                    Bytes.of(row.getBytes("content"))))
        .findOne();
  }

  private Reissue reissue(
      Handle handle,
      String query,
      List<Admitted> admitted,
      Map<SigningRequestId, ApprovalStatement> statements,
      Map<SigningRequestId, List<Approval>> approvals) {
    Map<SigningRequestId, Reserved> stored = new HashMap<>();
    SqlRows.of(admitted)
        .uuid("request", one -> one.request().value())
        .bindTo(handle.createQuery(query))
        .map((row, context) -> Reserved.of(row))
        .forEach(reserved -> stored.put(reserved.request(), reserved));
    List<Permit> permits = new ArrayList<>();
    Set<SigningRequestId> untrusted = new HashSet<>();
    for (Admitted one : admitted) {
      Reserved reserved = stored.get(one.request());
      if (reserved != null) {
        Optional<ApprovalEvidence> evidence =
            Optional.ofNullable(statements.get(one.request()))
                .filter(_ -> !reserved.approvals().isEmpty())
                .map(
                    statement ->
                        new ApprovalEvidence(
                            statement,
                            reserved.named(approvals.getOrDefault(one.request(), List.of()))));
        PermitTerms terms = terms(one, reserved);
        // Those from before the rule was sealed are known by a seal without it: nobody who has not
        // the key can make one of those from one of these.
        mint.reopen(terms.by(reserved.rule()), reserved.seal(), evidence)
            .or(() -> mint.reopen(terms, reserved.seal(), evidence))
            .ifPresentOrElse(permits::add, () -> untrusted.add(one.request()));
      }
    }
    return new Reissue(permits, untrusted);
  }

  private static PermitTerms terms(Admitted admitted, Reserved reserved) {
    return new PermitTerms(
        admitted.request(),
        admitted.wallet().backend(),
        admitted.wallet().key(),
        admitted.payload(),
        reserved.policy(),
        reserved.approvals());
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
      PolicyVersion policy,
      String rule,
      Bytes seal,
      List<Digest32> approvals) {
    /// Those that the permit names, in its order.
    List<Approval> named(List<Approval> all) {
      Map<Digest32, Approval> byDigest = new HashMap<>();
      all.forEach(approval -> byDigest.put(approval.digest(), approval));
      return approvals.stream().map(byDigest::get).filter(Objects::nonNull).toList();
    }

    static Reserved of(ResultSet row) throws SQLException {
      return new Reserved(
          new SigningRequestId(row.getObject("request", UUID.class)),
          new PolicyVersion(row.getLong("policy_version"), Digest32.of(row.getBytes("hash"))),
          row.getString("rule"),
          Bytes.of(row.getBytes("seal")),
          StoredDecision.approvals(Bytes.of(row.getBytes("approvals"))));
    }
  }
}
