package dev.countersign.testenv.process;

import dev.countersign.testenv.TestEnvironmentException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// A running child process that is stopped with this JVM. Safe for use by several threads.
public final class OwnedProcess {
  private static final int TAIL_LINES = 20;

  private final ProcessSpec spec;
  private final Process process;
  private final Path log;
  private final Path record;

  OwnedProcess(ProcessSpec spec, Process process, Path log, Path record) {
    this.spec = spec;
    this.process = process;
    this.log = log;
    this.record = record;
  }

  /// {@return the name from its specification}
  public String name() {
    return spec.name();
  }

  /// {@return its process id}
  public long pid() {
    return process.pid();
  }

  /// {@return whether it has not ended yet}
  public boolean isAlive() {
    return process.isAlive();
  }

  /// {@return the file its output goes to, appended over restarts}
  public Path log() {
    return log;
  }

  /// Returns when it is ready; kills it when it does not become so.
  ///
  /// @param ready asked every few milliseconds
  /// @throws TestEnvironmentException when it ended or was not ready in time, with the end of its
  /// log
  public void awaitReady(Duration within, BooleanSupplier ready) {
    long deadline = System.nanoTime() + within.toNanos();
    try {
      while (process.isAlive() && System.nanoTime() < deadline) {
        if (ready.getAsBoolean()) {
          return;
        }
        Thread.sleep(20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    String ending = process.isAlive() ? "is not ready after " + within : "ended by itself";
    String tail = logTail();
    kill();
    throw new TestEnvironmentException(
        "%s %s; the end of %s:%n  %s".formatted(spec.name(), ending, log, tail));
  }

  /// Asks it to stop, and kills it when its grace is over. Returns when it has ended; does
  /// nothing to one that has.
  public void stop() {
    signal(spec.stopSignal());
    if (!awaitExit(spec.grace().toMillis())) {
      process.destroyForcibly();
      awaitExit(TimeUnit.SECONDS.toMillis(10));
    }
    forget();
  }

  /// Kills it with SIGKILL and returns when it and the processes it had started have ended (they
  /// are given the same signal after two seconds).
  public void kill() {
    var children = process.descendants().toList();
    process.destroyForcibly();
    awaitExit(TimeUnit.SECONDS.toMillis(10));
    for (ProcessHandle child : children) {
      Orphans.awaitExit(child, 2_000);
      child.destroyForcibly();
    }
    forget();
  }

  /// Kills it with SIGKILL, and the processes it had started at once after it; returns when it has
  /// ended itself.
  public void killTree() {
    var children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    awaitExit(TimeUnit.SECONDS.toMillis(10));
    forget();
  }

  /// Sends a signal without waiting.
  public void signal(Signal signal) {
    if (!process.isAlive()) {
      return;
    }
    try {
      var orders = process.getOutputStream();
      orders.write((signal.name() + "\n").getBytes(StandardCharsets.US_ASCII));
      orders.flush();
    } catch (IOException e) {
      // The watchdog is gone: the process must stop all the same.
      process.destroyForcibly();
    }
  }

  /// {@return the last lines of its output, for error messages}
  public String logTail() {
    try {
      List<String> lines =
          new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
      return String.join(
          "\n  ", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    } catch (IOException e) {
      return "(no log: " + e.getMessage() + ")";
    }
  }

  private boolean awaitExit(long millis) {
    try {
      return process.waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void forget() {
    if (process.isAlive()) {
      throw new TestEnvironmentException(
          spec.name() + " (pid " + pid() + ") did not end after SIGKILL; see " + log);
    }
    try {
      Files.deleteIfExists(record);
    } catch (IOException e) {
      // Harmless: the record describes a process that has ended, so nothing will match it.
      return;
    }
  }
}
