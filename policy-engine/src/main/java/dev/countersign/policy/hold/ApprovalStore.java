package dev.countersign.policy.hold;

import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.ApproverKey;
import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.database.SqlRows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// What approvers said, as it is stored. Nothing of it is believed: whoever counts verifies.
public final class ApprovalStore {
  private static final String FIND =
      """
      SELECT request, approver, key, decision, signature FROM policy.approval
      WHERE request = ANY (:request)
      ORDER BY at, approver
      """;

  private static final String FIND_GIVEN =
      """
      SELECT approver, key, decision, signature, reason, at FROM policy.approval
      WHERE request = :request AND statement = :statement
      ORDER BY at, approver
      """;

  private static final String INSERT =
      """
      INSERT INTO policy.approval
        (request, statement, approver, key, decision, signature, reason, at)
      VALUES (:request, :statement, :approver, :key, :decision, :signature, :reason,
        CAST(:at AS timestamptz))
      ON CONFLICT DO NOTHING
      """;

  /// All that was ever said of each, in the order in which it came.
  public Map<SigningRequestId, List<Approval>> find(
      Handle handle, Collection<SigningRequestId> requests) {
    Map<SigningRequestId, List<Approval>> found = new HashMap<>();
    SqlRows.of(requests)
        .uuid("request", SigningRequestId::value)
        .bindTo(handle.createQuery(FIND))
        .map(
            (row, context) ->
                Map.entry(
                    new SigningRequestId(row.getObject("request", UUID.class)), approval(row)))
        .forEach(
            entry ->
                found
                    .computeIfAbsent(entry.getKey(), _ -> new ArrayList<>())
                    .add(entry.getValue()));
    return found;
  }

  /// What was said about one statement of `request`.
  List<HeldRequest.Given> find(Handle handle, SigningRequestId request, Digest32 statement) {
    return handle
        .createQuery(FIND_GIVEN)
        .bind("request", request.value())
        .bind("statement", statement.bytes().toArray())
        .map(
            (row, context) ->
                new HeldRequest.Given(
                    approval(row),
                    row.getString("reason"),
                    row.getObject("at", OffsetDateTime.class).toInstant()))
        .list();
  }

  /// @return whether it was not there already
  public boolean insert(
      Handle handle,
      SigningRequestId request,
      Digest32 statement,
      Approval approval,
      String reason,
      Instant at) {
    return handle
            .createUpdate(INSERT)
            .bind("request", request.value())
            .bind("statement", statement.bytes().toArray())
            .bind("approver", approval.approver().value())
            .bind("key", approval.key().text())
            .bind("decision", approval.decision().name())
            .bind("signature", approval.signature().toArray())
            .bind("reason", reason)
            .bind("at", at.toString())
            .execute()
        > 0;
  }

  private static Approval approval(ResultSet row) throws SQLException {
    return new Approval(
        new ApproverName(row.getString("approver")),
        ApproverKey.parse(row.getString("key")),
        Approval.Decision.valueOf(row.getString("decision")),
        Bytes.of(row.getBytes("signature")));
  }
}
