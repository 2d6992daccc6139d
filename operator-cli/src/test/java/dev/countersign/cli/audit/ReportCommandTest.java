package dev.countersign.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.SimpleFileServer;
import dev.countersign.audit.checkpoint.CheckpointKeyFile;
import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.SignedText;
import dev.countersign.audit.entry.EntryEncoder;
import dev.countersign.cli.Countersign;
import dev.countersign.cli.ExitCode;
import dev.countersign.cli.witness.SmallLog;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.model.Bytes;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {
  private static final CheckpointSigner LOG = SmallLog.signer("example.com/custody");
  private static final String KEY = LOG.verifierKey().toString();
  private static final Instant INSIDE = Instant.parse("2026-11-22T18:41:00Z");
  private static final Instant AFTER = Instant.parse("2026-12-01T00:00:00Z");

  @TempDir private Path directory;
  private String out = "";
  private String err = "";

  @BeforeEach
  void export() throws IOException {
    write("log", refused("first"), refused("second"), stopped());
  }

  private void write(String log, Bytes... entries) throws IOException {
    ExportedLog.write(
        directory.resolve(log),
        List.of(entries),
        ExportedLog.checkpoint(LOG, List.of(entries)).note());
  }

  private static Bytes refused(String reason) {
    return entry(INSIDE, new AuditEvent.CallerRefused("", reason));
  }

  private static Bytes stopped() {
    return entry(AFTER, new AuditEvent.ServerStopped("node-1"));
  }

  private static Bytes entry(Instant at, AuditEvent event) {
    return Bytes.of(EntryEncoder.encode(AuditRecord.of(at, Actor.system("test"), event)));
  }

  private int run(String... arguments) {
    var outBuffer = new StringWriter();
    var errBuffer = new StringWriter();
    int code =
        Countersign.commandLine()
            .setOut(new PrintWriter(outBuffer))
            .setErr(new PrintWriter(errBuffer))
            .execute(arguments);
    out = outBuffer.toString();
    err = errBuffer.toString();
    return code;
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  /// The arguments that make a good report, where `changes` does not give others: an option and its
  /// value each.
  private int report(String log, String... changes) {
    var arguments = new ArrayList<>(List.of("audit", "report", log));
    var options = new LinkedHashMap<String, String>();
    options.put("--key", KEY);
    options.put("--from", "2026-11-01");
    options.put("--to", "2026-12-01");
    options.put("--out", path("report"));
    options.put("--sign-key", path("report.key"));
    options.put("--signer", "example.com/compliance");
    for (int i = 0; i < changes.length; i += 2) {
      options.put(changes[i], changes[i + 1]);
    }
    options.forEach((option, value) -> arguments.add(option + "=" + value));
    arguments.removeIf(argument -> argument.endsWith("=none"));
    return run(arguments.toArray(String[]::new));
  }

  private CheckpointSigner maker() {
    return CheckpointKeyFile.openExisting(directory.resolve("report.key"));
  }

  private int verifyReport(String... more) {
    var arguments =
        new ArrayList<>(
            List.of(
                "audit",
                "verify-report",
                path("report"),
                "--key=" + KEY,
                "--report-key=" + maker().verifierKey()));
    arguments.addAll(Arrays.asList(more));
    return run(arguments.toArray(String[]::new));
  }

  private void assertNoReport() {
    assertThat(directory.resolve("report")).doesNotExist();
    assertThat(directory.resolve("report.new")).doesNotExist();
  }

  @Test
  void aReportIsMadeAndVerified() {
    assertThat(report(path("log"))).as("%s", err).isEqualTo(ExitCode.OK);
    assertThat(out)
        .contains("log verified: 3 entries of example.com/custody")
        .contains("report of 2026-11-01T00:00:00Z until before 2026-12-01T00:00:00Z: 2 entries")
        .contains("signed by: " + maker().verifierKey());
    assertThat(err).isEmpty();
    assertThat(directory.resolve("report/refusals.csv")).content().contains("second");
    assertThat(verifyReport()).as("%s", err).isEqualTo(ExitCode.OK);
    assertThat(out).contains("signed by " + maker().verifierKey()).contains("not compared");
    assertThat(verifyReport("--log", path("log"))).as("%s", err).isEqualTo(ExitCode.OK);
    assertThat(out).contains("report verified: every byte of it is what the log makes");
  }

  @Test
  void aLogThatHasGrownStillConfirmsIt() throws IOException {
    assertThat(report(path("log"))).isEqualTo(ExitCode.OK);
    write("later", refused("first"), refused("second"), stopped(), refused("third"));
    assertThat(verifyReport("--log", path("later"))).as("%s", err).isEqualTo(ExitCode.OK);
  }

  @Test
  void aPublishedLogIsASourceToo() throws IOException {
    var server =
        SimpleFileServer.createFileServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            directory.resolve("log").toRealPath(),
            SimpleFileServer.OutputLevel.NONE);
    server.start();
    try {
      var address = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
      assertThat(report(address)).as("%s", err).isEqualTo(ExitCode.OK);
      assertThat(verifyReport("--log", address)).as("%s", err).isEqualTo(ExitCode.OK);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void theNextReportIsSignedWithTheSameKey() {
    assertThat(report(path("log"))).isEqualTo(ExitCode.OK);
    var key = maker().verifierKey();
    assertThat(report(path("log"), "--out", path("again"), "--signer", "none"))
        .as("%s", err)
        .isEqualTo(ExitCode.OK);
    assertThat(out).contains("signed by: " + key);
    assertThat(directory.resolve("again/manifest"))
        .hasSameBinaryContentAs(directory.resolve("report/manifest"));
  }

  @Test
  void aPeriodThatTheLogDoesNotReachIsSaidToBeUnfinished() {
    assertThat(report(path("log"), "--to", "2027-01-01")).isEqualTo(ExitCode.OK);
    assertThat(err).contains("the log has no entry of 2027-01-01T00:00:00Z or later");
  }

  @Test
  void entriesThatCannotBeReadAreSaidToBeThere() throws IOException {
    write("strange", Bytes.of(new byte[] {1}), stopped());
    assertThat(report(path("strange"))).isEqualTo(ExitCode.OK);
    assertThat(err).contains("1 entry could not be read and may belong to the period");
  }

  @Test
  void aBrokenLogGivesNoReport() throws IOException {
    ExportedLog.write(
        directory.resolve("log"),
        List.of(refused("first"), refused("forged"), stopped()),
        Files.readString(directory.resolve("log/checkpoint")));
    assertThat(report(path("log"))).isEqualTo(ExitCode.NO);
    assertThat(err).contains("NOT verified").contains("no report is made of it");
    assertNoReport();
  }

  @Test
  void anotherLogsKeyGivesNoReport() {
    var other = SmallLog.signer("example.com/custody").verifierKey().toString();
    assertThat(report(path("log"), "--key", other)).isEqualTo(ExitCode.NO);
    assertThat(err).contains("no good signature of the key");
    assertNoReport();
  }

  @Test
  void whatIsWrongOnTheCommandLineIsSaid() throws IOException {
    assertThat(report(path("log"), "--from", "yesterday")).isEqualTo(ExitCode.USAGE);
    assertThat(err).contains("--from is yesterday, expected a day");
    assertThat(report(path("log"), "--to", "2026-11-01")).isEqualTo(ExitCode.USAGE);
    assertThat(err).contains("a period ends after it begins");
    assertThat(report(path("log"), "--key", "example.com/custody+00000000+AAAA"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err).contains("--key: ");
    assertThat(report(path("log"), "--signer", "none")).isEqualTo(ExitCode.USAGE);
    assertThat(err).contains("--signer is needed to make one");
    assertThat(report(path("log"), "--signer", "two words")).isEqualTo(ExitCode.USAGE);
    assertThat(err).contains("--sign-key: ");
    assertThat(report(path("log"), "--out", path("log"))).isEqualTo(ExitCode.USAGE);
    assertThat(err).contains("is there already");
    assertThat(run("audit", "report", path("log"))).isEqualTo(ExitCode.USAGE);
    assertThat(err).contains("Missing required options").contains("--sign-key");
    assertNoReport();
  }

  @Test
  void whatIsMissingIsSaid() throws IOException {
    assertThat(report(path("none"))).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(err).contains("is no place of a log");
    assertThat(report(path("log"))).isEqualTo(ExitCode.OK);
    Files.setPosixFilePermissions(
        directory.resolve("report.key"), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(report(path("log"), "--out", path("again"))).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(err).contains("chmod 600");
    Files.createDirectory(directory.resolve("begun.new"));
    assertThat(report(path("log"), "--out", path("begun"))).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(err).contains("another report is being made, or one was broken off");
    assertThat(directory.resolve("again")).doesNotExist();
    assertThat(directory.resolve("again.new")).doesNotExist();
  }

  @Test
  void aReportIsNotVerifiedByGuessing() throws IOException {
    assertThat(report(path("log"))).isEqualTo(ExitCode.OK);
    var key = maker().verifierKey().toString();
    assertThat(run("audit", "verify-report", path("none"), "--key", KEY, "--report-key", key))
        .isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(run("audit", "verify-report", path("report"), "--key", KEY, "--report-key", KEY))
        .isEqualTo(ExitCode.NO);
    assertThat(run("audit", "verify-report", path("report"), "--key", key, "--report-key", key))
        .isEqualTo(ExitCode.NO);
    assertThat(run("audit", "verify-report", path("report"), "--key", KEY, "--report-key", "a+b"))
        .isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(err).contains("--report-key a+b is neither a key");
    assertThat(verifyReport("--log", path("none"))).isEqualTo(ExitCode.UNAVAILABLE);
  }

  @Test
  void aChangedFileIsNamed() throws IOException {
    assertThat(report(path("log"))).isEqualTo(ExitCode.OK);
    Files.writeString(
        directory.resolve("report/refusals.csv"),
        Files.readString(directory.resolve("report/refusals.csv")).replace("second", "other"));
    assertThat(verifyReport("--log", path("log"))).isEqualTo(ExitCode.NO);
    assertThat(err).contains("NOT verified, 1 finding").contains("refusals.csv is not what was");
  }

  @Test
  void whatItsMakerMadeUpIsNamed() throws Exception {
    assertThat(report(path("log"))).isEqualTo(ExitCode.OK);
    var file = directory.resolve("report/refusals.csv");
    byte[] before = Files.readAllBytes(file);
    Files.writeString(file, Files.readString(file).replace("second", "untold"));
    var manifest = directory.resolve("report/manifest");
    var text =
        SignedText.open(Files.readAllBytes(manifest), maker().verifierKey())
            .text()
            .replace(sha256(before), sha256(Files.readAllBytes(file)));
    Files.writeString(manifest, SignedText.sign(text, maker()).note());
    assertThat(verifyReport()).isEqualTo(ExitCode.OK);
    assertThat(verifyReport("--log", path("log"))).isEqualTo(ExitCode.NO);
    assertThat(err)
        .contains("it is not what the log says")
        .contains("refusals.csv, line 3, from byte ")
        .contains("\"untold\"")
        .contains("\"second\"");
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @Test
  void aLogThatWasRewrittenSinceIsFound() throws IOException {
    assertThat(report(path("log"))).isEqualTo(ExitCode.OK);
    write("rewritten", refused("first"), refused("another"), stopped(), refused("third"));
    assertThat(verifyReport("--log", path("rewritten"))).isEqualTo(ExitCode.NO);
    assertThat(err).contains("NOT verified").contains("a checkpoint from before");
  }

  @Test
  void theLogsOwnKeySignsNoReport() throws IOException {
    var file = directory.resolve("log.key");
    var log = CheckpointKeyFile.openOrCreate(file, "example.com/log", new SecureRandom());
    assertThat(
            report(
                path("log"),
                "--key",
                log.verifierKey().toString(),
                "--sign-key",
                file.toString(),
                "--signer",
                "none"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err).contains("the key of a report is the log's own");
  }

  @Test
  void tilesAreOfTheWholeLog() {
    assertThat(run("audit", "export", path("copy"), "--since=2026-11-22"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err).contains("is for --format ndjson: tiles are of the whole log");
  }
}
