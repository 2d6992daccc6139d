package dev.countersign.policy.store;

import dev.countersign.core.approval.ProposalId;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.decision.PolicySeals;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.Transaction;
import dev.countersign.policy.succession.PolicyLink;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Every policy that ever was, with what was signed for it.
public final class PolicyStore {
  private static final String HOLD =
      "SELECT version, hash, seal, latest FROM policy.hold_activation()";
  private static final String INSERT =
      """
      INSERT INTO policy.document (version, hash, content, activated_at)
      VALUES (:version, :hash, :content, CAST(:at AS timestamptz))
      """;
  private static final String LINK =
      "INSERT INTO policy.document_change (version, proposal) VALUES (:version, :proposal)";
  private static final String ACTIVATE =
      """
      INSERT INTO policy.active (version, seal) VALUES (:version, :seal)
      ON CONFLICT (one_row) DO UPDATE SET version = excluded.version, seal = excluded.seal
      """;

  /// Not the active one's successor: somebody else may have written to these tables.
  private static final String NEXT = "SELECT coalesce(max(version), 0) + 1 FROM policy.document";

  private static final String STORED =
      "SELECT d.hash, d.activated_at, c.proposal, " + SuccessionRows.COLUMNS + SuccessionRows.FROM;

  private final AuditTrail audit;
  private final PolicySeals seals;
  private final ActivePolicies policies;

  public PolicyStore(AuditTrail audit, PolicySeals seals, ActivePolicies policies) {
    this.audit = audit;
    this.seals = seals;
    this.policies = policies;
  }

  /// A document as it is stored, byte for byte. That it was approved is for whoever reads it to
  /// verify, see [dev.countersign.policy.succession.PolicySuccession].
  ///
  /// @param link the document, and what was signed for it
  public record StoredPolicy(
      PolicyVersion version, PolicyLink link, Optional<ProposalId> proposal, Instant activatedAt) {
    public Bytes document() {
      return link.document();
    }
  }

  /// @return nothing before the first activation, nor when nothing is judged by the active one
  /// because it is not genuine, or was not approved
  public Optional<StoredPolicy> active(Transaction transaction) {
    Handle handle = transaction.unwrap(Handle.class);
    return policies.look(handle) instanceof ActivePolicy.Usable usable
        ? find(transaction, usable.version().number())
        : Optional.empty();
  }

  public Optional<StoredPolicy> find(Transaction transaction, long number) {
    return transaction
        .unwrap(Handle.class)
        .createQuery(STORED + " WHERE d.version = :version")
        .bind("version", number)
        .map((row, context) -> stored(row))
        .findOne();
  }

  /// The newest first.
  ///
  /// @param before only those with a lower number
  public List<StoredPolicy> list(Transaction transaction, long before, int most) {
    return transaction
        .unwrap(Handle.class)
        .createQuery(STORED + " WHERE d.version < :before ORDER BY d.version DESC LIMIT :most")
        .bind("before", before)
        .bind("most", most)
        .map((row, context) -> stored(row))
        .list();
  }

  private static StoredPolicy stored(ResultSet row) throws SQLException {
    return new StoredPolicy(
        new PolicyVersion(row.getLong("version"), Digest32.of(row.getBytes("hash"))),
        SuccessionRows.link(row),
        Optional.ofNullable(row.getObject("proposal", UUID.class)).map(ProposalId::new),
        row.getObject("activated_at", OffsetDateTime.class).toInstant());
  }

  /// Waits for the transactions that judge at this moment, and makes those to come wait until this
  /// one ends: it is to be short.
  ///
  /// @return the number that the next policy will have
  public long holdActivation(Handle handle) {
    handle.createQuery(HOLD).map((row, context) -> ActivePointer.of(row)).findOne();
    return handle.createQuery(NEXT).mapTo(Long.class).one();
  }

  /// Makes a document the active policy; every judgement that begins after the transaction is by
  /// it. That it was approved is the caller's to know, and everybody else's to verify.
  ///
  /// @param number of [#holdActivation]
  public PolicyVersion activate(
      Transaction transaction,
      long number,
      Bytes document,
      Digest32 hash,
      ProposalId proposal,
      Actor by,
      Instant at) {
    Handle handle = transaction.unwrap(Handle.class);
    PolicyVersion version = new PolicyVersion(number, hash);
    handle
        .createUpdate(INSERT)
        .bind("version", number)
        .bind("hash", hash.bytes().toArray())
        .bind("content", document.toArray())
        .bind("at", at.toString())
        .execute();
    handle.createUpdate(LINK).bind("version", number).bind("proposal", proposal.value()).execute();
    handle
        .createUpdate(ACTIVATE)
        .bind("version", number)
        .bind("seal", seals.seal(version).toArray())
        .execute();
    audit.append(
        transaction, List.of(AuditRecord.of(at, by, new AuditEvent.PolicyActivated(version))));
    return version;
  }
}
