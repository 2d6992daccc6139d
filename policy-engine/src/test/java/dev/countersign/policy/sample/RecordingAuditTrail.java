package dev.countersign.policy.sample;

import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.Transaction;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Keeps what was appended by transactions that committed. The real one is another module's.
public final class RecordingAuditTrail implements AuditTrail {
  private final List<AuditEvent> events = new CopyOnWriteArrayList<>();

  @Override
  public void append(Transaction transaction, List<AuditRecord> records) {
    transaction.afterCommit(() -> records.forEach(record -> events.add(record.event())));
  }

  public List<AuditEvent> events() {
    return List.copyOf(events);
  }
}
