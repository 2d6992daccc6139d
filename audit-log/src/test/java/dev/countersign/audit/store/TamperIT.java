package dev.countersign.audit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.countersign.audit.checkpoint.Checkpoint;
import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.merkle.TreeHash;
import dev.countersign.audit.verify.Finding;
import dev.countersign.audit.verify.VerificationProgress;
import dev.countersign.audit.verify.VerificationResult;
import dev.countersign.audit.verify.VerificationResult.Broken;
import dev.countersign.audit.verify.VerificationResult.Verified;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a superuser can do who drops the triggers, and who finds it: `audit verify` of an export
/// and of the database, the next start, the scrub of a running server.
///
/// The log has 700 entries: entry `i` has the id `i + 1`, and there is a checkpoint at 300 and at
/// 700.
@WithTestEnvironment
@Timeout(120)
class TamperIT {
  private static final int SIZE = 700;
  private static final LogScrub.Pace AT_ONCE =
      new LogScrub.Pace(Duration.ZERO, Duration.ofHours(1), Duration.ofMillis(50));

  private final TestLog log;
  private final SignedCheckpoint kept;

  @TempDir Path directory;

  TamperIT(PostgresDatabase database) {
    this.log = new TestLog(database);
    log.fill(300);
    log.fill(SIZE - 300);
    this.kept = latest();
  }

  @AfterEach
  void close() {
    log.close();
  }

  @ParameterizedTest
  @MethodSource("dev.countersign.audit.store.Tampering#all")
  void isFoundAndNamed(Tampering kind) throws InterruptedException {
    log.tamper(kind.statements().toArray(String[]::new));

    assertNames(kind, verifyDatabase());
    VerificationResult export = log.exportAndVerify(directory, kept);
    if (kind.export()) {
      assertNames(kind, export);
    }
    if (kind.start().isPresent()) {
      BrokenLogException refusal =
          catchThrowableOfType(BrokenLogException.class, () -> log.integrator().start());
      assertThat(refusal).as("refusal to start").isNotNull();
      assertThat(refusal.index()).as(refusal.getMessage()).isEqualTo(kind.start());
    } else {
      assertThatCode(() -> startAndStop()).doesNotThrowAnyException();
      assertThatScrubStopsTheLog(kind);
    }
  }

  private void startAndStop() {
    try (Integrator integrator = log.integrator()) {
      integrator.start();
    }
  }

  private void assertThatScrubStopsTheLog(Tampering kind) throws InterruptedException {
    AtomicReference<BrokenLogException> told = new AtomicReference<>();
    try (Integrator integrator = log.integrator();
        LogScrub scrub =
            new LogScrub(
                log.unitOfWork,
                log.signer.logKeys(),
                broken -> {
                  told.set(broken);
                  integrator.breakOff(broken);
                },
                AT_ONCE)) {
      integrator.start();
      scrub.start();
      await().until(() -> told.get() != null);
      assertThat(told.get().index()).as(told.get().getMessage()).isEqualTo(kind.index());
      await()
          .until(() -> integrator.problem().equals(Optional.ofNullable(told.get().getMessage())));
      log.append("afterwards");
      assertThat(integrator.awaitIntegration(Duration.ofMillis(200))).isFalse();
      assertThat(log.reader.latestCheckpoint()).contains(kept.note());
    }
  }

  private VerificationResult verifyDatabase() {
    return new StoredLogVerifier(log.unitOfWork, log.signer.verifierKey())
        .verify(List.of(kept), VerificationProgress.NONE);
  }

  private static void assertNames(Tampering kind, VerificationResult result) {
    assertThat(result)
        .isInstanceOfSatisfying(
            Broken.class,
            broken -> {
              if (kind.index().isPresent()) {
                assertThat(broken.findings())
                    .as("findings %s", broken.findings())
                    .extracting(Finding::index)
                    .contains(kind.index());
              } else {
                assertThat(broken.findings())
                    .extracting(Finding::message)
                    .containsExactly(
                        "the entry with the id -5 is in no place of the tree: it was put in later");
              }
            });
  }

  @Test
  void aGoodLogIsFoundToBeGoodWhileItGrows() throws InterruptedException {
    try (Integrator integrator = log.integrator();
        LogScrub scrub =
            new LogScrub(
                log.unitOfWork,
                log.signer.logKeys(),
                integrator::breakOff,
                new LogScrub.Pace(Duration.ofMillis(1), Duration.ofMillis(1), Duration.ZERO))) {
      integrator.start();
      scrub.start();
      for (int i = 0; i < 60; i++) {
        log.append("a" + i, "b" + i, "c" + i);
        TestLog.awaitIntegration(integrator);
        assertThat(verifyDatabase()).isInstanceOf(Verified.class);
      }
      assertThat(integrator.problem()).isEmpty();
    }
  }

  @Test
  @Timeout(30)
  void aSequencerThatIsSetFarAheadDoesNotMakeAVerificationEndless() {
    log.tamper("UPDATE audit.sequencer SET highest_entry = " + (1L << 62));
    assertThat(verifyDatabase()).isInstanceOf(Verified.class);
    log.tamper(
        "INSERT INTO audit.entry (id, body) OVERRIDING SYSTEM VALUE VALUES (5000000, 'forged')");
    assertThat(verifyDatabase())
        .isInstanceOfSatisfying(
            Broken.class,
            broken ->
                assertThat(broken.findings())
                    .extracting(Finding::message)
                    .containsExactly(
                        "the entry with the id 5000000 is in no place of the tree: it was put in"
                            + " later"));
  }

