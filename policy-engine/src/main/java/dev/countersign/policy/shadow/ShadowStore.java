package dev.countersign.policy.shadow;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.database.SqlRows;
import dev.countersign.policy.document.PolicyDocumentReader;
import dev.countersign.policy.replay.ReplayAnswer;
import dev.countersign.policy.replay.ReplaySummary;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/// Shadows and what they found, in the database.
public final class ShadowStore {
  /// How many differences of a shadow are kept, the newest.
  public static final int MOST_DIFFERENCES = 10_000;

  private static final String COLUMNS =
      """
      id, hash, content, started_at, started_by, stopped_at, followed_until,
      summary::text AS summary, problem
      """;
  private static final String RETURNING = "RETURNING " + COLUMNS;
  private static final String START =
      """
      INSERT INTO policy.shadow (id, hash, content, started_at, started_by)
      VALUES (:id, :hash, :content, CAST(:at AS timestamptz), :by)
      ON CONFLICT DO NOTHING
      """
          + RETURNING;
  private static final String FORGET =
      """
      DELETE FROM policy.shadow_difference WHERE shadow NOT IN (
        SELECT id FROM policy.shadow ORDER BY started_at DESC LIMIT 5)
      """;
  private static final String STOP =
      """
      UPDATE policy.shadow SET stopped_at = CAST(:at AS timestamptz) WHERE stopped_at IS NULL
      """
          + RETURNING;
  private static final String FIND = "SELECT " + COLUMNS + " FROM policy.shadow WHERE id = :id";
  private static final String NEWEST =
      "SELECT " + COLUMNS + " FROM policy.shadow ORDER BY started_at DESC LIMIT 1";
  private static final String CLAIM =
      """
      UPDATE policy.shadow
      SET leased_by = :instance, leased_until = clock_timestamp() + make_interval(secs => :lease)
      WHERE stopped_at IS NULL AND problem IS NULL
        AND (leased_until IS NULL OR leased_until <= clock_timestamp() OR leased_by = :instance)
      """
          + RETURNING;
  private static final String PROGRESS =
      """
      UPDATE policy.shadow
      SET followed_until = CAST(:until AS timestamptz), summary = CAST(:summary AS jsonb)
      WHERE id = :id AND leased_by = :instance AND stopped_at IS NULL
      """;
  private static final String FAIL = "UPDATE policy.shadow SET problem = :problem WHERE id = :id";
  private static final String RECORD =
      """
      INSERT INTO policy.shadow_difference
        (shadow, request, at, answer_before, rule_before, answer_after, rule_after, reason,
         fees_unknown)
      SELECT :shadow, request, at, answer_before, rule_before, answer_after, rule_after, reason,
        fees_unknown
      FROM unnest(:request, :at, :answer_before, :rule_before, :answer_after, :rule_after, :reason,
          :fees_unknown)
        AS found (request, at, answer_before, rule_before, answer_after, rule_after, reason,
          fees_unknown)
      ON CONFLICT DO NOTHING
      """;
  private static final String TRIM =
      """
      DELETE FROM policy.shadow_difference
      WHERE shadow = :shadow AND request <= (
        SELECT request FROM policy.shadow_difference WHERE shadow = :shadow
        ORDER BY request DESC OFFSET :most LIMIT 1)
      """;
  private static final String DIFFERENCES =
      """
      SELECT request, at, answer_before, rule_before, answer_after, rule_after, reason, fees_unknown
      FROM policy.shadow_difference WHERE shadow = :shadow AND request < :before
      ORDER BY request DESC LIMIT :limit
      """;
  private static final UUID LARGEST_ID = new UUID(-1L, -1L);

  /// @param document a policy that can be read
  /// @return nothing when another one is on already
  public Optional<Shadow> start(
      Transaction transaction, UUID id, byte[] document, String by, Instant at) {
    Handle handle = transaction.unwrap(Handle.class);
    Optional<Shadow> started =
        handle
            .createQuery(START)
            .bind("id", id)
            .bind("hash", PolicyDocumentReader.hash(document).bytes().toArray())
            .bind("content", document)
            .bind("at", at.toString())
            .bind("by", by)
            .map(ShadowStore::read)
            .findOne();
    handle.execute(FORGET);
    return started;
  }

