package dev.countersign.audit.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.audit.checkpoint.Cosignature;
import dev.countersign.audit.checkpoint.FormerKey;
import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.audit.checkpoint.LogKeys;
import dev.countersign.audit.checkpoint.Quorum;
import dev.countersign.audit.checkpoint.SignedText;
import dev.countersign.audit.checkpoint.WitnessKey;
import dev.countersign.audit.checkpoint.WitnessPolicy;
import dev.countersign.audit.report.ReportCheck.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCheckTest {
  @TempDir private Path directory;

  @BeforeEach
  void make() {
    SampleReport.make(directory, SampleReport.NOVEMBER, SampleReport.entries());
  }

  private List<String> reasons() {
    return reasons(SampleReport.check(directory));
  }

  private static List<String> reasons(Verdict verdict) {
    assertThat(verdict).isInstanceOf(Verdict.NotSigned.class);
    return ((Verdict.NotSigned) verdict).reasons();
  }

  private void signAgain(String text) throws IOException {
    Files.writeString(
        directory.resolve("manifest"), SignedText.sign(text, SampleReport.MAKER).note());
  }

  private String manifestText() throws IOException {
    return SignedText.open(
            Files.readAllBytes(directory.resolve("manifest")), SampleReport.MAKER.verifierKey())
        .text();
  }

  @Test
  void whatWasSignedIsFoundToBe() {
    assertThat(SampleReport.check(directory))
        .isInstanceOfSatisfying(
            Verdict.Signed.class,
            signed -> {
              assertThat(signed.manifest().period()).isEqualTo(SampleReport.NOVEMBER);
              assertThat(signed.checkpoint().checkpoint().treeSize()).isEqualTo(50);
            });
  }

  @Test
  void everyChangedFileIsNamed() throws IOException {
    Files.writeString(directory.resolve("signatures.csv"), "\"index\"\r\n");
    Files.delete(directory.resolve("decisions.csv"));
    Files.createFile(directory.resolve("signatures-2.csv"));
    assertThat(reasons())
        .hasSize(3)
        .anySatisfy(r -> assertThat(r).startsWith("signatures.csv is not what was signed"))
        .anySatisfy(r -> assertThat(r).isEqualTo("decisions.csv is missing"))
        .anySatisfy(r -> assertThat(r).startsWith("signatures-2.csv is not of the report"));
  }

  @Test
  void aReportWithoutAManifestIsNone() throws IOException {
    Files.delete(directory.resolve("manifest"));
    assertThat(reasons()).singleElement().asString().startsWith("there is no manifest");
  }

  @Test
  void whatIsTooLongForAManifestIsNotRead() throws IOException {
    Files.writeString(directory.resolve("manifest"), "a".repeat((1 << 16) + 1));
    assertThat(reasons())
        .singleElement()
        .asString()
        .endsWith("too long for a signed note of a report");
  }

  @Test
  void anotherMakerIsNotBelieved() {
    ReportCheck check =
        new ReportCheck(
            SampleReport.signer("example.com/compliance", 3).verifierKey(),
            SampleReport.LOG.logKeys(),
            WitnessPolicy.NONE);
    assertThat(reasons(check.check(directory)).getFirst()).contains("no good signature of the key");
  }

  @Test
  void aReportOfAnotherLogIsNotOfThisOne() {
    ReportCheck check =
        new ReportCheck(
            SampleReport.MAKER.verifierKey(),
            SampleReport.signer("example.com/custody", 3).logKeys(),
            WitnessPolicy.NONE);
    assertThat(reasons(check.check(directory)).getFirst()).startsWith("the log of the report");
  }

  @Test
  void aReportUnderAFormerKeyOfTheLogStaysGood() throws IOException {
    LogKeys rotated =
        new LogKeys(
            SampleReport.signer("example.com/custody", 3).verifierKey(),
            List.of(
                new FormerKey(
                    SampleReport.LOG.verifierKey(),
                    ReportManifest.parse(manifestText()).checkpoint())));
    assertThat(
            new ReportCheck(SampleReport.MAKER.verifierKey(), rotated, WitnessPolicy.NONE)
                .check(directory))
        .isInstanceOf(ReportCheck.Verdict.Signed.class);
  }

  @Test
  void theMakerIsNotTheLog() throws IOException {
    ReportManifest manifest = ReportManifest.parse(manifestText());
    assertThatThrownBy(() -> manifest.sign(directory, SampleReport.LOG))
        .hasMessageContaining("the key of a report is the log's own");
    Files.writeString(
        directory.resolve("manifest"), SignedText.sign(manifestText(), SampleReport.LOG).note());
    ReportCheck check =
        new ReportCheck(
            SampleReport.LOG.verifierKey(), SampleReport.LOG.logKeys(), WitnessPolicy.NONE);
    assertThat(reasons(check.check(directory)).getFirst())
        .startsWith("the key of a report is the log's own");
  }

  @Test
  void aMakerCannotPutInAnotherCheckpoint() throws IOException {
    signAgain(manifestText().replace("size 50\n", "size 49\n"));
    assertThat(reasons().getFirst()).startsWith("the checkpoint of the report");
  }

  @Test
  void aCheckpointNeedsItsWitnesses() {
    WitnessKey witness = Cosignature.keyOf(SampleReport.signer("w.example/1", 4));
    ReportCheck check =
        new ReportCheck(
            SampleReport.MAKER.verifierKey(),
            SampleReport.LOG.logKeys(),
            new WitnessPolicy(new Quorum.Witness(witness), List.of(witness)));
    assertThat(reasons(check.check(directory)).getFirst()).contains("lacks cosignatures");
  }

  @Test
  void aManifestHasOneSpelling() throws IOException {
    String text = manifestText();
    for (String other :
        List.of(
            text.replace("/v4\n", "/v5\n"),
            text.replace("size 50\n", "size 050\n"),
            text.replace("from 2026-11-01T00:00:00Z", "from 2026-11-01T00:00:00.000Z"),
            text.replace("to 2026-12-01T00:00:00Z", "to 2026-10-01T00:00:00Z"),
            text.replace("to 2026-12-01T00:00:00Z", "to yesterday"),
            text.replace("signatures.csv", "../signatures.csv"),
            text.replace("signatures.csv", "more.csv"),
            text + "\n",
            text + "comment\n",
            text.replace("\n", "\r\n"),
            text.substring(0, text.lastIndexOf("file ")),
            "countersign-audit-report/v4\n",
            "")) {
      assertThatThrownBy(() -> ReportManifest.parse(other))
          .as(other)
          .isInstanceOf(InvalidNoteException.class);
    }
    assertThat(ReportManifest.parse(text).text()).isEqualTo(text);
    signAgain(text.replace("/v4\n", "/v5\n"));
    assertThat(reasons().getFirst())
        .contains("countersign-audit-report/v4")
        .contains("another format wants the version of countersign that made it");
  }

  @Test
  void whatTheMakerMadeUpIsFoundByMakingItAgain(@TempDir Path again) throws IOException {
    SampleReport.make(again, SampleReport.NOVEMBER, SampleReport.entries());
    assertThat(ReportDifference.first(directory, again)).isEmpty();
    Path file = directory.resolve("signatures.csv");
    Files.writeString(file, Files.readString(file).replace("trading-desk", "nobody"));
    ReportManifest manifest = ReportManifest.parse(manifestText());
    ReportManifest.of(directory, manifest.checkpoint(), manifest.log(), manifest.period())
        .sign(directory, SampleReport.MAKER);
    assertThat(SampleReport.check(directory)).isInstanceOf(Verdict.Signed.class);
    assertThat(ReportDifference.first(directory, again))
        .hasValueSatisfying(
            difference -> {
              assertThat(difference.file()).isEqualTo("signatures.csv");
              assertThat(difference.line()).isEqualTo(2);
              assertThat(difference.given()).contains("\"nobody\"");
              assertThat(difference.made()).contains("\"trading-desk\"");
              assertThat(difference.message())
                  .startsWith("signatures.csv, line 2, from byte " + difference.at());
            });
  }

  @Test
  void aFileThatEndsEarlierDiffersAtItsEnd(@TempDir Path again) throws IOException {
    SampleReport.make(again, SampleReport.NOVEMBER, SampleReport.entries());
    Path file = directory.resolve("report.html");
    String page = Files.readString(file);
    Files.writeString(file, page.substring(0, page.length() - 8));
    assertThat(ReportDifference.first(directory, again).orElseThrow().given())
        .endsWith("\\{a}</body>\\{a}");
  }

  @Test
  void aPlaceWithoutAFolderHasNoAnswer() {
    assertThatThrownBy(() -> ReportDifference.first(directory, directory.resolve("none")))
        .isInstanceOf(UncheckedIOException.class);
  }
}