  @Test
  void aCheckpointOfAnotherKeyIsRefusedByAll() {
    CheckpointSigner other = TestLog.newSigner();
    SignedCheckpoint forged =
        SignedCheckpoint.sign(
            new Checkpoint(TestLog.ORIGIN, SIZE, kept.checkpoint().root()), other);
    log.tamper(
        "UPDATE audit.checkpoint SET note = '%s' WHERE tree_size = 700".formatted(forged.note()));
    assertThat(verifyDatabase()).isInstanceOf(Broken.class);
    assertThat(log.exportAndVerify(directory)).isInstanceOf(Broken.class);
    assertThat(catchThrowableOfType(BrokenLogException.class, () -> log.integrator().start()))
        .hasMessageContaining("is not signed by a key of this log");
  }

  /// Nothing in the database shows it; a checkpoint from outside of it does.
  @Test
  void anOldBackupIsFoundByAStartThatRemembers() {
    CheckpointMemory memory = new CheckpointMemory(directory.resolve("seen"));
    remembering(memory, Optional.empty());
    restoreTo300();

    assertThat(log.exportAndVerify(directory.resolve("log"))).isInstanceOf(Verified.class);
    assertThat(log.exportAndVerify(directory.resolve("log"), kept))
        .isInstanceOfSatisfying(
            Broken.class,
            broken ->
                assertThat(broken.findings().getFirst().index()).isEqualTo(OptionalLong.of(300)));
    assertThatCode(this::startAndStop).doesNotThrowAnyException();
    remembering(memory, Optional.of("the audit log was set back\n  seen:   700 entries"));
  }

  /// All that the schema's tables had when the log had 300 entries.
  private void restoreTo300() {
    log.tamper(
        "DELETE FROM audit.entry WHERE id > 300",
        "DELETE FROM audit.leaf WHERE leaf_index >= 300",
        "DELETE FROM audit.checkpoint WHERE tree_size > 300",
        "DELETE FROM audit.tile WHERE level = 0 AND tile_index = 2",
        "UPDATE audit.tile SET hashes = substr(hashes, 1, 44 * 32)"
            + " WHERE level = 0 AND tile_index = 1",
        "UPDATE audit.tile SET hashes = substr(hashes, 1, 32) WHERE level = 1",
        "UPDATE audit.sequencer SET tree_size = 300, highest_entry = 300");
  }

  @Test
  void anOldBackupUnderARunningServerStopsTheLog() {
    try (Integrator integrator = log.integrator()) {
      integrator.start();
      restoreTo300();
      await().until(() -> integrator.problem().isPresent());
      assertThat(integrator.problem().orElseThrow()).startsWith("the audit log was set back");
    }
  }

  private void remembering(CheckpointMemory memory, Optional<String> refusal) {
    try (Integrator integrator =
        new Integrator(
            log.unitOfWork,
            log.signer,
            InstantSource.system(),
            TestLog.QUICK,
            Optional.of(memory),
            EntryBodies.HOT)) {
      BrokenLogException thrown = catchThrowableOfType(BrokenLogException.class, integrator::start);
      if (refusal.isPresent()) {
        assertThat(thrown).hasMessageStartingWith(refusal.get());
      } else {
        assertThat(thrown).isNull();
        assertThat(memory.recall(log.signer.logKeys()).orElseThrow().note()).isEqualTo(kept.note());
      }
    }
  }

  /// Whoever has the database and the log's key can write another log that is right in itself.
  @Test
  void aRewriteWithTheStolenKeyIsFoundByAKeptCheckpointAlone() {
    CheckpointMemory memory = new CheckpointMemory(directory.resolve("seen"));
    remembering(memory, Optional.empty());
    byte[] forged = "another history".getBytes(StandardCharsets.UTF_8);
    log.tamper(
        "UPDATE audit.sequencer SET tree_size = 0, highest_entry = 0;"
            + " TRUNCATE audit.leaf, audit.tile, audit.checkpoint",
        "UPDATE audit.entry SET body = 'another history' WHERE id = 42");
    IntegrationPass pass = log.pass(10_000);
    pass.begin();
    assertThat(pass.run()).isEqualTo(IntegrationPass.Outcome.CAUGHT_UP);

    assertThat(TreeHash.leaf(log.reader.prove(41).orElseThrow().entry().toArray()))
        .isEqualTo(TreeHash.leaf(forged));
    assertThat(
            new StoredLogVerifier(log.unitOfWork, log.signer.verifierKey())
                .verify(List.of(), VerificationProgress.NONE))
        .isInstanceOf(Verified.class);
    assertThatCode(this::startAndStop).doesNotThrowAnyException();

    assertThat(verifyDatabase()).isInstanceOf(Broken.class);
    assertThat(log.exportAndVerify(directory.resolve("log"), kept)).isInstanceOf(Broken.class);
    remembering(
        memory,
        Optional.of(
            "the first 700 entries of the audit log are not those that were signed before"));
  }

  private SignedCheckpoint latest() {
    return SignedCheckpoint.open(
        log.reader.latestCheckpoint().orElseThrow().getBytes(StandardCharsets.UTF_8),
        log.signer.verifierKey());
  }
}
