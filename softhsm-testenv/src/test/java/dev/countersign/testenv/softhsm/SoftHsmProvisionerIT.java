package dev.countersign.testenv.softhsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.testenv.Progress;
import dev.countersign.testenv.TestEnvironmentException;
import dev.countersign.testenv.ToolCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SoftHsmProvisionerIT {
  @TempDir Path directory;

  private final SoftHsmInstallation installation =
      SoftHsmInstallation.find(ToolCache.ofUser(), Progress.SILENT);
  private final SoftHsmProvisioner provisioner =
      new SoftHsmProvisioner(installation, new SecureRandom());

  @Test
  void givesTheSameTokenNextTime() {
    var first = provisioner.provision(directory, "vault-1");
    var again =
        new SoftHsmProvisioner(installation, new SecureRandom()).provision(directory, "vault-1");
    assertThat(again.slot()).isEqualTo(first.slot());
    assertThat(again.pin()).isEqualTo(first.pin()).hasSize(32);
    assertThat(again.label()).isEqualTo("vault-1");
    assertThat(again.environment())
        .isEqualTo(Map.of("SOFTHSM2_CONF", directory.resolve("softhsm2.conf").toString()));
  }

  @Test
  void aSecondLabelIsASecondToken() {
    var one = provisioner.provision(directory, "one");
    var two = provisioner.provision(directory, "two");
    assertThat(two.slot()).isNotEqualTo(one.slot());
    assertThat(provisioner.provision(directory, "one").slot()).isEqualTo(one.slot());
  }

  @Test
  void onlyTheOwnerCanReadIt() throws IOException {
    var token = provisioner.provision(directory.resolve("private"), "t");
    assertThat(mode(directory.resolve("private"))).isEqualTo("rwx------");
    assertThat(mode(directory.resolve("private/tokens"))).isEqualTo("rwx------");
    assertThat(mode(token.pinFile())).isEqualTo("rw-------");
    assertThat(mode(token.securityOfficerPinFile())).isEqualTo("rw-------");
    assertThat(Files.readString(token.pinFile()))
        .isNotEqualTo(Files.readString(token.securityOfficerPinFile()));
  }

  @Test
  void refusesALabelThatIsNone() {
    assertThatThrownBy(() -> provisioner.provision(directory, "two words"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aNamedModuleMustExist() {
    assertThatThrownBy(
            () ->
                SoftHsmInstallation.find(
                    Map.of("SOFTHSM2_LIB", "/nowhere/libsofthsm2.so"),
                    List.of(),
                    ToolCache.ofUser(),
                    Progress.SILENT))
        .isInstanceOf(TestEnvironmentException.class)
        .hasMessageContaining("SOFTHSM2_LIB is /nowhere/libsofthsm2.so");
  }

  @Test
  void theNamedModuleIsTaken() {
    var found =
        SoftHsmInstallation.find(
            Map.of("SOFTHSM2_LIB", installation.module().toString()),
            List.of(),
            ToolCache.ofUser(),
            Progress.SILENT);
    assertThat(found.module()).isEqualTo(installation.module());
    assertThat(found.tool()).isExecutable();
  }

  @Test
  void unpacksThePackagesWhereNothingIsInstalled() {
    var found = SoftHsmInstallation.find(Map.of(), List.of(), ToolCache.ofUser(), Progress.SILENT);
    assertThat(found.module()).isRegularFile();
    assertThat(found.tool()).isExecutable();
    assertThat(new SoftHsmProvisioner(found, new SecureRandom()).provision(directory, "t").slot())
        .isPositive();
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
