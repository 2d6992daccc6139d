package dev.countersign.audit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.verify.DirectoryLogFiles;
import dev.countersign.audit.verify.LogVerifier;
import dev.countersign.audit.verify.VerificationProgress;
import dev.countersign.audit.verify.VerificationResult.Verified;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What is served straight from the tables.
@WithTestEnvironment
@Timeout(60)
class DatabaseLogFilesIT {
  private final PostgresDatabase database;

  @TempDir Path directory;

  DatabaseLogFilesIT(PostgresDatabase database) {
    this.database = database;
  }

  @Test
  void theDatabaseHasTheFilesOfAnExport() {
    try (TestLog log = new TestLog(database)) {
      log.fill(700);
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
  }
}
