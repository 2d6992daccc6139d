package dev.countersign.audit.store;

import dev.countersign.audit.entry.EntryEncoder;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.request.SigningRequestId;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/// Entries of past months, as if they had been written then.
final class OldEntries {
  private OldEntries() {}

  static SigningRequestId request(int number) {
    return new SigningRequestId(new UUID(7, number));
  }

  static AuditRecord record(int number) {
    return AuditRecord.of(
        Instant.parse("2020-01-01T00:00:00Z"),
        Actor.system("desk-" + number % 3),
        request(number),
        Digest32.of(new byte[32]),
        new AuditEvent.RequestFailed("number " + number));
  }

  /// The partition of the month of `day`, unless it is there.
  static void makePartition(TestLog log, LocalDate day) {
    String name = "entry_%04d_%02d".formatted(day.getYear(), day.getMonthValue());
    LocalDate first = day.withDayOfMonth(1);
    log.superuser.useHandle(
        handle ->
            handle.execute(
                "SELECT audit.add_partition(?, ?, ?) WHERE to_regclass(?) IS NULL",
                name,
                first,
                first.plusMonths(1),
                "audit." + name));
  }

  /// Entries `from` to before `to`, of requests with the same numbers, written on `day`.
  static void write(TestLog log, int from, int to, LocalDate day) {
    log.superuser.useTransaction(handle -> write(handle, from, to, day));
  }

  private static void write(Handle handle, int from, int to, LocalDate day) {
    PreparedBatch batch =
        handle.prepareBatch(
            "INSERT INTO audit.entry (request, body, written) VALUES (:request, :body, :written)");
    for (int number = from; number < to; number++) {
      batch
          .bind("request", request(number).value())
          .bind("body", EntryEncoder.encode(record(number)))
          .bind("written", day)
          .add();
    }
    batch.execute();
  }
}
