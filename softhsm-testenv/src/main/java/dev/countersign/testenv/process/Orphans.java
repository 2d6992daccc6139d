package dev.countersign.testenv.process;

import dev.countersign.testenv.Progress;
import dev.countersign.testenv.TestEnvironmentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Ends what an earlier owner of a home left running. Only called by the one who holds the home's
/// lock, so whatever a record still matches has no owner.
final class Orphans {
  private static final long GRACE_MILLIS = 10_000;

  private Orphans() {}

  static void reap(Path records, Progress progress) throws IOException {
    try (var files = Files.newDirectoryStream(records, "*.process")) {
      for (Path file : files) {
        var running = ProcessRecord.read(file).running();
        if (running.isPresent()) {
          progress.starting(
              "stopping " + file.getFileName() + " (pid " + running.get().pid() + ") left running");
          end(running.get());
        }
        Files.deleteIfExists(file);
      }
    }
  }

  private static void end(ProcessHandle process) throws IOException {
    // SIGINT, because SIGTERM lets PostgreSQL wait for its clients.
    var exit =
        Command.run("kill", "sh", "-c", "kill -s INT \"$1\"", "kill", Long.toString(process.pid()));
    if (exit.succeeded() && awaitExit(process, GRACE_MILLIS)) {
      return;
    }
    process.destroyForcibly();
    if (!awaitExit(process, GRACE_MILLIS)) {
      throw new TestEnvironmentException(
          "process "
              + process.pid()
              + " of an earlier run does not end after SIGKILL; end it, then start again");
    }
  }

  static boolean awaitExit(ProcessHandle process, long millis) {
    try {
      process.onExit().get(millis, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !process.isAlive();
    } catch (ExecutionException e) {
      return !process.isAlive();
    }
  }
}
