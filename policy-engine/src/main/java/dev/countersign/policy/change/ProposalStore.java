package dev.countersign.policy.change;

import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.ApproverKey;
import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.approval.PolicyChangeStatement;
import dev.countersign.core.approval.ProposalId;
import dev.countersign.core.decision.ChangeSeals;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.policy.change.Proposal.Given;
import dev.countersign.policy.limit.LimitClock;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The rows of proposals. What approvers said is not believed: whoever counts verifies.
final class ProposalStore {
  private static final String COLUMNS =
      """
      SELECT id, content, statement, proposed_by, note, state, opens_at, ended_at, reason
      FROM policy.proposal
      """;
  private static final String INSERT =
      """
      INSERT INTO policy.proposal
        (id, content, statement, base, proposed_by, note, proposed_at, expires_at)
      VALUES (:id, :content, :statement, :base, :by, :note,
        CAST(:asked AS timestamptz), CAST(:expires AS timestamptz))
      """;
  private static final String DUE =
      """
      SELECT id FROM policy.proposal
      WHERE state IN ('PROPOSED', 'APPROVED') AND (
        base IS DISTINCT FROM (SELECT version FROM policy.active)
        OR (state = 'PROPOSED' AND expires_at <= CAST(:now AS timestamptz))
        OR (state = 'APPROVED' AND opens_at <= CAST(:now AS timestamptz)))
      ORDER BY proposed_at, id
      """;
  private static final String OPEN =
      "SELECT count(*) FROM policy.proposal WHERE state IN ('PROPOSED', 'APPROVED')";
  private static final String APPROVED =
      """
      UPDATE policy.proposal
      SET state = 'APPROVED', opens_at = CAST(:opens AS timestamptz), seal = :seal
      WHERE id = :id AND state = 'PROPOSED'
      """;
  private static final String END =
      """
      UPDATE policy.proposal
      SET state = :state, ended_at = CAST(:at AS timestamptz), reason = :reason
      WHERE id = :id AND state IN ('PROPOSED', 'APPROVED')
      """;
  private static final String SEAL = "SELECT seal FROM policy.proposal WHERE id = :id";
  private static final String GIVEN =
      """
      SELECT approver, key, decision, signature, reason, at FROM policy.proposal_approval
      WHERE proposal = :id ORDER BY at, approver, signature
      """;
  private static final String GIVE =
      """
      INSERT INTO policy.proposal_approval
        (proposal, approver, key, decision, signature, reason, at)
      VALUES (:id, :approver, :key, :decision, :signature, :reason, CAST(:at AS timestamptz))
      """;

  private final ChangeSeals seals;
  private final LimitClock clock;

  ProposalStore(ChangeSeals seals, LimitClock clock) {
    this.seals = seals;
    this.clock = clock;
  }

  /// Whoever has it is the only one to change proposals until the transaction ends.
  static void lock(Handle handle) {
    handle.execute("SELECT policy.hold_proposals()");
  }

  /// In whole seconds, which is what statements are dated in; by the database's clock unless a test
  /// has another. After the lock, so that what comes later is dated later.
  Instant now(Handle handle) {
    return clock
        .now()
        .orElseGet(
            () ->
                handle
                    .createQuery("SELECT clock_timestamp() AS now")
                    .map((row, context) -> instant(row, "now").orElseThrow())
                    .one())
        .truncatedTo(ChronoUnit.SECONDS);
  }

  void insert(
      Handle handle, PolicyChangeStatement statement, Bytes document, String by, String note) {
    handle
        .createUpdate(INSERT)
        .bind("id", statement.proposal().value())
        .bind("content", document.toArray())
        .bind("statement", statement.bytes().toArray())
        .bind("base", statement.base().number())
        .bind("by", by)
        .bind("note", note)
        .bind("asked", statement.asked().toString())
        .bind("expires", statement.expires().toString())
        .execute();
  }

  Optional<Proposal> find(Handle handle, ProposalId id) {
    return handle
        .createQuery(COLUMNS + " WHERE id = :id")
        .bind("id", id.value())
        .map((row, context) -> proposal(handle, row))
        .findOne()
        .flatMap(found -> found);
  }

