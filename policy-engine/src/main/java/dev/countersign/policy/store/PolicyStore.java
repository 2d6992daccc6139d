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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

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

  private static final String EARLIER =
      """
      SELECT version, hash FROM policy.document WHERE hash = :hash ORDER BY version DESC LIMIT 1
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

    /// Nothing was changed: these bytes were active before and something else is now.
    record Superseded(PolicyVersion earlier, PolicyVersion active) implements Activation {}

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
    return activate(transaction, document, by, at, true);
  }

  /// [#activate], unless these bytes were active before: an instance that starts with the file of
  /// yesterday must not put yesterday's policy back for all of them.
  public Activation introduce(Transaction transaction, byte[] document, Actor by, Instant at) {
    return activate(transaction, document, by, at, false);
  }

  private Activation activate(
      Transaction transaction, byte[] document, Actor by, Instant at, boolean mayGoBack) {
    return switch (PolicyDocumentReader.read(document)) {
      case Reading.Invalid invalid -> new Activation.Refused(invalid.problems());
      case Reading.Valid valid -> {
        Handle handle = transaction.unwrap(Handle.class);
        Digest32 hash = valid.document().hash();
        Optional<PolicyVersion> active =
            handle.createQuery(HOLD).map(PolicyStore::version).findOne();
        if (active.isPresent() && active.get().hash().equals(hash)) {
          yield new Activation.Unchanged(active.get());
        }
        Optional<PolicyVersion> earlier =
            handle
                .createQuery(EARLIER)
                .bind("hash", hash.bytes().toArray())
                .map(PolicyStore::version)
                .findOne();
        yield mayGoBack || earlier.isEmpty() || active.isEmpty()
            ? activate(transaction, document.clone(), hash, active, by, at)
            : new Activation.Superseded(earlier.get(), active.get());
      }
    };
  }

  private static PolicyVersion version(ResultSet row, StatementContext context)
      throws SQLException {
    return new PolicyVersion(row.getLong("version"), Digest32.of(row.getBytes("hash")));
  }

  private Activation activate(
      Transaction transaction,
      byte[] content,
      Digest32 hash,
      Optional<PolicyVersion> active,
      Actor by,
      Instant at) {
    Handle handle = transaction.unwrap(Handle.class);
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
