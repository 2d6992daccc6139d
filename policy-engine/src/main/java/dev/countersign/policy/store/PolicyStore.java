package dev.countersign.policy.store;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.Transaction;
import dev.countersign.policy.document.PolicyDocument.Reading;
import dev.countersign.policy.document.PolicyDocumentReader;
import dev.countersign.policy.yaml.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// Makes a policy the active one. Every version that ever was is kept.
public final class PolicyStore {
  private static final String HOLD = "SELECT version, hash FROM policy.hold_activation()";
  private static final String INSERT =
      """
      INSERT INTO policy.document (version, hash, content, activated_at)
      VALUES (:version, :hash, :content, CAST(:at AS timestamptz))
      """;
  private static final String ACTIVATE =
      """
      INSERT INTO policy.active (version) VALUES (:version)
      ON CONFLICT (one_row) DO UPDATE SET version = excluded.version
      """;

  private static final String ACTIVE =
      """
      SELECT d.version, d.hash, d.content, d.activated_at
      FROM policy.active a JOIN policy.document d ON d.version = a.version
      """;

  private final AuditTrail audit;

  public PolicyStore(AuditTrail audit) {
    this.audit = audit;
  }

  /// What came of an activation.
  public sealed interface Activation {
    /// Active for every judgement that begins after the transaction; none that ends after it was by
    /// an older version.
    record Activated(PolicyVersion version) implements Activation {}

    /// The active policy has exactly these bytes already.
    record Unchanged(PolicyVersion version) implements Activation {}

    /// Nothing was changed.
    ///
    /// @param problems at least one, in the order of the document
    record Refused(List<Problem> problems) implements Activation {
      public Refused {
        problems = List.copyOf(problems);
      }

      /// One line for each problem.
      public String text() {
        return new Reading.Invalid(problems).text();
      }
    }
  }

  /// An activated document, byte for byte.
  public record StoredPolicy(PolicyVersion version, Bytes document, Instant activatedAt) {}

  /// @return nothing before the first activation
  public Optional<StoredPolicy> active(Transaction transaction) {
    return transaction
        .unwrap(Handle.class)
        .createQuery(ACTIVE)
        .map(
            (row, context) ->
                new StoredPolicy(
                    new PolicyVersion(row.getLong("version"), Digest32.of(row.getBytes("hash"))),
                    Bytes.of(row.getBytes("content")),
                    row.getTimestamp("activated_at").toInstant()))
        .findOne();
  }

  /// Activates `document` under the next number, unless it is the active one. Waits for the
  /// transactions that judge at this moment, and makes those to come wait for this one: it is to be
  /// short.
  public Activation activate(Transaction transaction, byte[] document, Actor by, Instant at) {
    return switch (PolicyDocumentReader.read(document)) {
      case Reading.Invalid invalid -> new Activation.Refused(invalid.problems());
      case Reading.Valid valid ->
          activate(transaction, document.clone(), valid.document().hash(), by, at);
    };
  }

  private Activation activate(
      Transaction transaction, byte[] content, Digest32 hash, Actor by, Instant at) {
    Handle handle = transaction.unwrap(Handle.class);
    Optional<PolicyVersion> active =
        handle
            .createQuery(HOLD)
            .map(
                (row, context) ->
                    new PolicyVersion(row.getLong("version"), Digest32.of(row.getBytes("hash"))))
            .findOne();
    if (active.isPresent() && active.get().hash().equals(hash)) {
      return new Activation.Unchanged(active.get());
    }
    long number = active.map(PolicyVersion::number).orElse(0L) + 1;
    PolicyVersion version = new PolicyVersion(number, hash);
    handle
        .createUpdate(INSERT)
        .bind("version", version.number())
        .bind("hash", hash.bytes().toArray())
        .bind("content", content)
        .bind("at", at.toString())
        .execute();
    handle.createUpdate(ACTIVATE).bind("version", version.number()).execute();
    audit.append(
        transaction, List.of(AuditRecord.of(at, by, new AuditEvent.PolicyActivated(version))));
    return new Activation.Activated(version);
  }
}