  /// The newest first.
  ///
  /// @param openOnly only those that may still be activated
  /// @param skip how many to leave out
  List<Proposal> list(Handle handle, boolean openOnly, int most, int skip) {
    return handle
        .createQuery(
            COLUMNS
                + (openOnly ? " WHERE state IN ('PROPOSED', 'APPROVED')" : "")
                + " ORDER BY proposed_at DESC, id DESC LIMIT :most OFFSET :skip")
        .bind("most", most)
        .bind("skip", skip)
        .map((row, context) -> proposal(handle, row))
        .list()
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  /// Those that something may have to be done for.
  List<ProposalId> due(Handle handle, Instant now) {
    return handle
        .createQuery(DUE)
        .bind("now", now.toString())
        .mapTo(UUID.class)
        .map(ProposalId::new)
        .list();
  }

  int open(Handle handle) {
    return handle.createQuery(OPEN).mapTo(Integer.class).one();
  }

  void approved(Handle handle, PolicyChangeStatement statement, Instant opens) {
    handle
        .createUpdate(APPROVED)
        .bind("id", statement.proposal().value())
        .bind("opens", opens.toString())
        .bind("seal", seals.seal(sealed(statement, opens)).toArray())
        .execute();
  }

  /// Whether we are the ones who said when its delay is over.
  boolean isGenuine(Handle handle, PolicyChangeStatement statement, Instant opens) {
    return handle
        .createQuery(SEAL)
        .bind("id", statement.proposal().value())
        .map((row, context) -> Optional.ofNullable(row.getBytes("seal")))
        .findOne()
        .flatMap(seal -> seal)
        .filter(seal -> seals.isGenuine(sealed(statement, opens), Bytes.of(seal)))
        .isPresent();
  }

  private static String sealed(PolicyChangeStatement statement, Instant opens) {
    return statement.text() + "opens " + opens + "\n";
  }

  void end(Handle handle, ProposalId id, ProposalState state, String reason, Instant at) {
    handle
        .createUpdate(END)
        .bind("id", id.value())
        .bind("state", state.name())
        .bind("reason", reason)
        .bind("at", at.toString())
        .execute();
  }

  void give(Handle handle, ProposalId id, Approval approval, String reason, Instant at) {
    handle
        .createUpdate(GIVE)
        .bind("id", id.value())
        .bind("approver", approval.approver().value())
        .bind("key", approval.key().text())
        .bind("decision", approval.decision().name())
        .bind("signature", approval.signature().toArray())
        .bind("reason", reason)
        .bind("at", at.toString())
        .execute();
  }

  /// @return nothing when the row is none of ours: then it is nobody's proposal
  private static Optional<Proposal> proposal(Handle handle, ResultSet row) throws SQLException {
    UUID id = row.getObject("id", UUID.class);
    try {
      PolicyChangeStatement statement =
          PolicyChangeStatement.parse(Bytes.of(row.getBytes("statement")));
      if (!statement.proposal().value().equals(id)) {
        return Optional.empty();
      }
      return Optional.of(
          new Proposal(
              statement,
              Bytes.of(row.getBytes("content")),
              row.getString("proposed_by"),
              row.getString("note"),
              ProposalState.valueOf(row.getString("state")),
              instant(row, "opens_at"),
              instant(row, "ended_at"),
              row.getString("reason"),
              given(handle, id),
              ""));
    } catch (InvalidValueException e) {
      return Optional.empty();
    }
  }

  private static List<Given> given(Handle handle, UUID id) {
    List<Given> all = new ArrayList<>();
    handle
        .createQuery(GIVEN)
        .bind("id", id)
        .map((row, context) -> given(row))
        .forEach(given -> given.ifPresent(all::add));
    return all;
  }

  private static Optional<Given> given(ResultSet row) throws SQLException {
    try {
      return Optional.of(
          new Given(
              new Approval(
                  new ApproverName(row.getString("approver")),
                  ApproverKey.parse(row.getString("key")),
                  Approval.Decision.valueOf(row.getString("decision")),
                  Bytes.of(row.getBytes("signature"))),
              row.getString("reason"),
              instant(row, "at").orElseThrow()));
    } catch (InvalidValueException e) {
      return Optional.empty();
    }
  }

  private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
    @Nullable OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return Optional.ofNullable(time).map(OffsetDateTime::toInstant);
  }
}
