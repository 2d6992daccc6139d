package dev.countersign.core.port;

import dev.countersign.core.audit.AuditRecord;
import java.util.List;

/// The append-only log of everything that happened.
public interface AuditTrail {

  /// Appends in `transaction`: the entries are durable when, and only when, it commits.
  void append(Transaction transaction, List<AuditRecord> records);
}
