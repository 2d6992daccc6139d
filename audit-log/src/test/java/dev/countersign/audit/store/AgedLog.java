package dev.countersign.audit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.checkpoint.LogKeys;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.checkpoint.WitnessPolicy;
import dev.countersign.audit.retention.ArchiveOutcome;
import dev.countersign.audit.retention.ArchiveOutcome.Archived;
import dev.countersign.audit.retention.ArchiveOutcome.Reason;
import dev.countersign.audit.retention.ArchiveOutcome.Refused;
import dev.countersign.audit.verify.LogProof;
import dev.countersign.audit.verify.VerificationProgress;
import dev.countersign.audit.verify.VerificationResult;
import dev.countersign.audit.verify.VerificationResult.Broken;
import dev.countersign.audit.verify.VerificationResult.VerifiedInPart;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.database.JdbiUnitOfWork;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// The log has 300 entries of January 2020, 300 of February and 200 of today; entry `i` has the id
/// `i + 1` and is about request `i`.
abstract class AgedLog {
  static final int SIZE = 800;
  static final LocalDate JANUARY = LocalDate.of(2020, 1, 15);
  static final LocalDate FEBRUARY = LocalDate.of(2020, 2, 29);
  static final LocalDate FIRST_OF_FEBRUARY = LocalDate.of(2020, 2, 1);
  static final LocalDate FIRST_OF_MARCH = LocalDate.of(2020, 3, 1);

  final TestLog log;
  final UnitOfWork owner;
  @TempDir Path directory;
  Path archive = Path.of("");

  AgedLog(PostgresDatabase database) {
    this.log = new TestLog(database);
    this.owner = new JdbiUnitOfWork(log.superuser);
  }

  @BeforeEach
  void fill() {
    archive = directory.resolve("archive");
    OldEntries.makePartition(log, JANUARY);
    OldEntries.makePartition(log, FEBRUARY);
    OldEntries.write(log, 0, 300, JANUARY);
    OldEntries.write(log, 300, 600, FEBRUARY);
    OldEntries.write(log, 600, SIZE, today());
    integrate();
  }

  @AfterEach
  void close() {
    log.close();
  }

  LocalDate today() {
    return log.superuser.withHandle(
        handle ->
            handle
                .createQuery("SELECT (now() AT TIME ZONE 'UTC')::date")
                .mapTo(LocalDate.class)
                .one());
  }

  void integrate() {
    IntegrationPass pass = log.pass(10_000);
    pass.begin();
    assertThat(pass.run()).isEqualTo(IntegrationPass.Outcome.CAUGHT_UP);
  }

  LogKeys key() {
    return log.signer.logKeys();
  }

  ArchiveOutcome archive(LocalDate before) {
    return archive(owner, key(), archive, before);
  }

  static ArchiveOutcome archive(UnitOfWork as, LogKeys key, Path to, LocalDate before) {
    return new LogArchiving(as, key, InstantSource.system())
        .archive(to, before, VerificationProgress.NONE);
  }

  void archiveJanuary() {
    assertThat(archive(FIRST_OF_FEBRUARY)).isInstanceOf(Archived.class);
    integrate();
  }

  EntryBodies archived() {
    return new EntryBodies(Optional.of(archive));
  }

  PostgresAuditReader reader(EntryBodies bodies) {
    return new PostgresAuditReader(log.unitOfWork, WitnessPolicy.NONE, bodies);
  }

  VerificationResult verify(EntryBodies bodies) {
    return new StoredLogVerifier(log.unitOfWork, key(), WitnessPolicy.NONE, bodies)
        .verify(List.of(), VerificationProgress.NONE);
  }

  List<String> partitions() {
    return log.superuser.withHandle(TestLog::partitions);
  }

  long hot() {
    return log.superuser.withHandle(
        handle -> handle.createQuery("SELECT count(*) FROM audit.entry").mapTo(Long.class).one());
  }

  void assertProven(LogProof proof) {
    assertThat(proof.check(log.signer.verifierKey())).isInstanceOf(LogProof.Verdict.Proven.class);
  }

  static void assertRefused(ArchiveOutcome outcome, Reason reason, String why) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.reason()).as(refused.message()).isEqualTo(reason);
              assertThat(refused.message()).contains(why);
            });
  }

  static void assertNames(VerificationResult result, long index) {
    assertThat(result)
        .isInstanceOfSatisfying(
            Broken.class,
            broken ->
                assertThat(broken.findings())
                    .as("findings %s", broken.findings())
                    .first()
                    .matches(finding -> finding.index().equals(OptionalLong.of(index))));
  }

  void assertInPart(long notLookedAt, long below) {
    assertThat(verify(EntryBodies.HOT))
        .isInstanceOfSatisfying(
            VerifiedInPart.class,
            part -> {
              assertThat(part.checkpoint().note()).isEqualTo(checkpoint().note());
              assertThat(part.notLookedAt()).isEqualTo(notLookedAt);
              assertThat(part.below()).isEqualTo(below);
            });
  }

  SignedCheckpoint checkpoint() {
    return SignedCheckpoint.open(
        log.reader.latestCheckpoint().orElseThrow().getBytes(StandardCharsets.UTF_8),
        log.signer.verifierKey());
  }
}
