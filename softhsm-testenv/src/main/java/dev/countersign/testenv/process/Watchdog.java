package dev.countersign.testenv.process;

import dev.countersign.testenv.TestEnvironmentException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Builds command lines that leave a watchdog behind: a shell that blocks on a pipe from this JVM
/// and stops the process when the pipe closes, which the kernel does even when the JVM dies by
/// `kill -9`. Signals are sent by writing their name into the pipe. The process keeps the pid
/// Java knows.
final class Watchdog {
  private static final String SCRIPT = script();
  private static final boolean SESSIONS = onPath("setsid");

  private Watchdog() {}

  /// The command, run in a session of its own where the machine has `setsid`, so that Ctrl-C in a
  /// terminal and signals to the JVM's process group reach the JVM alone, which then stops its
  /// processes in order.
  static List<String> over(List<String> command, Signal stopSignal, Duration grace) {
    var line = new ArrayList<String>();
    if (SESSIONS) {
      line.add("setsid");
    }
    line.addAll(
        List.of(
            "sh",
            "-c",
            SCRIPT,
            "watchdog",
            stopSignal.name(),
            Long.toString(Math.max(1, grace.toMillis() / 100))));
    line.addAll(command);
    return List.copyOf(line);
  }

  static boolean onPath(String program) {
    for (String directory : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, program))) {
        return true;
      }
    }
    return false;
  }

  private static String script() {
    try (var in = Watchdog.class.getResourceAsStream("launch.sh")) {
      if (in == null) {
        throw new TestEnvironmentException("launch.sh is missing beside " + Watchdog.class);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
