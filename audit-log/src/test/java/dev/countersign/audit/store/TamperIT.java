package dev.countersign.audit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.countersign.audit.checkpoint.Checkpoint;
import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.merkle.TreeHash;
import dev.countersign.audit.verify.DirectoryLogFiles;
import dev.countersign.audit.verify.Finding;
import dev.countersign.audit.verify.LogVerifier;
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
import java.util.stream.Stream;
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

  /// @param export whether files show it, to whoever kept the last checkpoint
  /// @param start the index that a start names; where it does not find it, the scrub does
  /// @param index that a verification names; nothing where a row without a place is what is wrong
  record Kind(
      String name,
      boolean export,
      OptionalLong start,
      OptionalLong index,
      List<String> statements) {
    static Kind of(String name, boolean export, boolean start, long index, String... statements) {
      OptionalLong named = OptionalLong.of(index);
      return new Kind(
          name, export, start ? named : OptionalLong.empty(), named, List.of(statements));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Kind> kinds() {
    return Stream.of(
        Kind.of(
            "an old entry is edited",
            true,
            false,
            41,
            "UPDATE audit.entry SET body = set_byte(body, 20, get_byte(body, 20) # 1) WHERE id ="
                + " 42"),
        Kind.of(
            "a new entry is edited",
            true,
            true,
            600,
            "UPDATE audit.entry SET body = set_byte(body, 20, get_byte(body, 20) # 1) WHERE id ="
                + " 601"),
        Kind.of("an entry is deleted", true, false, 41, "DELETE FROM audit.entry WHERE id = 42"),
        new Kind(
            "an entry is put in with a low id",
            false,
            OptionalLong.empty(),
            OptionalLong.empty(),
            List.of(
                "INSERT INTO audit.entry (id, body) OVERRIDING SYSTEM VALUE VALUES (-5,"
                    + " 'forged')")),
        Kind.of(
            "two leaves are swapped",
            true,
            false,
            17,
            "DELETE FROM audit.leaf WHERE leaf_index IN (17, 18)",
            "INSERT INTO audit.leaf VALUES (17, 19, NULL), (18, 18, NULL)"),
        Kind.of(
            "a leaf points to another entry",
            true,
            false,
            17,
            "INSERT INTO audit.entry (id, body) OVERRIDING SYSTEM VALUE VALUES (90000, 'forged')",
            "UPDATE audit.leaf SET entry_id = 90000 WHERE leaf_index = 17"),
        new Kind(
            "all entries are gone",
            true,
            OptionalLong.of(512), // where the newest tile begins
            OptionalLong.of(0),
            List.of("UPDATE audit.sequencer SET one = true; TRUNCATE audit.entry")),
        Kind.of(
            "the end is cut off, but for the checkpoint",
            true,
            true,
            690,
            "DELETE FROM audit.entry WHERE id > 690",
            "DELETE FROM audit.leaf WHERE leaf_index >= 690",
            "UPDATE audit.tile SET hashes = substr(hashes, 1, 178 * 32)"
                + " WHERE level = 0 AND tile_index = 2",
            "UPDATE audit.sequencer SET tree_size = 690, highest_entry = 690"),
        Kind.of(
            "a hash is edited",
            true,
            false,
            258,
            "UPDATE audit.tile SET hashes = set_byte(hashes, 70, get_byte(hashes, 70) # 1)"
                + " WHERE level = 0 AND tile_index = 1"),
        Kind.of(
            "a new hash is edited",
            true,
            true,
            514,
            "UPDATE audit.tile SET hashes = set_byte(hashes, 70, get_byte(hashes, 70) # 1)"
                + " WHERE level = 0 AND tile_index = 2"),
        Kind.of(
            "a tile is deleted",
            true,
            false,
            256,
            "DELETE FROM audit.tile WHERE level = 0 AND tile_index = 1"),
        Kind.of(
            "a tile has hashes too many",
            false,
            false,
            512,
            "UPDATE audit.tile SET hashes = hashes || substr(hashes, 1, 32)"
                + " WHERE level = 0 AND tile_index = 2"),
        Kind.of(
            "the newest checkpoint is deleted",
            true,
            true,
            300,
            "DELETE FROM audit.checkpoint WHERE tree_size = 700"),
        Kind.of(
            "an old checkpoint is edited",
            false,
            false,
            300,
            "UPDATE audit.checkpoint SET note = replace(note, E'\\n300\\n', E'\\n299\\n')"
                + " WHERE tree_size = 300"),
        Kind.of(
            "the newest checkpoint is edited",
            false, // found, and without an index: nothing that it says is true
            true,
            700,
            "UPDATE audit.checkpoint SET note = replace(note, E'\\n700\\n', E'\\n699\\n')"
                + " WHERE tree_size = 700"),
        Kind.of(
            "the sequencer is set back",
            false,
            true,
            300,
            "UPDATE audit.sequencer SET tree_size = 300, highest_entry = 300"),
        Kind.of(
            "the sequencer is set ahead",
            false,
            true,
            700,
            "UPDATE audit.sequencer SET tree_size = 800, highest_entry = 800"),
        Kind.of(
            "a leaf is put beyond the tree",
            false,
            true,
            700,
            "INSERT INTO audit.entry (id, body) OVERRIDING SYSTEM VALUE VALUES (-5, 'forged')",
            "INSERT INTO audit.leaf VALUES (700, -5, NULL)"),
        Kind.of(
            "an entry is hidden from its request",
            false,
            false,
            8,
            "UPDATE audit.leaf SET request = gen_random_uuid() WHERE leaf_index = 8"));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void isFoundAndNamed(Kind kind) throws InterruptedException {
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

  private void assertThatScrubStopsTheLog(Kind kind) throws InterruptedException {
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

  private static void assertNames(Kind kind, VerificationResult result) {
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
            Optional.of(memory))) {
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

  @Test
  void theDatabaseHasTheFilesOfAnExport() {
    log.exportAndVerify(directory);
    DatabaseLogFiles stored = new DatabaseLogFiles(log.unitOfWork);
    DirectoryLogFiles exported = new DirectoryLogFiles(directory);
    for (String path :
        List.of(
            "checkpoint",
            "tile/0/000",
            "tile/0/002.p/188",
            "tile/1/000.p/2",
            "tile/entries/001",
            "tile/entries/002.p/188")) {
      assertThat(stored.read(path).orElseThrow())
          .as(path)
          .isEqualTo(exported.read(path).orElseThrow());
    }
    assertThat(stored.read("tile/0/001.p/44").orElseThrow()).hasSize(44 * 32);
    for (String path :
        List.of(
            "tile/0/002",
            "tile/0/002.p/189",
            "tile/0/003.p/1",
            "tile/0/000.p/0",
            "tile/0/000.p/257",
            "tile/0/000.p/01",
            "tile/0/x000/000",
            "tile/8/000",
            "tile/-1/000",
            "tile/entries/002.p/189",
            "tile/entries/x999/x999/x999/x999/x999/999",
            "tile/0/000/",
            "../checkpoint",
            "")) {
      assertThat(stored.read(path)).as(path).isEmpty();
    }
    assertThat(
            new LogVerifier(log.signer.verifierKey())
                .verify(stored, List.of(), VerificationProgress.NONE))
        .isInstanceOf(Verified.class);
  }

  private SignedCheckpoint latest() {
    return SignedCheckpoint.open(
        log.reader.latestCheckpoint().orElseThrow().getBytes(StandardCharsets.UTF_8),
        log.signer.verifierKey());
  }
}
