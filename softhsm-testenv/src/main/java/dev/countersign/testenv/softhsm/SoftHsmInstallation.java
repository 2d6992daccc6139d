package dev.countersign.testenv.softhsm;

import dev.countersign.testenv.DebianPackages;
import dev.countersign.testenv.Progress;
import dev.countersign.testenv.TestEnvironmentException;
import dev.countersign.testenv.ToolCache;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private static final DebianPackages PACKAGES =
      new DebianPackages(
          "SoftHSM 2",
          "softhsm-debian",
          List.of("softhsm2", "libsofthsm2", "softhsm2-common"),
          "Install it (Debian, Ubuntu: apt-get install softhsm2; Fedora: dnf install softhsm;"
              + " macOS: brew install softhsm), or set SOFTHSM2_LIB to the path of"
              + " libsofthsm2.so.");

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
    var root = PACKAGES.unpacked(cache, progress);
    return new SoftHsmInstallation(
        DebianPackages.find(root, "libsofthsm2.so"), root.resolve("usr/bin").resolve(TOOL));
  }
}
