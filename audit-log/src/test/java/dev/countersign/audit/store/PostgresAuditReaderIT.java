package dev.countersign.audit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.entry.EntryDecoder;
import dev.countersign.audit.merkle.ProofCheck;
import dev.countersign.audit.verify.LogProof;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@WithTestEnvironment
@Timeout(60)
class PostgresAuditReaderIT {
  private final TestLog log;

  PostgresAuditReaderIT(PostgresDatabase database) {
    this.log = new TestLog(database);
  }

  @AfterEach
  void close() {
    log.close();
  }

  private static SigningRequestId request(int number) {
    return new SigningRequestId(new UUID(7, number));
  }

  private static AuditRecord of(SigningRequestId request, String reason) {
    return AuditRecord.of(
        Instant.parse("2026-11-22T18:41:00Z"),
        Actor.system("test"),
        request,
        Digest32.of(new byte[32]),
        new AuditEvent.RequestFailed(reason));
  }

  private void append(List<AuditRecord> records) {
    log.unitOfWork.run(transaction -> log.trail.append(transaction, records));
  }

  private void integrate() {
    IntegrationPass pass = log.pass(10_000);
    pass.begin();
    assertThat(pass.run()).isEqualTo(IntegrationPass.Outcome.CAUGHT_UP);
  }

  private SignedCheckpoint latest() {
    return SignedCheckpoint.open(
        log.reader.latestCheckpoint().orElseThrow().getBytes(StandardCharsets.UTF_8),
        log.signer.verifierKey());
  }

  private void assertProven(LogProof proof) {
    LogProof read = LogProof.parse(proof.format());
    assertThat(read.check(log.signer.verifierKey()))
        .as("proof of entry %d", proof.index())
        .isInstanceOf(LogProof.Verdict.Proven.class);
  }

  @Test
  void provesAllEntriesOfARequestInTheirOrder() {
    log.fill(700);
    append(List.of(of(request(1), "one"), of(request(2), "other"), of(request(1), "two")));
    integrate();
    List<LogProof> proofs = log.reader.prove(request(1));
    assertThat(proofs)
        .extracting(proof -> EntryDecoder.decode(proof.entry().toArray()).details().get("reason"))
        .containsExactly("one", "two");
    proofs.forEach(this::assertProven);
  }

  @Test
  void provesManyRequestsAtOnce() {
    List<AuditRecord> records = new ArrayList<>();
    IntStream.range(0, 1000).forEach(i -> records.add(of(request(i / 2), "reason " + i)));
    append(records);
    integrate();
    Set<SigningRequestId> some = Set.of(request(0), request(77), request(499), request(5000));
    Map<SigningRequestId, List<LogProof>> proofs = log.reader.prove(some);
    assertThat(proofs).containsOnlyKeys(request(0), request(77), request(499));
    proofs.values().forEach(both -> assertThat(both).hasSize(2).allSatisfy(this::assertProven));
  }

  @Test
  void provesEveryPlaceAtEverySizeOfTheTree() {
    log.pass(10).begin();
    for (int size = 1; size <= 17; size++) {
      log.append("entry " + size);
      integrate();
      for (int index = 0; index < size; index++) {
        assertProven(log.reader.prove(index).orElseThrow());
      }
      assertThat(log.reader.prove(size)).isEmpty();
      assertThat(log.reader.prove(-1)).isEmpty();
    }
  }

  @Test
  void knowsNothingOfWhatIsNotInTheTreeYet() {
    assertThat(log.reader.latestCheckpoint()).isEmpty();
    assertThat(log.reader.prove(request(1))).isEmpty();
    log.fill(3);
    append(List.of(of(request(1), "one")));
    assertThat(log.reader.prove(request(1))).isEmpty();
    assertThat(log.names()).hasSize(3);
    assertThat(log.reader.prove(Set.of())).isEmpty();
  }

  @Test
  void pagesThroughTheEntries() {
    log.fill(2500);
    assertThat(log.reader.entries(0, 5000)).hasSize(1024);
    assertThat(log.reader.entries(2490, 100)).hasSize(10).last().matches(e -> e.index() == 2499);
    assertThat(log.reader.entries(2500, 100)).isEmpty();
    assertThat(log.reader.entries(9999, 100)).isEmpty();
    assertThat(log.names()).hasSize(2500);
  }

  @Test
  void provesThatItOnlyEverGrew() {
    log.fill(250);
    SignedCheckpoint before = latest();
    log.append(IntStream.range(0, 400).mapToObj(i -> "more " + i).toArray(String[]::new));
    integrate();
    SignedCheckpoint after = latest();
    assertThat(
            log.reader
                .proveConsistency(250, 650)
                .check(before.checkpoint().root(), after.checkpoint().root()))
        .isEqualTo(new ProofCheck.Holds());
    assertThat(log.reader.proveConsistency(0, 650).path()).isEmpty();
    assertThatThrownBy(() -> log.reader.proveConsistency(250, 651))
        .hasMessage("the log has 650 entries so far, not 651");
  }

  @Test
  void saysWhichEntryIsGone() {
    log.fill(300);
    log.tamper("DELETE FROM audit.entry WHERE id = 18");
    assertThatThrownBy(() -> log.reader.prove(17L))
        .isInstanceOf(BrokenLogException.class)
        .hasMessage("entry 17 of the audit log is gone");
    assertThatThrownBy(() -> log.reader.entries(0, 100)).hasMessageContaining("entry 17");
  }
}
