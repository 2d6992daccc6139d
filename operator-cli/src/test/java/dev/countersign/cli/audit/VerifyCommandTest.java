package dev.countersign.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.verify.Finding;
import dev.countersign.audit.verify.VerificationResult;
import dev.countersign.cli.Countersign;
import dev.countersign.cli.ExitCode;
import dev.countersign.cli.witness.SmallLog;
import dev.countersign.core.model.Bytes;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerifyCommandTest {
  private static final CheckpointSigner LOG = SmallLog.signer("example.com/custody");
  private static final String KEY = LOG.verifierKey().toString();

  @TempDir private Path directory;
  private String said = "";

  private String log(String... entries) throws IOException {
    var folder = directory.resolve(String.join("", entries));
    List<Bytes> bytes =
        Stream.of(entries).map(entry -> Bytes.of(entry.getBytes(StandardCharsets.UTF_8))).toList();
    ExportedLog.write(folder, bytes, ExportedLog.checkpoint(LOG, bytes).note());
    return folder.toString();
  }

  private int run(String... arguments) {
    var buffer = new StringWriter();
    var writer = new PrintWriter(buffer);
    int code = Countersign.commandLine().setOut(writer).setErr(writer).execute(arguments);
    said = buffer.toString();
    return code;
  }

  @Test
  void ofSeveralCopiesTheLargestCheckpointIsKept() throws IOException {
    var saved = directory.resolve("seen");
    assertThat(
            run(
                "audit",
                "verify",
                "--key=" + KEY,
                "--save-checkpoint=" + saved,
                log("a"),
                log("a", "b", "c"),
                log("a", "b")))
        .as("%s", said)
        .isEqualTo(ExitCode.OK);
    assertThat(Files.readString(saved))
        .isEqualTo(Files.readString(directory.resolve("abc/checkpoint")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://localhost:1/d?user=u&password=hunter2",
        "jdbc:postgresql://localhost:1/d?sslPassword=hunter2&user=u",
        "jdbc:postgresql://u:hunter2@localhost:1/d",
      })
  void theAddressOfADatabaseHasNoPassword(String url) {
    assertThat(run("audit", "verify", "--key=" + KEY, url)).isEqualTo(ExitCode.USAGE);
    assertThat(said).contains("--password-file").doesNotContain("hunter2");
    assertThat(
            run(
                "audit",
                "archive",
                "--key=" + KEY,
                "--before=2020-01-01",
                "--to=" + directory,
                url))
        .isEqualTo(ExitCode.USAGE);
    assertThat(said).contains("--password-file").doesNotContain("hunter2");
  }

  @Test
  void whatAFindingRepeatsMovesNoCursor() {
    var finding =
        Finding.of(Finding.Kind.CHECKPOINT, "expected one\ngot \u001b[2J\u009bA\u007f\u202eB\r");
    assertThat(LogWords.broken("log", new VerificationResult.Broken(List.of(finding), 1)))
        .isEqualTo(
            "log: NOT verified, 1 finding\n  expected one\n  got \\{1b}[2J\\{9b}A\\{7f}\\{202e}B");
  }
}