  /// @return the one that was on; nothing when none was
  public Optional<Shadow> stop(Transaction transaction, Instant at) {
    return transaction
        .unwrap(Handle.class)
        .createQuery(STOP)
        .bind("at", at.toString())
        .map(ShadowStore::read)
        .findOne();
  }

  /// @param id nothing for the one that was started last
  public Optional<Shadow> find(Transaction transaction, Optional<UUID> id) {
    Handle handle = transaction.unwrap(Handle.class);
    return id.map(asked -> handle.createQuery(FIND).bind("id", asked))
        .orElseGet(() -> handle.createQuery(NEWEST))
        .map(ShadowStore::read)
        .findOne();
  }

  /// The newest first.
  ///
  /// @param before the last of the page before
  public List<ShadowDifference> differences(
      Transaction transaction, UUID shadow, Optional<SigningRequestId> before, int limit) {
    return transaction
        .unwrap(Handle.class)
        .createQuery(DIFFERENCES)
        .bind("shadow", shadow)
        .bind("before", before.map(SigningRequestId::value).orElse(LARGEST_ID))
        .bind("limit", limit)
        .map((row, context) -> difference(row))
        .list();
  }

  /// Takes the one that is on, for as long as `lease`, unless another instance has it.
  Optional<Shadow> claim(Transaction transaction, String instance, Duration lease) {
    return transaction
        .unwrap(Handle.class)
        .createQuery(CLAIM)
        .bind("instance", instance)
        .bind("lease", (double) lease.toSeconds())
        .map(ShadowStore::read)
        .findOne();
  }

  /// Stores how far it has come, and what it found; nothing when it was stopped, or taken by
  /// another instance, since.
  void progress(
      Transaction transaction,
      UUID shadow,
      String instance,
      Instant until,
      ReplaySummary summary,
      List<ShadowDifference> found) {
    Handle handle = transaction.unwrap(Handle.class);
    int mine =
        handle
            .createUpdate(PROGRESS)
            .bind("until", until.toString())
            .bind("summary", SummaryJson.write(summary))
            .bind("id", shadow)
            .bind("instance", instance)
            .execute();
    if (mine == 0 || found.isEmpty()) {
      return;
    }
    SqlRows.of(found)
        .uuid("request", difference -> difference.request().value())
        .timestamptz("at", ShadowDifference::at)
        .text("answer_before", difference -> difference.before().name())
        .text("rule_before", ShadowDifference::beforeRule)
        .text("answer_after", difference -> difference.after().name())
        .text("rule_after", ShadowDifference::afterRule)
        .text("reason", ShadowDifference::reason)
        .bool("fees_unknown", ShadowDifference::feesUnknown)
        .bindTo(handle.createUpdate(RECORD))
        .bind("shadow", shadow)
        .execute();
    handle.createUpdate(TRIM).bind("shadow", shadow).bind("most", MOST_DIFFERENCES).execute();
  }

  /// It does not go on.
  void fail(Transaction transaction, UUID shadow, String problem) {
    transaction
        .unwrap(Handle.class)
        .createUpdate(FAIL)
        .bind("problem", problem)
        .bind("id", shadow)
        .execute();
  }

  private static Shadow read(ResultSet row, StatementContext context) throws SQLException {
    return new Shadow(
        row.getObject("id", UUID.class),
        Digest32.of(row.getBytes("hash")),
        Bytes.of(row.getBytes("content")),
        time(row, "started_at").orElseThrow(),
        row.getString("started_by"),
        time(row, "stopped_at"),
        time(row, "followed_until"),
        Optional.ofNullable(row.getString("summary")).map(SummaryJson::read),
        Optional.ofNullable(row.getString("problem")));
  }

  private static ShadowDifference difference(ResultSet row) throws SQLException {
    return new ShadowDifference(
        new SigningRequestId(row.getObject("request", UUID.class)),
        time(row, "at").orElseThrow(),
        ReplayAnswer.valueOf(row.getString("answer_before")),
        row.getString("rule_before"),
        ReplayAnswer.valueOf(row.getString("answer_after")),
        row.getString("rule_after"),
        row.getString("reason"),
        row.getBoolean("fees_unknown"));
  }

  private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }
}
