package dev.countersign.nonce.testing;

import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.request.SigningRequestId;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// What was written down, as text in a table of the test's own. The real one is audit-log's.
public final class TableAudit implements AuditTrail {
  static final String TABLE =
      """
      CREATE TABLE IF NOT EXISTS test_audit (
        seq bigserial PRIMARY KEY, request uuid, digest text, actor text, event text)
      """;

  @Override
  public void append(Transaction transaction, List<AuditRecord> records) {
    for (AuditRecord entry : records) {
      transaction
          .unwrap(Handle.class)
          .execute(
              "INSERT INTO test_audit (request, digest, actor, event) VALUES (?, ?, ?, ?)",
              entry.request().map(SigningRequestId::value).orElse(null),
              entry.requestDigest().map(Digest32::hex).orElse(null),
              entry.actor().name(),
              entry.event().toString());
    }
  }
}
