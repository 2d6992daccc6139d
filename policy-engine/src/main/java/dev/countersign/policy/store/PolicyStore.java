package dev.countersign.policy.store;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.decision.PolicySeals;
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
  private static final String HOLD =
      "SELECT version, hash, seal, latest FROM policy.hold_activation()";
  private static final String INSERT =
      """
      INSERT INTO policy.document (version, hash, content, activated_at)
      VALUES (:version, :hash, :content, CAST(:at AS timestamptz))
      """;
  private static final String ACTIVATE =
      """
      INSERT INTO policy.active (version, seal) VALUES (:version, :seal)
      ON CONFLICT (one_row) DO UPDATE SET version = excluded.version, seal = excluded.seal
      """;

  /// Not the active one's successor: somebody else may have written to these tables.
  private static final String NEXT = "SELECT coalesce(max(version), 0) + 1 FROM policy.document";

  private static final String ACTIVE =
      """
      SELECT a.version, a.hash, a.seal, a.latest, d.content, d.activated_at
      FROM policy.active_version a JOIN policy.document d ON d.version = a.version
      """;

  private static final String EARLIER =
      """
      SELECT version, hash FROM policy.document WHERE hash = :hash ORDER BY version DESC LIMIT 1
      """;

  private final AuditTrail audit;
  private final PolicySeals seals;

  public PolicyStore(AuditTrail audit, PolicySeals seals) {
    this.audit = audit;
    this.seals = seals;
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

  /// @return nothing before the first activation, nor when nothing is judged by the active one
  /// because it is not genuine
  public Optional<StoredPolicy> active(Transaction transaction) {
    return transaction
        .unwrap(Handle.class)
        .createQuery(ACTIVE)
        .map(
            (row, context) -> {
              ActivePointer pointer = ActivePointer.of(row);
              return new Found(
                  pointer,
                  new StoredPolicy(
                      pointer.version(),
                      Bytes.of(row.getBytes("content")),
                      row.getTimestamp("activated_at").toInstant()));
            })
        .findOne()
        .filter(found -> found.pointer().isGenuine(seals))
        .map(Found::policy);
  }

  private record Found(ActivePointer pointer, StoredPolicy policy) {}

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
            handle
                .createQuery(HOLD)
                .map((row, context) -> ActivePointer.of(row))
                .findOne()
                .filter(pointer -> pointer.isGenuine(seals))
                .map(ActivePointer::version);
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
            ? activate(transaction, document.clone(), hash, by, at)
            : new Activation.Superseded(earlier.get(), active.get());
      }
    };
  }

  private static PolicyVersion version(ResultSet row, StatementContext context)
      throws SQLException {
    return new PolicyVersion(row.getLong("version"), Digest32.of(row.getBytes("hash")));
  }

  private Activation activate(
      Transaction transaction, byte[] content, Digest32 hash, Actor by, Instant at) {
    Handle handle = transaction.unwrap(Handle.class);
    long number = handle.createQuery(NEXT).mapTo(Long.class).one();
    PolicyVersion version = new PolicyVersion(number, hash);
    handle
        .createUpdate(INSERT)
        .bind("version", version.number())
        .bind("hash", hash.bytes().toArray())
        .bind("content", content)
        .bind("at", at.toString())
        .execute();
    handle
        .createUpdate(ACTIVATE)
        .bind("version", version.number())
        .bind("seal", seals.seal(version).toArray())
        .execute();
    audit.append(
        transaction, List.of(AuditRecord.of(at, by, new AuditEvent.PolicyActivated(version))));
    return new Activation.Activated(version);
  }
}
