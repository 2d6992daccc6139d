package dev.countersign.audit.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.entry.Examples;
import dev.countersign.audit.store.LogExport;
import dev.countersign.audit.store.StoredLogVerifier;
import dev.countersign.audit.store.TestLog;
import dev.countersign.audit.verify.DirectoryLogFiles;
import dev.countersign.audit.verify.EntryVisitor;
import dev.countersign.audit.verify.LogVerifier;
import dev.countersign.audit.verify.VerificationProgress;
import dev.countersign.audit.verify.VerificationResult;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The same report comes from the tables, from an export, and from an export of the log when it has
/// grown.
@WithTestEnvironment
@Timeout(60)
class ReportIT {
  private final TestLog log;

  @TempDir private Path directory;

  ReportIT(PostgresDatabase database) {
    this.log = new TestLog(database);
  }

  @BeforeEach
  void fill() {
    log.fill(300);
    log.integrate(List.copyOf(Examples.all().values()));
  }

  @AfterEach
  void close() {
    log.close();
  }

  private VerificationResult fromTables(EntryVisitor visitor, List<SignedCheckpoint> known) {
    return new StoredLogVerifier(log.unitOfWork, log.verifierKey())
        .verify(known, VerificationProgress.NONE, visitor);
  }

  private VerificationResult fromExport(EntryVisitor visitor, List<SignedCheckpoint> known) {
    Path export = directory.resolve("export");
    new LogExport(log.unitOfWork).export(export, VerificationProgress.NONE);
    return new LogVerifier(log.verifierKey())
        .verify(new DirectoryLogFiles(export), known, VerificationProgress.NONE, visitor);
  }

  private SignedCheckpoint make(String name, Function<EntryVisitor, VerificationResult> log)
      throws IOException {
    Path report = Files.createDirectories(directory.resolve(name));
    try (ReportDraft draft = new ReportDraft(report, SampleReport.NOVEMBER, Long.MAX_VALUE)) {
      VerificationResult result = log.apply(draft);
      assertThat(result).isInstanceOf(VerificationResult.Verified.class);
      SignedCheckpoint checkpoint = ((VerificationResult.Verified) result).checkpoint();
      draft.finish(checkpoint, this.log.verifierKey()).sign(report, SampleReport.MAKER);
      assertThat(draft.types()).containsEntry("server-started", 301L).hasSize(42);
      return checkpoint;
    }
  }

  @Test
  void tablesAndExportGiveTheSameReport() throws IOException {
    make("of-tables", visitor -> fromTables(visitor, List.of()));
    make("of-export", visitor -> fromExport(visitor, List.of()));
    assertThat(
            ReportDifference.first(directory.resolve("of-tables"), directory.resolve("of-export")))
        .isEmpty();
  }

  @Test
  void aLogThatHasGrownStillGivesTheReportOfBefore() throws IOException {
    SignedCheckpoint checkpoint = make("report", visitor -> fromTables(visitor, List.of()));
    log.fill(400);
    Path again = Files.createDirectories(directory.resolve("again"));
    try (ReportDraft draft =
        new ReportDraft(again, SampleReport.NOVEMBER, checkpoint.checkpoint().treeSize())) {
      assertThat(fromExport(draft, List.of(checkpoint)))
          .isInstanceOf(VerificationResult.Verified.class);
      draft.finish(checkpoint, log.verifierKey());
    }
    assertThat(ReportDifference.first(directory.resolve("report"), again)).isEmpty();
  }

  @Test
  void whatTheLogSaysIsInTheReport() throws IOException {
    log.integrate(
        List.of(
            AuditRecord.of(
                SampleReport.FROM,
                new Actor(Actor.Kind.CLIENT, "<b>desk</b>", "none"),
                new AuditEvent.CallerRefused("", "=1+1"))));
    make("report", visitor -> fromTables(visitor, List.of()));
    assertThat(Files.readString(directory.resolve("report/refusals.csv")))
        .contains("\"<b>desk</b>\"")
        .contains("\"'=1+1\"");
    assertThat(Files.readString(directory.resolve("report/report.html")))
        .contains("&lt;b&gt;desk&lt;/b&gt;")
        .doesNotContain("<b>desk</b>");
  }
}
