package dev.countersign.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.decision.PolicySeals;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.decision.SealKey;
import dev.countersign.core.model.Digest32;
import dev.countersign.server.settings.SecretFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PermitKeyFileTest {
  private static final String DIGITS = "5a".repeat(SealKey.SIZE);

  @TempDir Path directory;

  @Test
  void everyInstanceWithTheFileHasTheSameKey() throws IOException {
    PolicyVersion version = new PolicyVersion(1, Digest32.of(new byte[Digest32.SIZE]));
    write(DIGITS + "\n", "rw-------");
    PolicySeals one = new PolicySeals(PermitKeyFile.open(file()));
    PolicySeals other = new PolicySeals(PermitKeyFile.open(file()));

    assertThat(other.isGenuine(version, one.seal(version))).isTrue();
  }

  @Test
  void aMissingFileIsNamedAndHowToMakeIt() {
    refused("is missing; make it once, with (umask 077; openssl rand -hex 32 > ");
  }

  @Test
  void aFileThatIsOpenToOthersIsRefused() throws IOException {
    for (String mode : new String[] {"rw-r-----", "rw----r--", "rw--w----", "rw----rw-"}) {
      write(DIGITS, mode);
      refused("is open to others than its owner; chmod 600 it");
    }
  }

  @Test
  void aFileOfAnotherFormIsRefusedWithoutShowingIt() throws IOException {
    for (String content : new String[] {"", DIGITS.substring(2), DIGITS + "5a", "zz" + DIGITS}) {
      write(content, "rw-------");
      refused("expected 64 hexadecimal digits, which are 32 bytes, got");
    }
  }

  private void refused(String why) {
    assertThatThrownBy(() -> PermitKeyFile.open(file()))
        .isInstanceOf(StartException.class)
        .hasMessageContaining(file().path().toString())
        .hasMessageContaining(why)
        .hasMessageNotContaining("5a5a");
  }

  private SecretFile file() {
    return new SecretFile(directory.resolve("permit.key"));
  }

  private void write(String content, String mode) throws IOException {
    Files.deleteIfExists(file().path());
    Files.writeString(file().path(), content);
    Files.setPosixFilePermissions(file().path(), PosixFilePermissions.fromString(mode));
  }
}
