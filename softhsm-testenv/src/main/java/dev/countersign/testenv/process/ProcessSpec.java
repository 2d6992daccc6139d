package dev.countersign.testenv.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A process to run: what, where, and how to ask it to stop.
///
/// @param name file name of its log and its record; unique within a home
/// @param wrapper what goes before the executable on the command line and becomes it by `exec`,
///     such as `unshare -U`; mostly empty
/// @param executable the program, an absolute path
/// @param arguments its arguments, visible to every user of the machine: no secrets
/// @param environment variables added to this JVM's own
/// @param directory its working directory
/// @param stopSignal what asks it to stop
/// @param grace how long it may take to stop before it is killed
public record ProcessSpec(
    String name,
    List<String> wrapper,
    Path executable,
    List<String> arguments,
    Map<String, String> environment,
    Path directory,
    Signal stopSignal,
    Duration grace) {

  public ProcessSpec {
    if (!name.matches("[a-z][a-z0-9-]*")) {
      throw new IllegalArgumentException(
          "process name '" + name + "': expected lower-case letters, digits and hyphens");
    }
    if (!executable.isAbsolute()) {
      throw new IllegalArgumentException(
          "executable " + executable + ": expected an absolute path");
    }
    if (grace.isNegative() || grace.isZero()) {
      throw new IllegalArgumentException("grace " + grace + ": expected more than zero");
    }
    wrapper = List.copyOf(wrapper);
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }

  /// A process without wrapper or variables, stopped by SIGTERM within ten seconds.
  public ProcessSpec(String name, Path executable, List<String> arguments, Path directory) {
    this(
        name,
        List.of(),
        executable,
        arguments,
        Map.of(),
        directory,
        Signal.TERM,
        Duration.ofSeconds(10));
  }
}
