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

/// Where p11-kit is on this machine: what puts a token on a socket, and what reaches it there.
///
/// @param server the program `p11-kit-server`
/// @param client the PKCS#11 module `p11-kit-client.so`
/// @param environment the variables the server needs
public record P11KitInstallation(Path server, Path client, Map<String, String> environment) {
  private static final List<String> SERVERS =
      List.of("/usr/libexec/p11-kit/p11-kit-server", "/usr/lib/p11-kit/p11-kit-server");

  private static final List<String> CLIENTS =
      List.of(
          "/usr/lib/x86_64-linux-gnu/pkcs11/p11-kit-client.so",
          "/usr/lib/aarch64-linux-gnu/pkcs11/p11-kit-client.so",
          "/usr/lib64/pkcs11/p11-kit-client.so",
          "/usr/lib/pkcs11/p11-kit-client.so");

  private static final DebianPackages PACKAGES =
      new DebianPackages(
          "p11-kit",
          "p11-kit-debian",
          List.of("p11-kit", "p11-kit-modules", "libp11-kit0"),
          "Install it (Debian, Ubuntu: apt-get install p11-kit; Fedora: dnf install"
              + " p11-kit-server).");

  public P11KitInstallation {
    environment = Map.copyOf(environment);
  }

  /// Finds p11-kit: an installed one, else the Debian packages, unpacked into the cache.
  ///
  /// @throws TestEnvironmentException when there is none, saying what to install
  public static P11KitInstallation find(ToolCache cache, Progress progress) {
    return find(Path.of("/"), cache, progress);
  }

  /// @param system where an installed one is looked for
  static P11KitInstallation find(Path system, ToolCache cache, Progress progress) {
    var installed = first(system, SERVERS);
    var module = first(system, CLIENTS);
    if (installed.isPresent() && module.isPresent()) {
      return new P11KitInstallation(installed.get(), module.get(), Map.of());
    }
    var root = PACKAGES.unpacked(cache, progress);
    var server = DebianPackages.find(root, "p11-kit-server");
    return new P11KitInstallation(
        server,
        DebianPackages.find(root, "p11-kit-client.so"),
        Map.of(
            "LD_LIBRARY_PATH",
            DebianPackages.find(root, "libp11-kit.so.0").resolveSibling("").toString(),
            // Where it finds the program that serves a connection.
            "P11_KIT_PRIVATEDIR",
            server.resolveSibling("").toString()));
  }

  private static Optional<Path> first(Path system, List<String> places) {
    return places.stream()
        .map(place -> system.resolve(place.substring(1)))
        .filter(Files::isRegularFile)
        .findFirst();
  }
}
