package dev.countersign.testenv.process;

import dev.countersign.testenv.OwnerOnly;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Properties;

/// What is needed to recognise a process after the JVM that started it is gone. A pid alone is not
/// enough: pids are reused.
///
/// @param pid the process id
/// @param started when it started, as the operating system tells
/// @param executable the program it runs
record ProcessRecord(long pid, Instant started, Path executable) {

  /// The kernel's boot time, which start times are computed from, moves by a second when the
  /// clock is adjusted.
  private static final Duration CLOCK_STEP = Duration.ofSeconds(2);

  static ProcessRecord of(ProcessHandle process, Path executable) throws IOException {
    return new ProcessRecord(
        process.pid(),
        process.info().startInstant().orElse(Instant.EPOCH),
        executable.toRealPath());
  }

  /// The running process this is about; empty when it is gone or its pid belongs to another by now.
  Optional<ProcessHandle> running() {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::matches);
  }

  private boolean matches(ProcessHandle candidate) {
    var info = candidate.info();
    return info.command().map(Path::of).filter(executable::equals).isPresent()
        && info.startInstant()
            .filter(at -> Duration.between(at, started).abs().compareTo(CLOCK_STEP) <= 0)
            .isPresent();
  }

  void write(Path file) throws IOException {
    var properties = new Properties();
    properties.setProperty("pid", Long.toString(pid));
    properties.setProperty("started", started.toString());
    properties.setProperty("executable", executable.toString());
    var bytes = new ByteArrayOutputStream();
    properties.store(bytes, null);
    OwnerOnly.replace(file, bytes.toByteArray());
  }

  static ProcessRecord read(Path file) throws IOException {
    var properties = new Properties();
    try (var in = Files.newInputStream(file)) {
      properties.load(in);
    }
    return new ProcessRecord(
        Long.parseLong(properties.getProperty("pid", "0")),
        Instant.parse(properties.getProperty("started", "1970-01-01T00:00:00Z")),
        Path.of(properties.getProperty("executable", "")));
  }
}
