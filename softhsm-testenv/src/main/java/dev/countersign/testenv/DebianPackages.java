package dev.countersign.testenv;

import dev.countersign.testenv.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A program that is not installed, taken from Debian packages: downloaded with `apt-get download`
/// and unpacked into the cache, which needs no root. What they depend on is not fetched with them.
///
/// @param program its name for people
/// @param entry its name in the cache
/// @param packages the packages to unpack over each other
/// @param remedy what to do where this is not possible; ends the message then
public record DebianPackages(String program, String entry, List<String> packages, String remedy) {
  public DebianPackages {
    packages = List.copyOf(packages);
  }

  /// The directory they are unpacked in, as if it were `/`.
  ///
  /// @throws TestEnvironmentException when they cannot be fetched, saying what to install
  public Path unpacked(ToolCache cache, Progress progress) {
    return cache.obtain(entry, "downloading " + program, progress, this::unpack);
  }

  /// The one file of this name, wherever the packages of this architecture keep it.
  ///
  /// @param unpacked from [#unpacked]
  public static Path find(Path unpacked, String name) {
    try (var files = Files.walk(unpacked.resolve("usr"))) {
      return files
          .filter(file -> file.endsWith(name) && Files.isRegularFile(file))
          .findFirst()
          .orElseThrow(
              () ->
                  new TestEnvironmentException(
                      "no %s under %s; delete that directory and start again"
                          .formatted(name, unpacked)));
    } catch (IOException e) {
      throw new TestEnvironmentException("cannot read " + unpacked + ": " + e.getMessage(), e);
    }
  }

  private void unpack(Path directory) throws IOException {
    if (!Command.exists("apt-get") || !Command.exists("dpkg")) {
      throw notInstalled("and this machine has no apt-get to fetch it with");
    }
    var archives = Files.createDirectory(directory.resolve("packages"));
    var download = with(packages, List.of("apt-get", "download"), 2);
    var exit = run(download, archives);
    if (!exit.succeeded()) {
      // No package lists yet (a fresh container): fetch them into a place of our own.
      var lists = directory.resolve("apt");
      Files.createDirectories(lists.resolve("lists/partial"));
      Files.createDirectories(lists.resolve("cache/archives/partial"));
      var ours =
          List.of(
              "-o", "Dir::State::lists=" + lists.resolve("lists"),
              "-o", "Dir::Cache=" + lists.resolve("cache"),
              "-o", "APT::Sandbox::User=");
      var update = run(with(ours, List.of("apt-get", "update"), 1), archives);
      exit = update.succeeded() ? run(with(ours, download, 1), archives) : update;
    }
    if (!exit.succeeded()) {
      throw notInstalled("and apt-get cannot fetch it:\n  " + exit.output());
    }
    try (var debs = Files.newDirectoryStream(archives, "*.deb")) {
      for (Path deb : debs) {
        var unpack = run(List.of("dpkg", "-x", deb.toString(), directory.toString()), archives);
        if (!unpack.succeeded()) {
          throw notInstalled("and " + deb + " cannot be unpacked: " + unpack.output());
        }
      }
    }
  }

  private static List<String> with(List<String> words, List<String> command, int at) {
    var line = new ArrayList<>(command);
    line.addAll(at, words);
    return line;
  }

  private static Command.Exit run(List<String> line, Path directory) throws IOException {
    return new Command(line, Map.of("LC_ALL", "C"), directory, Duration.ofMinutes(3)).run();
  }

  private TestEnvironmentException notInstalled(String why) {
    return new TestEnvironmentException(program + " is not installed " + why + "\n  " + remedy);
  }
}
