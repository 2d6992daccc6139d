package dev.countersign.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/// CPU time that processes have used, from `/proc/PID/stat` (proc(5)): user and system, threads
/// included.
final class ProcessCpu {
  private static final int UTIME = 11;
  private static final int STIME = 12;
  private static final int CHILDREN_UTIME = 13;
  private static final int CHILDREN_STIME = 14;

  /// What `sysconf(_SC_CLK_TCK)` is on every Linux that Java runs on.
  private static final long TICKS_PER_SECOND = 100;

  private ProcessCpu() {}

  /// A process and those it started, also those that have ended since.
  static Duration ofTree(long pid) {
    long ticks = ticks(pid, true);
    try (Stream<ProcessHandle> children =
        ProcessHandle.of(pid).stream().flatMap(ProcessHandle::descendants)) {
      ticks += children.mapToLong(child -> ticks(child.pid(), true)).sum();
    }
    return Duration.ofMillis(ticks * 1_000 / TICKS_PER_SECOND);
  }

  private static long ticks(long pid, boolean withEndedChildren) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      // The second field is the program's name in brackets, which may hold spaces.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      long own = Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME]);
      return withEndedChildren
          ? own + Long.parseLong(fields[CHILDREN_UTIME]) + Long.parseLong(fields[CHILDREN_STIME])
          : own;
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the CPU time of process " + pid, e);
    }
  }
}
