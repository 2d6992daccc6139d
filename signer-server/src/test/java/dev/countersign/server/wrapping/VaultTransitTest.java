package dev.countersign.server.wrapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.audit.checkpoint.CheckpointKeyFile;
import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.server.harness.TestAuthority;
import dev.countersign.server.settings.SecretFile;
import dev.countersign.server.settings.VaultSettings;
import dev.countersign.server.settings.VaultSettings.Login;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class VaultTransitTest {
  private static final String ORIGIN = "example.com/log";

  @TempDir Path directory;
  private StrictTransit vault;
  private Path file;

  @BeforeEach
  void start() throws IOException {
    vault = new StrictTransit();
    file = directory.resolve("checkpoint.key");
  }

  @AfterEach
  void stop() {
    vault.close();
  }

  private SecretFile secret(String name, String content) throws IOException {
    Path path = directory.resolve(name);
    Files.deleteIfExists(path);
    Files.createFile(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(path, content + "\n");
    return new SecretFile(path);
  }

  private VaultTransit transit(String scheme, Login login) {
    return new VaultTransit(
        new VaultSettings(
            URI.create(scheme + "://127.0.0.1:" + vault.port()),
            Optional.empty(),
            Optional.empty(),
            "transit",
            StrictTransit.KEY,
            login));
  }

  private VaultTransit transit() throws IOException {
    return transit("http", new Login.Token(secret("token", StrictTransit.TOKEN)));
  }

  private CheckpointSigner open(VaultTransit transit) {
    return CheckpointKeyFile.openOrCreate(file, ORIGIN, new SecureRandom(), transit);
  }

  @Test
  void theFileIsWorthNothingWithoutVault() throws IOException {
    CheckpointSigner made = open(transit());
    assertThat(Files.readString(file)).startsWith("vault:v1:").doesNotContain("PRIVATE");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(open(transit()).verifierKey()).isEqualTo(made.verifierKey());
    assertThat(vault.asked())
        .containsExactly(
            "/v1/transit/encrypt/countersign-log",
            "/v1/transit/decrypt/countersign-log",
            "/v1/transit/decrypt/countersign-log");
    assertThatThrownBy(() -> CheckpointKeyFile.openExisting(file))
        .isInstanceOf(InvalidNoteException.class);
  }

  @Test
  void logsInWithARole() throws IOException {
    VaultTransit role =
        transit(
            "http",
            new Login.AppRole(StrictTransit.ROLE, secret("secret-id", StrictTransit.SECRET)));
    assertThat(open(role).verifierKey()).isEqualTo(open(transit()).verifierKey());
    VaultTransit wrong =
        transit("http", new Login.AppRole(StrictTransit.ROLE, secret("secret-id", "another")));
    assertThatThrownBy(() -> open(wrong))
        .isInstanceOf(UncheckedIOException.class)
        .hasRootCauseMessage(
            "Vault at http://127.0.0.1:%d did not login with the transit key countersign-log: it answered 400"
                .formatted(vault.port()));
  }

  @Test
  void withoutVaultThereIsNoKeyAndNoFile() throws IOException {
    VaultTransit transit = transit();
    VaultTransit stranger =
        transit("http", new Login.Token(secret("strange", "hvs.nobodys-token")));
    assertThatThrownBy(() -> open(stranger))
        .isInstanceOf(UncheckedIOException.class)
        .rootCause()
        .hasMessageContaining("it answered 403")
        .hasMessageNotContaining("nobodys");
    vault.refuseWith(503);
    assertThatThrownBy(() -> open(transit)).rootCause().hasMessageContaining("it answered 503");
    assertThat(file).doesNotExist();
    vault.close();
    assertThatThrownBy(() -> open(transit))
        .isInstanceOf(UncheckedIOException.class)
        .hasStackTraceContaining("cannot be asked to encrypt");
    assertThat(file).doesNotExist();
  }

  @Test
  void anUntrustedVaultIsToldNothing() throws IOException {
    TestAuthority authority = new TestAuthority("vault's authority");
    Path pem = directory.resolve("authority.pem");
    Files.writeString(pem, authority.pem());
    Login login = new Login.Token(secret("token", StrictTransit.TOKEN));
    try (StrictTransit tls = new StrictTransit(Optional.of(authority.serverContext("vault")))) {
      URI address = URI.create("https://127.0.0.1:" + tls.port());
      VaultTransit strange =
          new VaultTransit(
              new VaultSettings(
                  address,
                  Optional.empty(),
                  Optional.empty(),
                  "transit",
                  StrictTransit.KEY,
                  login));
      assertThatThrownBy(() -> open(strange)).isInstanceOf(UncheckedIOException.class);
      assertThat(tls.asked()).isEmpty();
      assertThat(file).doesNotExist();

      VaultTransit trusted =
          new VaultTransit(
              new VaultSettings(
                  address,
                  Optional.of(pem),
                  Optional.empty(),
                  "transit",
                  StrictTransit.KEY,
                  login));
      assertThat(open(trusted).verifierKey().name()).isEqualTo(ORIGIN);
    }
  }

  /// The driver reads `VAULT_SSL_CERT` when nothing else names an authority; a test cannot set it
  /// for its own process.
  @Test
  void theEnvironmentNamesNoAuthority() throws Exception {
    TestAuthority authority = new TestAuthority("the environment's authority");
    Path pem = directory.resolve("authority.pem");
    Files.writeString(pem, authority.pem());
    secret("token", StrictTransit.TOKEN);
    try (StrictTransit tls = new StrictTransit(Optional.of(authority.serverContext("vault")))) {
      ProcessBuilder child =
          new ProcessBuilder(
              ProcessHandle.current().info().command().orElseThrow(),
              "-cp",
              System.getProperty("java.class.path"),
              VaultTransitTest.class.getName(),
              Integer.toString(tls.port()),
              directory.resolve("token").toString());
      child.environment().put("VAULT_SSL_CERT", pem.toString());
      child.redirectErrorStream(true);
      Process process = child.start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(said).isEqualTo(1);
      assertThat(said).contains("cannot be asked to encrypt").contains("SSLHandshakeException");
      assertThat(tls.asked()).isEmpty();
    }
  }

  /// @param arguments the port of a Vault, and the file of its token
  public static void main(String[] arguments) throws IOException {
    var _ =
        new VaultTransit(
                new VaultSettings(
                    URI.create("https://127.0.0.1:" + arguments[0]),
                    Optional.empty(),
                    Optional.empty(),
                    "transit",
                    StrictTransit.KEY,
                    new Login.Token(new SecretFile(Path.of(arguments[1])))))
            .wrap(new byte[32]);
  }

  @Test
  void aKeyThatLayOpenOrWasChangedIsNotUsed() throws IOException {
    CheckpointKeyFile.openOrCreate(file, ORIGIN, new SecureRandom());
    VaultTransit transit = transit();
    assertThatThrownBy(() -> open(transit))
        .rootCause()
        .hasMessageContaining("not wrapped by Vault");
    assertThat(vault.asked()).isEmpty();

    Files.delete(file);
    open(transit);
    String content = Files.readString(file);
    char other = content.charAt(20) == 'A' ? 'B' : 'A';
    Files.writeString(file, content.substring(0, 20) + other + content.substring(21));
    assertThatThrownBy(() -> open(transit)).rootCause().hasMessageContaining("it answered 400");
  }
}
