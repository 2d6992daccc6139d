package dev.countersign.testenv.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.testenv.Progress;
import dev.countersign.testenv.TestEnvironmentException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessHomeIT {
  private static final Path SLEEP = Path.of("/bin/sleep");

  @TempDir Path temporary;

  @Test
  void nothingOutlivesAKilledJvm() throws Exception {
    try (var owner = new ForkedJvm(OwnerMain.class, Map.of(), temporary.toString(), "full")) {
      var processes = pids(owner.awaitReady());
      assertThat(processes).hasSize(2).allMatch(ProcessHandle::isAlive);
      var family =
          Stream.concat(processes.stream(), processes.stream().flatMap(ProcessHandle::descendants))
              .toList();
      assertThat(family.size()).isGreaterThan(4);
      owner.kill();
      assertAllEnd(family);
      assertAllEnd(watchdogs());
    }
  }

  @Test
  void nothingOutlivesAJvmThatEnds() throws Exception {
    try (var owner = new ForkedJvm(OwnerMain.class, Map.of(), temporary.toString(), "sleeper")) {
      var processes = pids(owner.awaitReady());
      owner.terminate();
      assertThat(processes).noneMatch(ProcessHandle::isAlive);
      assertThat(temporary.resolve("processes")).isEmptyDirectory();
    }
  }

  @Test
  void whatSurvivedIsEndedAtTheNextStart() throws Exception {
    try (var owner = new ForkedJvm(OwnerMain.class, Map.of(), temporary.toString(), "full")) {
      var processes = pids(owner.awaitReady());
      var watchdogs = watchdogs();
      assertThat(watchdogs).hasSize(2);
      watchdogs.forEach(ProcessHandle::destroyForcibly);
      assertAllEnd(watchdogs);
      owner.kill();
      Thread.sleep(500);
      assertThat(processes).allMatch(ProcessHandle::isAlive);

      var told = new ArrayList<String>();
      try (var home = ProcessHome.open(temporary, told::add)) {
        assertThat(processes).noneMatch(ProcessHandle::isAlive);
        assertThat(told).hasSize(2).allMatch(step -> step.contains("left running"));
        assertThat(home.directory().resolve("processes")).isEmptyDirectory();
      }
    }
  }

  @Test
  void aPidThatBelongsToAnotherByNowIsLeftAlone() throws Exception {
    ProcessHome.open(temporary, Progress.SILENT).close();
    var stranger = new ProcessBuilder(SLEEP.toString(), "60").start();
    try {
      var truth = ProcessRecord.of(stranger.toHandle(), SLEEP);
      var records =
          List.of(
              new ProcessRecord(truth.pid(), truth.started().minusSeconds(60), truth.executable()),
              new ProcessRecord(truth.pid(), truth.started(), Path.of("/bin/cat").toRealPath()));
      for (var record : records) {
        record.write(temporary.resolve("processes/x.process"));
        ProcessHome.open(temporary, Progress.SILENT).close();
        assertThat(stranger.isAlive()).isTrue();
        assertThat(temporary.resolve("processes")).isEmptyDirectory();
      }
      // The same with a true record: the test would notice a reaper that never kills.
      truth.write(temporary.resolve("processes/x.process"));
      ProcessHome.open(temporary, Progress.SILENT).close();
      assertThat(stranger.isAlive()).isFalse();
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void oneOwnerAtATime() throws Exception {
    try (var owner = new ForkedJvm(OwnerMain.class, Map.of(), temporary.toString(), "sleeper")) {
      var processes = pids(owner.awaitReady());
      assertThatThrownBy(() -> ProcessHome.open(temporary, Progress.SILENT))
          .isInstanceOf(TestEnvironmentException.class)
          .hasMessageContaining("is in use by process ");
      assertThat(ProcessHome.tryOpen(temporary, Progress.SILENT)).isEmpty();
      assertThat(processes).allMatch(ProcessHandle::isAlive);
    }
    var other = temporary.resolve("other");
    try (var home = ProcessHome.open(other, Progress.SILENT)) {
      assertThatThrownBy(() -> ProcessHome.open(other, Progress.SILENT))
          .isInstanceOf(TestEnvironmentException.class)
          .hasMessageContaining("is in use by this process");
      assertThat(home.directory()).isEqualTo(other);
    }
  }

  @Test
  void takesNoDirectoryOfSomebodyElse() throws Exception {
    Files.writeString(temporary.resolve("precious.txt"), "x");
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThatThrownBy(() -> ProcessHome.open(temporary, Progress.SILENT))
        .isInstanceOf(TestEnvironmentException.class)
        .hasMessageContaining("is not empty and is not a home");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temporary)))
        .isEqualTo("rwxr-xr-x");
  }

  @Test
  void aProcessThatIgnoresItsSignalIsKilled() throws Exception {
    try (var home = ProcessHome.open(temporary, Progress.SILENT)) {
      var stubborn =
          home.launch(
              new ProcessSpec(
                  "stubborn",
                  List.of(),
                  Path.of("/bin/sh"),
                  List.of("-c", "trap '' TERM; echo here; while :; do sleep 0.1; done"),
                  Map.of(),
                  temporary,
                  Signal.TERM,
                  Duration.ofMillis(500)));
      while (!stubborn.logTail().contains("here")) {
        Thread.sleep(20);
      }
      stubborn.stop();
      assertThat(stubborn.isAlive()).isFalse();
    }
  }

  @Test
  void aClosedHomeStartsNothing() {
    var home = ProcessHome.open(temporary, Progress.SILENT);
    home.close();
    assertThatThrownBy(() -> home.launch(new ProcessSpec("late", SLEEP, List.of("60"), temporary)))
        .isInstanceOf(TestEnvironmentException.class)
        .hasMessageContaining("is closed");
  }

  private List<ProcessHandle> watchdogs() {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().arguments().filter(this::isWatchdogHere).isPresent())
        .toList();
  }

  private boolean isWatchdogHere(String[] arguments) {
    return Arrays.asList(arguments).contains("watchdog")
        && Arrays.stream(arguments).anyMatch(text -> text.contains(temporary.toString()));
  }

  private static List<ProcessHandle> pids(String line) {
    return Arrays.stream(line.split(" ", -1))
        .map(pid -> ProcessHandle.of(Long.parseLong(pid)).orElseThrow())
        .toList();
  }

  private static void assertAllEnd(List<ProcessHandle> processes) {
    for (var process : processes) {
      assertThat(Orphans.awaitExit(process, 15_000))
          .describedAs("%s ends", process.info())
          .isTrue();
    }
  }
}
