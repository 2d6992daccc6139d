package dev.countersign.audit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.store.PostgresAuditTrail.Row;
import dev.countersign.audit.verify.DirectoryLogFiles;
import dev.countersign.audit.verify.LogVerifier;
import dev.countersign.audit.verify.VerificationProgress;
import dev.countersign.audit.verify.VerificationResult;
import dev.countersign.audit.verify.VerificationResult.Broken;
import dev.countersign.audit.verify.VerificationResult.Verified;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.port.StoreUnavailableException;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// The disk is full: the database's, that of an export, that of the kept checkpoint. Nothing is
/// half done, the error says so, and it goes on when there is room again.
@WithTestEnvironment
@Isolated("files of the server that all share are taken away")
@Timeout(60)
class FullDiskIT {
  private static final Bytes LONG = longBytes();

  private final TestLog log;

  @TempDir Path directory;

  FullDiskIT(PostgresDatabase database) {
    this.log = new TestLog(database);
  }

  @AfterEach
  void close() {
    log.close();
  }

  private static Bytes longBytes() {
    byte[] bytes = new byte[60_000];
    new Random(1).nextBytes(bytes); // does not compress
    return Bytes.of(bytes);
  }

  private FullDisk underLongValuesOf(String table) throws IOException {
    try (var superuser = log.superuser.open()) {
      return FullDisk.underLongValuesOf(superuser, table);
    }
  }

  private VerificationResult verifyDatabase() {
    return new StoredLogVerifier(log.unitOfWork, log.signer.verifierKey())
        .verify(List.of(), VerificationProgress.NONE);
  }

  private static String[] numbers(int from, int to) {
    return IntStream.range(from, to).mapToObj(Integer::toString).toArray(String[]::new);
  }

  @Test
  void anAppendFailsWholeAndIsDoneWhenThereIsRoom() throws Exception {
    log.fill(3);
    List<Row> rows = List.of(new Row(null, Bytes.of(new byte[] {1})), new Row(null, LONG));
    try (FullDisk _ = underLongValuesOf("audit.entry")) {
      assertThatThrownBy(
              () -> log.unitOfWork.run(transaction -> log.trail.appendRows(transaction, rows)))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("disk is full")
          .rootCause()
          .hasMessageContaining("No space left on device");
      log.integrate(TestLog.records("3"));
      assertThat(log.names()).containsExactly("0", "1", "2", "3");
      assertThat(verifyDatabase()).isInstanceOf(Verified.class);
    }
    log.renewSessions();
    log.unitOfWork.run(transaction -> log.trail.appendRows(transaction, rows));
    log.integrate(List.of());
    assertThat(log.reader.entries(4, 10))
        .extracting(PostgresAuditReader.IndexedEntry::entry)
        .containsExactly(rows.get(0).body(), LONG);
    assertThat(verifyDatabase()).isInstanceOf(Verified.class);
  }

  @Test
  void thePassThatHasNoRoomLeavesNothingAndTheNextDoesItAll() throws Exception {
    try (Integrator integrator = log.integrator()) {
      integrator.start();
      try (FullDisk _ = underLongValuesOf("audit.tile")) {
        log.append(numbers(0, 100));
        await().until(() -> integrator.problem().isPresent());
        assertThat(integrator.problem().orElseThrow()).contains("disk is full");
        // Appends do not wait for it, and what came before stays.
        log.append(numbers(100, 120));
        List<String> before = log.names();
        assertThat(before).hasSizeLessThan(100).containsExactly(numbers(0, before.size()));
        assertThat(verifyDatabase()).isInstanceOf(Verified.class);
      }
      log.renewSessions();
      TestLog.awaitIntegration(integrator);
      assertThat(integrator.problem()).isEmpty();
      assertThat(log.names()).containsExactly(numbers(0, 120));
      assertThat(verifyDatabase()).isInstanceOf(Verified.class);
    }
  }

  /// Whichever file it is that there is no room for.
  @Test
  void anExportThatBreaksOffDoesNotLookWhole() throws Exception {
    log.fill(300);
    List<String> files =
        List.of(
            "tile/entries/000",
            "tile/entries/001.p/44",
            "tile/0/000",
            "tile/0/001.p/44",
            "tile/1/000.p/1",
            "checkpoint");
    for (String file : files) {
      Path export = directory.resolve(file.replaceAll("[/.]", "-"));
      try (FullDisk _ = new FullDisk(export.resolve(file + ".new"))) {
        assertThatThrownBy(() -> export(export))
            .as(file)
            .isInstanceOf(UncheckedIOException.class)
            .hasMessageContaining(export.toString())
            .hasMessageContaining("No space left on device");
      }
      assertThat(export.resolve(file)).doesNotExist();
      assertThat(verify(export)).as(file).isInstanceOf(Broken.class);
      export(export);
      assertThat(verify(export)).as(file).isInstanceOf(Verified.class);
    }
  }

  /// The older export is still there, and still whole.
  @Test
  void anExportThatBreaksOffOverAnOlderOneLeavesTheOlder() throws Exception {
    log.fill(300);
    export(directory);
    SignedCheckpoint older = checkpoint();
    log.fill(300);
    List<String> files =
        List.of(
            "tile/entries/001", "tile/0/001", "tile/1/000.p/2", "tile/0/002.p/88", "checkpoint");
    for (String file : files) {
      try (FullDisk _ = new FullDisk(directory.resolve(file + ".new"))) {
        assertThatThrownBy(() -> export(directory)).isInstanceOf(UncheckedIOException.class);
      }
      assertThat(verify(directory))
          .as(file)
          .isInstanceOfSatisfying(
              Verified.class,
              verified -> assertThat(verified.checkpoint().note()).isEqualTo(older.note()));
    }
    export(directory);
    assertThat(verify(directory))
        .isInstanceOfSatisfying(
            Verified.class, verified -> assertThat(verified.entries()).isEqualTo(600));
  }

  private void export(Path to) {
    new LogExport(log.unitOfWork).export(to, VerificationProgress.NONE);
  }

  private VerificationResult verify(Path export) {
    return new LogVerifier(log.signer.verifierKey())
        .verify(new DirectoryLogFiles(export), List.of(), VerificationProgress.NONE);
  }

  private SignedCheckpoint checkpoint() {
    return SignedCheckpoint.open(
        log.reader.latestCheckpoint().orElseThrow().getBytes(StandardCharsets.UTF_8),
        log.signer.verifierKey());
  }

  @Test
  void theKeptCheckpointStaysTheOlderOneAndTheLogGoesOn() throws Exception {
    Path file = directory.resolve("seen");
    CheckpointMemory memory = new CheckpointMemory(file);
    try (Integrator integrator =
        new Integrator(
            log.unitOfWork,
            log.signer,
            InstantSource.system(),
            TestLog.QUICK,
            Optional.of(memory),
            EntryBodies.HOT)) {
      integrator.start();
      String kept = Files.readString(file);
      try (FullDisk _ = new FullDisk(directory.resolve("seen.new"))) {
        log.append("a");
        await().until(() -> integrator.problem().isPresent());
        assertThat(integrator.problem().orElseThrow())
            .contains(file.toString())
            .contains("No space left on device");
        assertThat(log.names()).containsExactly("a");
        assertThat(Files.readString(file)).isEqualTo(kept);
      }
      log.append("b");
      await().until(() -> integrator.problem().isEmpty());
      assertThat(Files.readString(file)).isEqualTo(checkpoint().note());
    }
  }
}
