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
import dev.countersign.core.model.Keccak;
import dev.countersign.core.port.ReplacementPolicy.Permitted;
import dev.countersign.core.port.ReplacementPolicy.Reissued;
import dev.countersign.core.replacement.PayloadPurpose;
import dev.countersign.core.replacement.Replacement;
import dev.countersign.core.replacement.ReplacementId;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// What was allowed to take the place of signed payloads, and whether it was signed since.
public final class ReplacementStore {
  private static final String INSERT =
      """
      INSERT INTO policy.replacement
        (request, ordinal, purpose, state, policy_version, rule, payload_digest, replaces, backend,
         key, decided_at, seal, approvals)
      VALUES (:request, :ordinal, :purpose, 'RESERVED', :policy, :rule, :payload, :replaces,
        :backend, :key, now(), :seal, :approvals)
      """;

  private static final String COMMIT =
      """
      UPDATE policy.replacement SET state = 'COMMITTED', settled_at = now()
      WHERE request = :request AND ordinal = :ordinal AND state = 'RESERVED'
      """;

  private static final String RELEASE =
      """
      UPDATE policy.replacement SET state = 'RELEASED', settled_at = now()
      WHERE request = :request AND ordinal = :ordinal AND state = 'RESERVED'
      """;

  private static final String RESERVED =
      """
      SELECT policy_version, hash, seal, approvals
      FROM policy.replacement JOIN policy.document ON version = policy_version
      WHERE request = :request AND ordinal = :ordinal AND state = 'RESERVED'
      FOR SHARE OF replacement
      """;

  private final PermitMint mint;

  public ReplacementStore(PermitMint mint) {
    this.mint = mint;
  }

  /// @param rule that allows it
  public void insert(
      Handle handle, ReplacementId id, PayloadPurpose purpose, String rule, Permit permit) {
    PermitTerms terms = permit.terms();
    handle
        .createUpdate(INSERT)
        .bind("request", id.request().value())
        .bind("ordinal", id.ordinal())
        .bind("purpose", purpose.name())
        .bind("policy", terms.policy().number())
        .bind("rule", rule)
        .bind("payload", terms.signingDigest().bytes().toArray())
        .bind("replaces", terms.replacement().orElseThrow().replaces().bytes().toArray())
        .bind("backend", terms.backend().value())
        .bind("key", terms.key().value())
        .bind("seal", mint.sealOf(permit).toArray())
        .bind("approvals", digests(terms.approvals()))
        .execute();
  }

  private static byte[] digests(List<Digest32> approvals) {
    ByteBuffer all = ByteBuffer.allocate(approvals.size() * Digest32.SIZE);
    approvals.forEach(digest -> all.put(digest.bytes().toArray()));
    return all.array();
  }

  /// @throws IllegalStateException when it was not allowed, or was given up: there must not be a
  /// signature then
  public void commit(Handle handle, ReplacementId id) {
    if (update(handle, COMMIT, id) != 1) {
      throw new IllegalStateException(
          id + " was signed without being allowed, or after it was given up");
    }
  }

  /// @return whether it did; not when it was given up before
  public boolean release(Handle handle, ReplacementId id) {
    return update(handle, RELEASE, id) == 1;
  }

  private static int update(Handle handle, String sql, ReplacementId id) {
    return handle
        .createUpdate(sql)
        .bind("request", id.request().value())
        .bind("ordinal", id.ordinal())
        .execute();
  }

  /// See [DecisionStore#reissue]: only the seal says what was allowed.
  ///
  /// @param statement what approvers of the request were asked about, if any were
  public Reissued reissue(
      Handle handle,
      Permitted permitted,
      Optional<ApprovalStatement> statement,
      List<Approval> said) {
    return handle
        .createQuery(RESERVED)
        .bind("request", permitted.id().request().value())
        .bind("ordinal", permitted.id().ordinal())
        .map(
            (row, context) ->
                new Stored(
                    new PolicyVersion(
                        row.getLong("policy_version"), Digest32.of(row.getBytes("hash"))),
                    Bytes.of(row.getBytes("seal")),
                    StoredDecision.approvals(Bytes.of(row.getBytes("approvals")))))
        .findOne()
        .<Reissued>map(
            stored ->
                mint.reopen(
                        stored.terms(permitted), stored.seal(), stored.evidence(statement, said))
                    .<Reissued>map(permit -> new Reissued.Good(permitted.id(), permit))
                    .orElseGet(() -> new Reissued.Untrusted(permitted.id())))
        .orElseGet(() -> new Reissued.Gone(permitted.id()));
  }

  private record Stored(PolicyVersion policy, Bytes seal, List<Digest32> approvals) {
    PermitTerms terms(Permitted permitted) {
      return new PermitTerms(
              permitted.id().request(),
              permitted.payload().wallet().backend(),
              permitted.payload().wallet().key(),
              permitted.payload().payload(),
              policy,
              approvals)
          .replacing(
              new Replacement(
                  permitted.id().ordinal(),
                  permitted.purpose(),
                  Keccak.hash(permitted.replaced().toArray())));
    }

    Optional<ApprovalEvidence> evidence(
        Optional<ApprovalStatement> statement, List<Approval> said) {
      Map<Digest32, Approval> byDigest = new HashMap<>();
      said.forEach(approval -> byDigest.put(approval.digest(), approval));
      return statement
          .filter(_ -> !approvals.isEmpty())
          .map(
              asked ->
                  new ApprovalEvidence(
                      asked,
                      approvals.stream().map(byDigest::get).filter(Objects::nonNull).toList()));
    }
  }
}
