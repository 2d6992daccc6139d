package dev.countersign.testenv.process;

import dev.countersign.testenv.OwnerOnly;
import dev.countersign.testenv.Progress;
import dev.countersign.testenv.TestEnvironmentException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// A private directory that one JVM owns at a time, and the processes this JVM runs in it.
///
/// Processes never outlive their owner: they are stopped, last started first, by [#close] and
/// when the JVM exits; a watchdog stops each when the JVM is killed; and what survived even that
/// (a killed watchdog) is found by its record and ended when the home is opened next.
///
/// Layout: `owner.lock` (held while open), `processes/NAME.process` (pid, start time, program),
/// `logs/NAME.log`. Everything else in the directory belongs to the callers.
public final class ProcessHome implements AutoCloseable {
  private static final String LOCK = "owner.lock";

  /// Homes open in this JVM. Closing any channel on a file drops this JVM's locks on it (POSIX),
  /// so a second opening must be refused before the file is touched.
  private static final Set<Path> OPEN = new HashSet<>();

  private final Path directory;
  private final FileChannel channel;
  private final FileLock lock;
  private final Deque<OwnedProcess> processes = new ArrayDeque<>();
  private final Thread hook = new Thread(this::stopAll, "countersign-process-home");
  private boolean closed;

  private ProcessHome(Path directory, FileChannel channel, FileLock lock) {
    this.directory = directory;
    this.channel = channel;
    this.lock = lock;
  }

  /// Takes the home, creating it with mode 0700 when it does not exist, and ends what an earlier
  /// owner left running.
  ///
  /// @throws TestEnvironmentException when another JVM owns it, or when the directory exists, is
  ///     not empty and was not made by this class
  public static ProcessHome open(Path directory, Progress progress) {
    return tryOpen(directory, progress)
        .orElseThrow(
            () ->
                new TestEnvironmentException(
                    "home "
                        + directory
                        + " is in use by "
                        + owner(directory)
                        + "; stop it, or name another directory"));
  }

  /// Takes the home like [#open]; empty when it has an owner.
  public static Optional<ProcessHome> tryOpen(Path directory, Progress progress) {
    synchronized (OPEN) {
      try {
        requireOursOrEmpty(directory);
        var path = OwnerOnly.directory(directory.toAbsolutePath()).toRealPath();
        if (!OPEN.add(path)) {
          return Optional.empty();
        }
        var taken = Optional.<ProcessHome>empty();
        try {
          taken = take(path, progress);
          return taken;
        } finally {
          if (taken.isEmpty()) {
            OPEN.remove(path);
          }
        }
      } catch (IOException e) {
        throw new TestEnvironmentException(
            "cannot use "
                + directory
                + " as a home: "
                + e.getMessage()
                + "; name another directory",
            e);
      }
    }
  }

  /// {@return whether the directory is a home, owned or not}
  public static boolean isHome(Path directory) {
    return Files.exists(directory.resolve(LOCK));
  }

  private static void requireOursOrEmpty(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS) || isHome(path)) {
      return;
    }
    try (var content = Files.newDirectoryStream(path)) {
      if (content.iterator().hasNext()) {
        throw new TestEnvironmentException(
            path
                + " is not empty and is not a home made by an earlier run"
                + "; name a new or an empty directory");
      }
    }
  }

  private static Optional<ProcessHome> take(Path path, Progress progress) throws IOException {
    var channel =
        FileChannel.open(
            path.resolve(LOCK),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    boolean keep = false;
    try {
      var lock = channel.tryLock();
      if (lock == null) {
        return Optional.empty();
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
      OwnerOnly.directory(path.resolve("logs"));
      Orphans.reap(OwnerOnly.directory(path.resolve("processes")), progress);
      var home = new ProcessHome(path, channel, lock);
      Runtime.getRuntime().addShutdownHook(home.hook);
      keep = true;
      return Optional.of(home);
    } finally {
      if (!keep) {
        channel.close();
      }
    }
  }

  private static String owner(Path directory) {
    synchronized (OPEN) {
      try {
        var path = directory.toRealPath();
        return OPEN.contains(path)
            ? "this process"
            : "process " + Files.readString(path.resolve(LOCK));
      } catch (IOException e) {
        return "another process";
      }
    }
  }

  /// {@return the home's absolute path}
  public Path directory() {
    return directory;
  }

  /// Starts a process. Its output goes to `logs/NAME.log`.
  ///
  /// @return the running process (or one that ended at once: look at [OwnedProcess#isAlive])
  public OwnedProcess launch(ProcessSpec spec) {
    var log = directory.resolve("logs").resolve(spec.name() + ".log");
    var record = directory.resolve("processes").resolve(spec.name() + ".process");
    var line = new ArrayList<>(spec.wrapper());
    line.add(spec.executable().toString());
    line.addAll(spec.arguments());
    var builder = new ProcessBuilder(Watchdog.over(line, spec.stopSignal(), spec.grace()));
    builder.directory(spec.directory().toFile()).redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(spec.environment());
    synchronized (processes) {
      if (closed) {
        throw new TestEnvironmentException(
            "home " + directory + " is closed: " + spec.name() + " is not started");
      }
      processes.removeIf(process -> !process.isAlive());
      try {
        var process = builder.start();
        try {
          ProcessRecord.of(process.toHandle(), spec.executable()).write(record);
        } catch (IOException | RuntimeException e) {
          process.destroyForcibly();
          throw e;
        }
        var owned = new OwnedProcess(spec, process, log, record);
        processes.addFirst(owned);
        return owned;
      } catch (IOException e) {
        throw new TestEnvironmentException("cannot start " + line + ": " + e.getMessage(), e);
      }
    }
  }

  /// {@return whether processes can be started in it: neither closed nor stopping with its JVM}
  public boolean isOpen() {
    synchronized (processes) {
      return !closed;
    }
  }

  private void stopAll() {
    synchronized (processes) {
      closed = true;
      for (OwnedProcess process : processes) {
        process.stop();
      }
      processes.clear();
    }
  }

  /// Stops the processes, last started first, and gives the home up. The directory stays.
  @Override
  public void close() {
    stopAll();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is shutting down: the hook finds nothing left to do.
    }
    synchronized (OPEN) {
      try {
        lock.close();
        channel.close();
      } catch (IOException e) {
        throw new TestEnvironmentException("cannot give up " + directory, e);
      } finally {
        OPEN.remove(directory);
      }
    }
  }
}
