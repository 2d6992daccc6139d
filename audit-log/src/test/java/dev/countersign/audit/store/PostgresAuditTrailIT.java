package dev.countersign.audit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.audit.entry.EntryEncoder;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@WithTestEnvironment
@Timeout(60)
class PostgresAuditTrailIT {
  private final TestLog log;

  PostgresAuditTrailIT(PostgresDatabase database) {
    this.log = new TestLog(database);
  }

  @AfterEach
  void close() {
    log.close();
  }

  private List<byte[]> bodies() {
    return log.login.withHandle(
        handle ->
            handle
                .createQuery("SELECT body FROM audit.entry ORDER BY id")
                .mapTo(byte[].class)
                .list());
  }

  @Test
  void writesTheCanonicalBytesInTheOrderOfTheRecords() {
    AuditRecord ofRequest =
        AuditRecord.of(
            Instant.parse("2026-11-22T18:41:00Z"),
            Actor.system("pipeline"),
            new SigningRequestId(UUID.fromString("019bd3a4-5c00-7000-8000-000000000001")),
            Digest32.of(new byte[32]),
            new AuditEvent.RequestFailed("no\u0000thing \ud83d\ude02 \"quoted\" \\ {1,2}"));
    List<AuditRecord> records = new ArrayList<>(TestLog.records("a", "b"));
    records.add(ofRequest);
    log.unitOfWork.run(transaction -> log.trail.append(transaction, records));
    assertThat(bodies())
        .containsExactlyElementsOf(records.stream().map(EntryEncoder::encode).toList());
    UUID stored =
        log.login.withHandle(
            handle ->
                handle
                    .createQuery("SELECT request FROM audit.entry WHERE request IS NOT NULL")
                    .mapTo(UUID.class)
                    .one());
    assertThat(stored).hasToString("019bd3a4-5c00-7000-8000-000000000001");
  }

  @Test
  void leavesNothingOfATransactionThatRollsBack() {
    List<String> told = new ArrayList<>();
    PostgresAuditTrail trail = new PostgresAuditTrail(() -> told.add("committed"));
    assertThatThrownBy(
            () ->
                log.unitOfWork.run(
                    transaction -> {
                      trail.append(transaction, TestLog.records("a"));
                      throw new IllegalArgumentException("changed my mind");
                    }))
        .hasMessage("changed my mind");
    assertThat(bodies()).isEmpty();
    assertThat(told).isEmpty();
    log.unitOfWork.run(transaction -> trail.append(transaction, TestLog.records("b")));
    assertThat(told).containsExactly("committed");
  }

  @Test
  void appendsNothingWithoutAStatement() {
    log.unitOfWork.run(transaction -> log.trail.append(transaction, List.of()));
    assertThat(bodies()).isEmpty();
  }
}
