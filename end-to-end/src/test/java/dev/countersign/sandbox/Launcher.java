package dev.countersign.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs `./countersign`, or any command line, in a directory of a test's own. It runs what this
/// build has built, and never builds: that would be a build inside a build.
///
/// @param directory holds a link to `countersign`, and what the commands leave behind
record Launcher(Path directory) {
  private static final long MINUTES = 3;

  /// How a command ended.
  record Ended(int exitCode, String out, String err) {
    String all() {
      return out + err;
    }
  }

  static Launcher in(Path directory) throws IOException {
    Files.createSymbolicLink(
        directory.resolve("countersign"), Path.of("..").toRealPath().resolve("countersign"));
    return new Launcher(directory);
  }

  Ended run(String... arguments) throws IOException, InterruptedException {
    var line = new ArrayList<>(List.of("./countersign"));
    line.addAll(List.of(arguments));
    return runLine(line);
  }

  /// Runs a line as a shell has it.
  Ended runInShell(String line) throws IOException, InterruptedException {
    return runLine(List.of("bash", "-c", line));
  }

  private Ended runLine(List<String> line) throws IOException, InterruptedException {
    var out = Files.createTempFile(directory, "out", ".txt");
    var err = Files.createTempFile(directory, "err", ".txt");
    var process = start(line, out, err);
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new IllegalStateException(
          line + " did not end in " + MINUTES + " minutes:\n" + Files.readString(out));
    }
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /// Starts a command that stays up; its output goes to the file.
  Process start(Path output, String... arguments) throws IOException {
    var line = new ArrayList<>(List.of("./countersign"));
    line.addAll(List.of(arguments));
    return start(line, output, output);
  }

  private Process start(List<String> line, Path out, Path err) throws IOException {
    var builder = new ProcessBuilder(line).directory(directory.toFile());
    builder.environment().put("COUNTERSIGN_BUILD", "never");
    builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    builder.redirectOutput(out.toFile());
    if (out.equals(err)) {
      builder.redirectErrorStream(true);
    } else {
      builder.redirectError(err.toFile());
    }
    return builder.start();
  }
}
