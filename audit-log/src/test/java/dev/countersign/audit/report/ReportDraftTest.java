package dev.countersign.audit.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.countersign.audit.entry.EntryDecoder;
import dev.countersign.audit.entry.Examples;
import dev.countersign.audit.entry.LogEntry;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Nonce;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportDraftTest {
  private static final Instant INSIDE = Instant.parse("2026-11-22T18:41:00.123456Z");

  @TempDir private Path directory;

  private Document make(List<Bytes> entries) throws IOException {
    return make(SampleReport.NOVEMBER, entries);
  }

  private Document make(Period period, List<Bytes> entries) throws IOException {
    SampleReport.make(directory, period, entries);
    return Jsoup.parse(directory.resolve("report.html"));
  }

  private List<NamedCsvRecord> rows(Section section) throws IOException {
    try (CsvReader<NamedCsvRecord> reader =
        CsvReader.builder().ofNamedCsvRecord(directory.resolve(section.file()))) {
      return reader.stream().toList();
    }
  }

  private static Bytes example(String name) {
    return SampleReport.entry(Objects.requireNonNull(Examples.all().get(name)));
  }

  private static String element(Document page, String id) {
    return Objects.requireNonNull(page.getElementById(id)).text();
  }

  @Test
  void thePeriodIsHalfOpen() throws IOException {
    Document page =
        make(
            Stream.of(
                    SampleReport.FROM.minusNanos(1000),
                    SampleReport.FROM,
                    SampleReport.TO.minusNanos(1000),
                    SampleReport.TO)
                .map(SampleReport::stopped)
                .toList());
    assertThat(rows(Section.OTHER))
        .extracting(row -> row.getField("index") + " " + row.getField("time"))
        .containsExactly("1 2026-11-01T00:00:00.000000Z", "2 2026-11-30T23:59:59.999999Z");
    assertThat(element(page, "entries")).isEqualTo("2");
    assertThat(element(page, "size")).isEqualTo("4");
    assertThat(page.text()).doesNotContain("The log has no entry of");
  }

  @Test
  void anEmptyPeriodHasAReportToo() throws IOException {
    Document page = make(List.of(SampleReport.stopped(SampleReport.TO)));
    assertThat(element(page, "entries")).isEqualTo("0");
    for (Section section : Section.values()) {
      assertThat(rows(section)).as(section.file()).isEmpty();
    }
    assertThat(page.text()).contains("None.");
    assertThat(SampleReport.check(directory)).isInstanceOf(ReportCheck.Verdict.Signed.class);
  }

  @Test
  void anEmptyLogHasAReportToo() throws IOException {
    Document page = make(List.of());
    assertThat(element(page, "size")).isEqualTo("0");
    assertThat(page.text()).contains("Newest entry of the log none");
  }

  @Test
  void aPeriodThatTheLogDoesNotReachIsSaidToBeUnfinished() throws IOException {
    assertThat(make(List.of(SampleReport.stopped(INSIDE))).text())
        .contains("The log has no entry of 2026-12-01T00:00:00Z or later.");
  }

  @Test
  void everyEntryOfThePeriodStandsInASection() throws IOException {
    List<Bytes> entries = SampleReport.entries();
    make(entries);
    TreeSet<Long> indexes = new TreeSet<>();
    for (Section section : Section.values()) {
      if (section != Section.ACTORS) {
        rows(section).forEach(row -> indexes.add(Long.valueOf(row.getField("index"))));
      }
    }
    assertThat(indexes).hasSize(entries.size() - 1).last().isEqualTo(entries.size() - 2L);
  }

  @Test
  void onlyKnownTypesWithoutASectionOfTheirOwnAreOther() throws IOException {
    make(SampleReport.entries());
    assertThat(rows(Section.OTHER))
        .extracting(row -> row.getField("type"))
        .containsExactly(
            "request-held",
            "approval-given",
            "request-expired",
            "request-rejected",
            "request-withdrawn",
            "vault-created",
            "key-created",
            "wallet-created",
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

  @Test
  void aSignatureIsToldWithWhatWasAskedForEvenBeforeThePeriod() throws IOException {
    LogEntry admitted = EntryDecoder.decode(example("request-admitted-erc20").toArray());
    Instant later = admitted.at().plusSeconds(86_400);
    Bytes signed =
        SampleReport.entry(
            AuditRecord.of(
                later,
                Actor.system("pipeline"),
                Examples.REQUEST,
                Digest32.fromHex("0x" + "d1".repeat(32)),
                new AuditEvent.TransactionSigned(
                    new ChainId("eip155:31337"),
                    new Nonce(17),
                    Digest32.fromHex("0x" + "7a".repeat(32)))));
    make(
        new Period(later, later.plusSeconds(1)),
        List.of(example("request-admitted-erc20"), signed, signed));
    assertThat(rows(Section.SIGNATURES))
        .hasSize(2)
        .allSatisfy(
            row -> {
              assertThat(row.getField("client")).isEqualTo("trading-desk");
              assertThat(row.getField("wallet")).isEqualTo("hot-1");
              assertThat(row.getField("kind")).isEqualTo("erc20-transfer");
              assertThat(row.getField("rule")).isEqualTo("small-transfers");
              assertThat(row.getField("admitted_index")).isEqualTo("0");
              assertThat(row.getField("transaction_hash")).isEqualTo("0x" + "7a".repeat(32));
            });
    assertThat(rows(Section.DECISIONS)).isEmpty();
  }

  @Test
  void aDecisionHasItsRuleAndWhatPolicyObserved() throws IOException {
    make(List.of(example("request-admitted-native"), example("request-denied")));
    List<NamedCsvRecord> rows = rows(Section.DECISIONS);
    assertThat(rows.getFirst().getField("verdict")).isEqualTo("admitted");
    assertThat(rows.getFirst().getField("amount")).isEqualTo("1000000000000000000");
    assertThat(rows.getFirst().getField("limits"))
        .startsWith("small-transfers/daily ")
        .contains(": 2 -> 1000000000000000002 of 1000")
        .endsWith(" in PT24H");
    assertThat(rows.getLast().getField("verdict")).isEqualTo("denied");
    assertThat(rows.getLast().getField("rule")).isEqualTo("no-strangers");
    assertThat(rows.getLast().getField("outcomes"))
        .isEqualTo(
            "no-strangers DENY: matched | small-transfers ALLOW: not met, maximum expected"
                + " 500000000000, observed 1000000000000000000");
  }

  @Test
  void aListThatWasCutIsNamedByItsHash() throws IOException {
    make(List.of(example("request-denied-many-rules")));
    assertThat(rows(Section.DECISIONS).getFirst().getField("outcomes"))
        .startsWith("(cut) {\"count\":500,\"sha256\":\"0x");
  }

  @Test
  void whoActedIsCounted() throws IOException {
    make(
        List.of(
            SampleReport.stopped(INSIDE), example("request-denied"), example("request-denied")));
    assertThat(rows(Section.ACTORS))
        .extracting(NamedCsvRecord::getFields)
        .containsExactly(
            List.of("client", "trading-desk", "mtls:sha256:" + "ab".repeat(32), "2", "1", "2"),
            List.of("system", "server", "internal", "1", "0", "0"));
  }

  @Test
  void anEntryThatCannotBeReadIsListedAndNotDropped() throws IOException {
    Bytes strange = Bytes.of("{\"type\":\"of the future\"}".getBytes(StandardCharsets.UTF_8));
    make(List.of(strange, SampleReport.stopped(SampleReport.TO)));
    assertThat(rows(Section.UNREADABLE)).hasSize(1);
    assertThat(rows(Section.UNREADABLE).getFirst().getField("index")).isEqualTo("0");
    assertThat(rows(Section.UNREADABLE).getFirst().getField("bytes")).isEqualTo("24");
  }

  @Test
  void thePageEndsWhereAPersonCannotReadOnAndSaysSo() throws IOException {
    List<Bytes> many = new ArrayList<>();
    Bytes one = SampleReport.stopped(INSIDE);
    for (int i = 0; i <= ReportPage.MOST_ROWS; i++) {
      many.add(one);
    }
    Document page = make(many);
    assertThat(rows(Section.OTHER)).hasSize(ReportPage.MOST_ROWS + 1);
    assertThat(page.text()).contains("The first 10000 of 10001 rows.");
    assertThat(page.select("#other tbody tr")).hasSize(ReportPage.MOST_ROWS);
  }

  @Test
  void entriesThatTheCheckpointDoesNotHaveAreNoReport() {
    try (ReportDraft draft = new ReportDraft(directory, SampleReport.NOVEMBER, Long.MAX_VALUE)) {
      draft.entry(0, SampleReport.stopped(INSIDE));
      assertThatThrownBy(
              () ->
                  draft.finish(
                      SampleReport.checkpoint(SampleReport.entries()),
                      SampleReport.LOG.verifierKey()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("a report of 50 entries was shown 1");
    }
    assertThat(Files.exists(directory.resolve("report.html"))).isFalse();
  }

  @Test
  void aPeriodEndsAfterItBegins() {
    assertThatThrownBy(() -> new Period(SampleReport.TO, SampleReport.TO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a period ends after it begins");
  }
}
