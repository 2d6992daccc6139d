package dev.countersign.audit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.verify.Finding;
import dev.countersign.audit.verify.Finding.Kind;
import dev.countersign.audit.verify.VerificationProgress;
import dev.countersign.audit.verify.VerificationResult;
import dev.countersign.audit.verify.VerificationResult.Broken;
import dev.countersign.audit.verify.VerificationResult.Verified;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// From the database to files to a verdict; also after a superuser with the triggers switched off.
@WithTestEnvironment
@Timeout(60)
class LogExportIT {
  private final TestLog log;

  @TempDir Path directory;

  LogExportIT(PostgresDatabase database) {
    this.log = new TestLog(database);
  }

  @AfterEach
  void close() {
    log.close();
  }

  private void assertOnly(VerificationResult result, Kind kind, long index) {
    assertThat(result)
        .isInstanceOfSatisfying(
            Broken.class,
            broken ->
                assertThat(broken.findings())
                    .extracting(Finding::kind, Finding::index)
                    .containsExactly(tuple(kind, OptionalLong.of(index))));
  }

  @Test
  void writesTheFilesOfTlogTiles() throws IOException {
    log.fill(600);
    List<String> told = new ArrayList<>();
    LogExport.Exported exported =
        new LogExport(log.unitOfWork)
            .export(directory, (done, total) -> told.add(done + "/" + total));
    assertThat(exported.entries()).isEqualTo(600);
    assertThat(told).containsExactly("256/600", "512/600", "600/600");
    try (var files = Files.walk(directory)) {
      assertThat(files.filter(Files::isRegularFile).map(f -> directory.relativize(f).toString()))
          .containsExactlyInAnyOrder(
              "checkpoint",
              "tile/0/000",
              "tile/0/001",
              "tile/0/002.p/88",
              "tile/1/000.p/2",
              "tile/entries/000",
              "tile/entries/001",
              "tile/entries/002.p/88");
    }
  }

  @Test
  void goesOnInADirectoryThatHasAnOlderExport() throws IOException {
    log.fill(300);
    assertThat(log.exportAndVerify(directory)).isInstanceOf(Verified.class);
    SignedCheckpoint before =
        SignedCheckpoint.open(
            Files.readAllBytes(directory.resolve("checkpoint")), log.signer.verifierKey());
    Path full = directory.resolve("tile/entries/000");
    var written = Files.getLastModifiedTime(full);
    log.fill(400);
    assertThat(log.exportAndVerify(directory, before))
        .isInstanceOfSatisfying(
            Verified.class, verified -> assertThat(verified.entries()).isEqualTo(700));
    assertThat(Files.getLastModifiedTime(full)).isEqualTo(written);
  }

  @Test
  void refusesToExportALogThatNeverBegan() {
    assertThatThrownBy(
            () -> new LogExport(log.unitOfWork).export(directory, VerificationProgress.NONE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no checkpoint yet");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100, 255, 256, 299})
  void anEditedEntryIsNamed(int index) {
    log.fill(300);
    log.tamper(
        "UPDATE audit.entry SET body = set_byte(body, 20, get_byte(body, 20) # 1) WHERE id = "
            + (index + 1));
    assertOnly(log.exportAndVerify(directory), Kind.ENTRY_ALTERED, index);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100, 299})
  void aDeletedEntryIsNamed(int index) {
    log.fill(300);
    log.tamper("DELETE FROM audit.entry WHERE id = " + (index + 1));
    assertOnly(log.exportAndVerify(directory), Kind.ENTRY_MISSING, index);
    assertThat(directory.resolve("checkpoint")).doesNotExist();
    assertThat(directory.resolve(index < 256 ? "tile/entries/000" : "tile/entries/001.p/44"))
        .doesNotExist();
  }

  @Test
  void anEntryWhosePlaceIsGoneIsNamed() {
    log.fill(300);
    log.tamper("DELETE FROM audit.leaf WHERE leaf_index = 42");
    assertOnly(log.exportAndVerify(directory), Kind.ENTRY_MISSING, 42);
  }

  @Test
  void anEntryThatWasReplacedWithAllItsHashesIsFoundByTheSignature() {
    log.fill(100);
    log.tamper(
        "UPDATE audit.entry SET body = 'x' WHERE id = 51",
        """
        UPDATE audit.tile SET hashes = overlay(hashes PLACING sha256('\\x0078') FROM 50 * 32 + 1)
        WHERE level = 0
        """);
    assertThat(log.exportAndVerify(directory))
        .isInstanceOfSatisfying(
            Broken.class,
            broken ->
                assertThat(broken.findings()).extracting(Finding::kind).containsExactly(Kind.ROOT));
  }

  @Test
  void aForgedCheckpointIsFound() {
    log.fill(100);
    log.tamper("UPDATE audit.checkpoint SET note = replace(note, E'\\n100\\n', E'\\n99\\n')");
    assertThat(log.exportAndVerify(directory))
        .isInstanceOfSatisfying(
            Broken.class,
            broken ->
                assertThat(broken.findings())
                    .extracting(Finding::kind)
                    .containsExactly(Kind.CHECKPOINT));
  }

  @Test
  void aLogThatWasSetBackIsFoundByACheckpointFromBefore() {
    log.fill(100);
    SignedCheckpoint before =
        SignedCheckpoint.open(
            log.reader.latestCheckpoint().orElseThrow().getBytes(StandardCharsets.UTF_8),
            log.signer.verifierKey());
    log.tamper(
        "UPDATE audit.sequencer SET tree_size = 0, highest_entry = 0;"
            + " TRUNCATE audit.entry, audit.leaf, audit.tile, audit.checkpoint RESTART IDENTITY");
    log.fill(60);
    assertOnly(log.exportAndVerify(directory, before), Kind.HISTORY, 60);
  }
}
