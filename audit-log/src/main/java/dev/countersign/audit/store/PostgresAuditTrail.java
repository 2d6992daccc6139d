package dev.countersign.audit.store;

import dev.countersign.audit.entry.EntryEncoder;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.database.SqlRows;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Appends to `audit.entry`, and touches nothing that another writer could be waiting for: the tree
/// is the [Integrator]'s.
public final class PostgresAuditTrail implements AuditTrail {
  private final Runnable afterCommit;

  /// @param afterCommit told when entries have become durable, on the thread that committed them;
  ///     normally [Integrator#wake]
  public PostgresAuditTrail(Runnable afterCommit) {
    this.afterCommit = afterCommit;
  }

  /// What a row is made of.
  ///
  /// @param body the canonical bytes
  record Row(@Nullable UUID request, Bytes body) {
    Row {
      if (body.isEmpty() || body.size() > EntryEncoder.LONGEST_ENTRY) {
        throw new EntrySizeException(body.size());
      }
    }
  }

  /// One statement, whatever the number of records. Their order is kept.
  ///
  /// @throws EntrySizeException when one has no room in a log, which [EntryEncoder] sees to; before
  ///     anything is written
  @Override
  public void append(Transaction transaction, List<AuditRecord> records) {
    appendRows(
        transaction,
        records.stream()
            .map(record -> new Row(request(record), Bytes.of(EntryEncoder.encode(record))))
            .toList());
  }

  /// [#append] of bytes that are canonical already.
  void appendRows(Transaction transaction, List<Row> rows) {
    if (rows.isEmpty()) {
      return;
    }
    SqlRows.of(rows)
        .uuid("request", Row::request)
        .bytea("body", Row::body)
        .bindTo(
            transaction
                .unwrap(Handle.class)
                .createUpdate(
                    """
                    INSERT INTO audit.entry (request, body)
                    SELECT request, body FROM unnest(:request, :body) AS row (request, body)
                    """))
        .execute();
    transaction.afterCommit(afterCommit);
  }

  private static @Nullable UUID request(AuditRecord record) {
    return record.request().map(SigningRequestId::value).orElse(null);
  }
}
