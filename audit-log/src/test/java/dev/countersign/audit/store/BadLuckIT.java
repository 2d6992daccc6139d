package dev.countersign.audit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.countersign.audit.checkpoint.CheckpointKeyFile;
import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.verify.VerificationProgress;
import dev.countersign.audit.verify.VerificationResult.Verified;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A clock that goes back; a checkpoint key that is gone, or another one.
@WithTestEnvironment
@Timeout(60)
class BadLuckIT {
  private final TestLog log;

  @TempDir Path directory;

  BadLuckIT(PostgresDatabase database) {
    this.log = new TestLog(database);
  }

  @AfterEach
  void close() {
    log.close();
  }

  private void assertVerified(CheckpointSigner signer, int entries) {
    UnitOfWork unitOfWork = log.unitOfWork;
    assertThat(
            new StoredLogVerifier(unitOfWork, signer.verifierKey())
                .verify(List.of(), VerificationProgress.NONE))
        .isInstanceOfSatisfying(
            Verified.class, verified -> assertThat(verified.entries()).isEqualTo(entries));
  }

  /// Nothing is ordered by what a clock says.
  @Test
  void theLogGoesOnWhenTheClockGoesBack() throws InterruptedException {
    Instant[] now = {Instant.parse("2026-11-22T18:41:00Z")};
    try (Integrator integrator =
        new Integrator(log.unitOfWork, log.signer, () -> now[0], TestLog.QUICK)) {
      integrator.start();
      for (Duration step :
          List.of(
              Duration.ofHours(1),
              Duration.ofHours(-2),
              Duration.ofDays(-20_000),
              Duration.ofDays(40_000),
              Duration.ofSeconds(-1))) {
        log.append("before " + step);
        TestLog.awaitIntegration(integrator);
        now[0] = now[0].plus(step);
        log.append("after " + step);
        TestLog.awaitIntegration(integrator);
      }
      assertThat(integrator.problem()).isEmpty();
    }
    try (Integrator again =
        new Integrator(log.unitOfWork, log.signer, InstantSource.system(), TestLog.QUICK)) {
      again.start();
      log.append("last");
      TestLog.awaitIntegration(again);
    }
    assertThat(log.names()).hasSize(11).endsWith("after PT-1S", "last");
    assertVerified(log.signer, 11);
  }

  private CheckpointSigner key(Path file) {
    return CheckpointKeyFile.openOrCreate(file, TestLog.ORIGIN, new SecureRandom());
  }

  private Integrator integrator(CheckpointSigner signer) {
    return new Integrator(
        log.unitOfWork,
        signer,
        InstantSource.system(),
        TestLog.QUICK,
        Optional.of(new CheckpointMemory(directory.resolve("seen"))),
        EntryBodies.HOT);
  }

  private void live(CheckpointSigner signer, String name) throws InterruptedException {
    try (Integrator integrator = integrator(signer)) {
      integrator.start();
      log.append(name);
      TestLog.awaitIntegration(integrator);
    }
  }

  /// A new key in its place signs nothing: the log is not its own.
  @Test
  void aLostKeyStopsTheLogUntilItIsBack() throws Exception {
    Path file = directory.resolve("log.key");
    Path backup = directory.resolve("log.key.backup");
    CheckpointSigner signer = key(file);
    live(signer, "a");
    Files.move(file, backup);

    assertThatThrownBy(() -> CheckpointKeyFile.openExisting(file))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(file.toString());
    CheckpointSigner another = key(file);
    log.append("b");
    BrokenLogException refusal =
        catchThrowableOfType(BrokenLogException.class, () -> integrator(another).start());
    assertThat(refusal).hasMessageContaining("move the file away");
    Files.delete(directory.resolve("seen"));
    refusal = catchThrowableOfType(BrokenLogException.class, () -> integrator(another).start());
    assertThat(refusal)
        .hasMessageContaining("is not signed by a key of this log")
        .hasMessageContaining("audit.formerKeys");
    assertThat(log.names()).containsExactly("a");

    Files.move(backup, file, StandardCopyOption.REPLACE_EXISTING);
    live(key(file), "c");
    assertThat(log.names()).containsExactly("a", "b", "c");
    assertVerified(signer, 3);
  }

  /// The key in use is in memory; what becomes of its file is found by the next start.
  @Test
  void aRunningLogDoesNotNeedTheFile() throws IOException, InterruptedException {
    Path file = directory.resolve("log.key");
    CheckpointSigner signer = key(file);
    Files.delete(file);
    live(signer, "a");
    assertThat(log.names()).containsExactly("a");
  }
}
