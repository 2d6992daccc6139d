package dev.countersign.audit.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.entry.EntryDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A report is made again to be compared, years later: these bytes change only together with
/// [ReportManifest#FORMAT]. What is made now is left in `target/golden-report`.
class GoldenReportTest {
  @TempDir private Path directory;

  @Test
  void theSameLogGivesTheSameBytes() throws IOException {
    Path made = Files.createDirectories(Path.of("target", "golden-report"));
    ReportManifest manifest =
        SampleReport.make(made, SampleReport.NOVEMBER, SampleReport.entries());
    Set<String> files = new TreeSet<>(ReportManifest.names());
    files.add(ReportManifest.FILE);
    for (String file : files) {
      try (InputStream golden = getClass().getResourceAsStream("golden/" + file)) {
        assertThat(Files.readString(made.resolve(file)))
            .as(file)
            .isEqualTo(
                new String(
                    Objects.requireNonNull(golden, file).readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    assertThat(SampleReport.make(directory, SampleReport.NOVEMBER, SampleReport.entries()))
        .isEqualTo(manifest);
  }

  @Test
  void aNewTypeOfEntryIsANewFormat() {
    assertThat(ReportManifest.FORMAT).endsWith("/v4");
    assertThat(EntryDecoder.types())
        .as("types that countersign-audit-report/v4 knows; it lists others as unreadable")
        .containsExactly(
            "request-admitted",
            "request-denied",
            "judging-failed",
            "request-held",
            "approval-given",
            "request-expired",
            "request-rejected",
            "request-withdrawn",
            "request-refused",
            "caller-refused",
            "transaction-signed",
            "transaction-broadcast",
            "transaction-unmined",
            "transaction-confirmed",
            "request-failed",
            "vault-created",
            "key-created",
            "wallet-created",
            "policy-activated",
            "server-started",
            "server-stopped",
            "checkpoint-key-changed",
            "log-continued",
            "entries-archived",
            "scope-frozen",
            "scope-thawed",
            "policy-proposed",
            "policy-approved",
            "policy-rejected",
            "policy-proposal-ended",
            "balance-unexplained",
            "message-admitted",
            "message-signed",
            "transaction-replacement-permitted",
            "transaction-replacement-denied",
            "transaction-replacement-dropped",
            "foreign-transaction",
            "lane-resumed",
            "transaction-routed-privately",
            "transaction-made-public",
            "token-issued",
            "token-revoked");
  }
}
