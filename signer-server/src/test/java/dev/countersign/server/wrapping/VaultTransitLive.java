package dev.countersign.server.wrapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.checkpoint.CheckpointKeyFile;
import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.server.settings.SecretFile;
import dev.countersign.server.settings.VaultSettings;
import dev.countersign.server.settings.VaultSettings.Login;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A real Vault or OpenBao, by name only (CONTRIBUTING.md): `VAULT_ADDR`, `VAULT_TOKEN` and, where
/// its authority is a private one, `VAULT_CACERT` say where; `vault write -f
/// transit/keys/countersign-log` has to have been run.
@Timeout(60)
class VaultTransitLive {
  @TempDir Path directory;

  private static Optional<String> environment(String name) {
    return Optional.ofNullable(System.getenv(name));
  }

  private static String required(String name) {
    return environment(name)
        .orElseThrow(() -> new AssertionError("set %s to a running Vault's".formatted(name)));
  }

  @Test
  void wrapsAndUnwraps() throws IOException {
    Path token =
        Files.createFile(
            directory.resolve("token"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(token, required("VAULT_TOKEN"));
    VaultTransit vault =
        new VaultTransit(
            new VaultSettings(
                URI.create(required("VAULT_ADDR")),
                environment("VAULT_CACERT").map(Path::of),
                Optional.empty(),
                "transit",
                StrictTransit.KEY,
                new Login.Token(new SecretFile(token))));
    Path file = directory.resolve("checkpoint.key");
    SecureRandom random = new SecureRandom();
    CheckpointSigner made = CheckpointKeyFile.openOrCreate(file, "example.com/log", random, vault);
    assertThat(Files.readString(file)).startsWith("vault:v");
    assertThat(CheckpointKeyFile.openOrCreate(file, "example.com/log", random, vault).verifierKey())
        .isEqualTo(made.verifierKey());
  }
}
