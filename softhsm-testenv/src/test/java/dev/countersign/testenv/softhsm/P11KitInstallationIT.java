package dev.countersign.testenv.softhsm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.testenv.Progress;
import dev.countersign.testenv.ToolCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class P11KitInstallationIT {
  @TempDir Path system;

  @Test
  void takesTheInstalledOne() throws IOException {
    var server = file("usr/libexec/p11-kit/p11-kit-server");
    var client = file("usr/lib64/pkcs11/p11-kit-client.so");

    var found = P11KitInstallation.find(system, ToolCache.ofUser(), Progress.SILENT);

    assertThat(found.server()).isEqualTo(server);
    assertThat(found.client()).isEqualTo(client);
    assertThat(found.environment()).isEmpty();
  }

  @Test
  void unpacksThePackagesWhereAPartIsMissing() throws IOException {
    file("usr/libexec/p11-kit/p11-kit-server");

    var found = P11KitInstallation.find(system, ToolCache.ofUser(), Progress.SILENT);

    assertThat(found.server()).isExecutable();
    assertThat(found.client()).isRegularFile();
    assertThat(found.environment()).containsOnlyKeys("LD_LIBRARY_PATH", "P11_KIT_PRIVATEDIR");
  }

  private Path file(String name) throws IOException {
    var file = system.resolve(name);
    Files.createDirectories(file.resolveSibling(""));
    return Files.createFile(file);
  }
}
