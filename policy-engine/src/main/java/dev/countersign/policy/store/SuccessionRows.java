package dev.countersign.policy.store;

import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.Approval.Decision;
import dev.countersign.core.approval.ApproverKey;
import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.policy.succession.PolicyLink;
import dev.countersign.policy.succession.PolicySuccession;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// The stored policies with what was signed for each.
final class SuccessionRows {
  /// What a policy is verified by, of `policy.document d`.
  static final String COLUMNS =
      """
      d.version, d.content, coalesce(p.statement, '') AS statement,
        ARRAY (SELECT a.approver FROM policy.proposal_approval a
          WHERE a.proposal = p.id AND a.decision = 'APPROVE' ORDER BY a.at, a.approver, a.signature)
          AS approvers,
        ARRAY (SELECT a.key FROM policy.proposal_approval a
          WHERE a.proposal = p.id AND a.decision = 'APPROVE' ORDER BY a.at, a.approver, a.signature)
          AS keys,
        ARRAY (SELECT a.signature FROM policy.proposal_approval a
          WHERE a.proposal = p.id AND a.decision = 'APPROVE' ORDER BY a.at, a.approver, a.signature)
          AS signatures
      """;

  static final String FROM =
      """
      FROM policy.document d
        LEFT JOIN policy.document_change c ON c.version = d.version
        LEFT JOIN policy.proposal p ON p.id = c.proposal
      """;

  private static final String LATER =
      "SELECT " + COLUMNS + FROM + " WHERE d.version > :after ORDER BY d.version";

  private static final String STORED =
      """
      SELECT EXISTS (SELECT FROM policy.document
        WHERE version = :version AND hash = :hash AND sha256(content) = :hash)
      """;

  /// Documents may be large.
  private static final int AT_ONCE = 8;

  private SuccessionRows() {}

  /// `known`, and what is stored after it.
  static PolicySuccession after(Handle handle, PolicySuccession known) {
    return handle
        .createQuery(LATER)
        .bind("after", known.base().number())
        .setFetchSize(AT_ONCE)
        .map((row, context) -> link(row))
        .reduce(known, PolicySuccession::then);
  }

  /// Whether it is there with these very bytes.
  static boolean isStored(Handle handle, PolicyVersion version) {
    return handle
        .createQuery(STORED)
        .bind("version", version.number())
        .bind("hash", version.hash().bytes().toArray())
        .mapTo(Boolean.class)
        .one();
  }

  static PolicyLink link(ResultSet row) throws SQLException {
    String[] approvers = (String[]) row.getArray("approvers").getArray();
    String[] keys = (String[]) row.getArray("keys").getArray();
    byte[][] signatures = (byte[][]) row.getArray("signatures").getArray();
    List<Approval> approvals = new ArrayList<>();
    for (int i = 0; i < approvers.length; i++) {
      try {
        approvals.add(
            new Approval(
                new ApproverName(approvers[i]),
                ApproverKey.parse(keys[i]),
                Decision.APPROVE,
                Bytes.of(signatures[i])));
      } catch (InvalidValueException e) {
        // Somebody else wrote it: it is nobody's approval.
      }
    }
    return new PolicyLink(
        row.getLong("version"),
        Bytes.of(row.getBytes("content")),
        Bytes.of(row.getBytes("statement")),
        approvals);
  }
}
