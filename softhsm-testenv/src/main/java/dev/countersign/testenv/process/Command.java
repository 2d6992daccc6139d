package dev.countersign.testenv.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A program run to its end. It is stopped when this JVM dies, and after its time is over.
///
/// @param line the command line
/// @param environment variables added to this JVM's own
/// @param directory its working directory
/// @param limit how long it may take
public record Command(
    List<String> line, Map<String, String> environment, Path directory, Duration limit) {

  public Command {
    line = List.copyOf(line);
    environment = Map.copyOf(environment);
  }

  /// How a program ended.
  ///
  /// @param code its exit code; negative when it did not end in time or could not be started
  /// @param output standard output and error together
  public record Exit(int code, String output) {
    /// {@return whether the exit code is zero}
    public boolean succeeded() {
      return code == 0;
    }
  }

  /// Runs a program in the current directory for at most a minute.
  ///
  /// @param program its name on the PATH
  public static Exit run(String program, String... arguments) throws IOException {
    var line = new ArrayList<String>();
    line.add(program);
    line.addAll(List.of(arguments));
    return new Command(line, Map.of(), Path.of("").toAbsolutePath(), Duration.ofMinutes(1)).run();
  }

  /// {@return whether a program of this name is on the PATH}
  public static boolean exists(String program) {
    return Watchdog.onPath(program);
  }

  /// Runs it and waits. A program that does not exist gives exit code 127.
  public Exit run() throws IOException {
    var output = Files.createTempFile("command", ".out");
    try {
      var builder = new ProcessBuilder(Watchdog.over(line, Signal.TERM, Duration.ofSeconds(5)));
      builder.directory(directory.toFile()).redirectErrorStream(true);
      builder.redirectOutput(output.toFile()).environment().putAll(environment);
      var process = builder.start();
      boolean ended = false;
      try {
        ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (!ended) {
        process.destroyForcibly();
      }
      var text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8).strip();
      return ended
          ? new Exit(process.exitValue(), text)
          : new Exit(-1, text + "\n(ended after " + limit.toSeconds() + " s)");
    } finally {
      Files.deleteIfExists(output);
    }
  }
}
