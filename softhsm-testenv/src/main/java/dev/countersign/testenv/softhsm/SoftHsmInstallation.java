package dev.countersign.testenv.softhsm;

import dev.countersign.testenv.Progress;
import dev.countersign.testenv.TestEnvironmentException;
import dev.countersign.testenv.ToolCache;
import dev.countersign.testenv.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where SoftHSM is on this machine.
///
/// @param module the PKCS#11 module `libsofthsm2.so`
/// @param tool the program `softhsm2-util`
public record SoftHsmInstallation(Path module, Path tool) {
  private static final String TOOL = "softhsm2-util";

  private static final List<Path> MODULES =
      List.of(
          Path.of("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
          Path.of("/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so"),
          Path.of("/usr/lib/softhsm/libsofthsm2.so"),
          Path.of("/usr/lib64/softhsm/libsofthsm2.so"),
          Path.of("/usr/lib64/pkcs11/libsofthsm2.so"),
          Path.of("/usr/local/lib/softhsm/libsofthsm2.so"),
          Path.of("/opt/homebrew/lib/softhsm/libsofthsm2.so"),
          Path.of("/home/linuxbrew/.linuxbrew/lib/softhsm/libsofthsm2.so"));

  /// Finds SoftHSM: the module named by `SOFTHSM2_LIB`, else an installed one, else the Debian
  /// packages, downloaded with `apt-get download` and unpacked into the cache, which needs no
  /// root.
  ///
  /// @throws TestEnvironmentException when there is none, saying what to install
  public static SoftHsmInstallation find(ToolCache cache, Progress progress) {
    return find(System.getenv(), MODULES, cache, progress);
  }

  static SoftHsmInstallation find(
      Map<String, String> environment, List<Path> modules, ToolCache cache, Progress progress) {
    var named = environment.getOrDefault("SOFTHSM2_LIB", "");
    if (!named.isBlank()) {
      var module = Path.of(named).toAbsolutePath();
      if (!Files.isRegularFile(module)) {
        throw new TestEnvironmentException(
            "SOFTHSM2_LIB is "
                + named
                + ", which is no file; expected the path of libsofthsm2.so (unset it to search)");
      }
      return new SoftHsmInstallation(
          module, toolOnPath(environment).orElseGet(() -> unpacked(cache, progress).tool()));
    }
    var tool = toolOnPath(environment);
    var installed = modules.stream().filter(Files::isRegularFile).findFirst();
    return tool.isPresent() && installed.isPresent()
        ? new SoftHsmInstallation(installed.get(), tool.get())
        : unpacked(cache, progress);
  }

  private static Optional<Path> toolOnPath(Map<String, String> environment) {
    for (String directory : environment.getOrDefault("PATH", "").split(":", -1)) {
      var tool = Path.of(directory, TOOL);
      if (!directory.isEmpty() && Files.isExecutable(tool)) {
        return Optional.of(tool.toAbsolutePath());
      }
    }
    return Optional.empty();
  }

  private static SoftHsmInstallation unpacked(ToolCache cache, Progress progress) {
    var root =
        cache.obtain(
            "softhsm-debian", "downloading SoftHSM", progress, SoftHsmInstallation::unpackDebian);
    try (var files = Files.walk(root)) {
      var module =
          files
              .filter(file -> file.endsWith("libsofthsm2.so") && Files.isRegularFile(file))
              .findFirst();
      if (module.isPresent()) {
        return new SoftHsmInstallation(module.get(), root.resolve("usr/bin").resolve(TOOL));
      }
    } catch (IOException e) {
      throw new TestEnvironmentException("cannot read " + root + ": " + e.getMessage(), e);
    }
    throw new TestEnvironmentException(
        "no libsofthsm2.so under " + root + "; delete that directory and start again");
  }

  private static void unpackDebian(Path directory) throws IOException {
    if (!Command.exists("apt-get") || !Command.exists("dpkg")) {
      throw notInstalled("and this machine has no apt-get to fetch it with");
    }
    var packages = Files.createDirectory(directory.resolve("packages"));
    var download = List.of("apt-get", "download", "softhsm2", "libsofthsm2", "softhsm2-common");
    var exit = run(download, packages);
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
      var update = run(with(ours, List.of("apt-get", "update")), packages);
      exit = update.succeeded() ? run(with(ours, download), packages) : update;
    }
    if (!exit.succeeded()) {
      throw notInstalled("and apt-get cannot fetch it:\n  " + exit.output());
    }
    try (var debs = Files.newDirectoryStream(packages, "*.deb")) {
      for (Path deb : debs) {
        var unpack = run(List.of("dpkg", "-x", deb.toString(), directory.toString()), packages);
        if (!unpack.succeeded()) {
          throw notInstalled("and " + deb + " cannot be unpacked: " + unpack.output());
        }
      }
    }
  }

  private static List<String> with(List<String> options, List<String> command) {
    var line = new ArrayList<>(command);
    line.addAll(1, options);
    return line;
  }

  private static Command.Exit run(List<String> line, Path directory) throws IOException {
    return new Command(line, Map.of("LC_ALL", "C"), directory, Duration.ofMinutes(3)).run();
  }

  private static TestEnvironmentException notInstalled(String why) {
    return new TestEnvironmentException(
        "SoftHSM 2 is not installed "
            + why
            + "\n"
            + "  Install it (Debian, Ubuntu: apt-get install softhsm2; Fedora: dnf install softhsm;"
            + " macOS: brew install softhsm), or set SOFTHSM2_LIB to the path of libsofthsm2.so.");
  }
}
