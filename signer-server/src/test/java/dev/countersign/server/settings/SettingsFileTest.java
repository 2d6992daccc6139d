package dev.countersign.server.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.model.ClientId;
import dev.countersign.server.access.Role;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsFileTest {
  private static final Path DOCUMENTATION = Path.of("../docs/CONFIGURATION.md");
  private static final Pattern ROW =
      Pattern.compile("^\\| `([^`]+)` \\| ([^|]+) \\|", Pattern.MULTILINE);
  private static final Pattern SAMPLE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

  private static final String KEY_IN_TOKEN = "  key: {backend: softhsm, name: checkpoint}\n";

  private static final String LEAST =
      """
      grpc: {certificate: c.pem, key: k.pem, clientAuthority: a.pem}
      database: {url: "jdbc:postgresql://h/d", user: u, passwordFile: p}
      clients:
        - name: desk
          certificates: ["%s"]
          roles: [TRADER]
      chains: chains
      keyBackends: [{name: softhsm, library: /lib.so, tokenLabel: t, pinFile: pin}]
      permits: {keyFile: permit.key}
      policy: {founders: founders.yaml}
      audit: {origin: example.com/log, keyFile: key}
      """
          .formatted("ab".repeat(32));

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("countersign.yaml");
  }

  @Test
  void theDocumentationHasEveryKeyAndItsDefault() throws IOException {
    String documentation = Files.readString(DOCUMENTATION);
    Map<String, String> documented = new TreeMap<>();
    Matcher row = ROW.matcher(documentation);
    while (row.find()) {
      documented.put(row.group(1), row.group(2).replace("`", "").strip());
    }
    Matcher sample = SAMPLE.matcher(documentation);
    assertThat(sample.find()).isTrue();
    String whole = sample.group(1);
    assertThat(sample.find()).isTrue();
    assertThat(whole).contains(KEY_IN_TOKEN);
    Map<String, String> read = new TreeMap<>();
    for (String yaml : List.of(whole, whole.replace(KEY_IN_TOKEN, sample.group(1)))) {
      Files.writeString(file, yaml);
      SettingsFile.read(new Section.Origin(file, read));
    }

    assertThat(documented).containsExactlyEntriesOf(read);
  }

  @Test
  void whatIsAbsentHasItsDefault() throws IOException {
    Settings settings = read(LEAST);

    assertThat(settings.instance()).isNotBlank();
    assertThat(settings.grpc()).isEqualTo(new ListenSettings("127.0.0.1", 7443));
    assertThat(settings.http()).isEqualTo(new ListenSettings("127.0.0.1", 7080));
    assertThat(settings.database().owner()).isEmpty();
    assertThat(settings.database().connections()).isEqualTo(16);
    assertThat(settings.database().patience()).isEqualTo(Duration.ofMinutes(1));
    assertThat(settings.keyBackends().getFirst().parallelism()).isEqualTo(4);
    assertThat(settings.policy().founders()).isEqualTo(directory.resolve("founders.yaml"));
    assertThat(settings.policy().document()).isEmpty();
    assertThat(settings.policy().founding()).isEmpty();
    assertThat(settings.policy().seen()).isEmpty();
    assertThat(settings.audit().witnesses().policy().isNone()).isTrue();
    assertThat(settings.audit().seen()).isEmpty();
    assertThat(settings.audit().archive()).isEmpty();
    assertThat(settings.audit().publish()).isFalse();
    assertThat(settings.batch().largestBatch()).isEqualTo(128);
    assertThat(settings.batch().mostInFlight()).isEqualTo(4_096);
    assertThat(settings.stopPatience()).isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void pathsStartAtTheFileAndClientsHaveTheRolesNamed() throws IOException {
    Settings settings = read(LEAST.replace("roles: [TRADER]", "roles: [AUDITOR, OPERATOR]"));

    assertThat(settings.chains()).isEqualTo(directory.resolve("chains"));
    assertThat(settings.tls().key()).isEqualTo(directory.resolve("k.pem"));
    assertThat(settings.clients().getFirst().id()).isEqualTo(new ClientId("desk"));
    assertThat(settings.clients().getFirst().roles())
        .containsExactlyInAnyOrder(Role.AUDITOR, Role.OPERATOR);
  }

  @Test
  void aKeyThatIsWrongIsNamed() {
    refused(LEAST + "grcp: 1\n", "grcp: unknown key; there are audit, batch, chains, clients");
    refused(LEAST.replace("key: k.pem, ", ""), "grpc.key: missing");
    refused(LEAST.replace("{keyFile: permit.key}", "{}"), "permits.keyFile: missing");
    refused(LEAST.replace("user: u", "user: u, pasword: x"), "database.pasword: unknown key");
    refused(LEAST.replace("jdbc:postgresql://h/d", "jdbc:mysql://h/d"), "database.url: expected");
    refused(LEAST.replace("TRADER", "KING"), "clients[0].roles: expected of [TRADER,");
    refused(LEAST.replace("name: desk", "name: Desk"), "clients[0].name: expected 1 to 63 of");
    refused(LEAST.replace("ababab", "ABABAB"), "clients[0].certificates: expected SHA-256");
    refused(LEAST.replace("tokenLabel: t", "tokenLabel: 7"), "keyBackends[0].tokenLabel: expected");
    refused(LEAST.replace("keyFile: key", "keyFile: key, publish: 1"), "audit.publish: expected");
    refused(LEAST.replace("{founders: founders.yaml}", "{}"), "policy.founders: missing");
    refused(
        LEAST.replace("founders.yaml", "founders.yaml, founding: f.yaml"),
        "policy.document: missing: `founding` says what was signed for it");
    refused(LEAST + "stopPatience: 5 minutes\n", "stopPatience: expected a duration");
    refused(LEAST + "batch: {largest: 0}\n", "batch.largest: expected an integer from 1 to 4096");
    String witnesses =
        LEAST.replace(
            "keyFile: key}",
            "keyFile: key, witnesses: {quorum: 1, of: [{key: \"%s\", url: \"http://w\"}]}}"
                .formatted("remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"));
    refused(witnesses.replace("quorum: 1", "quorum: 2"), "audit.witnesses.quorum: expected an");
    refused(witnesses.replace("quorum: 1, ", ""), "audit.witnesses.quorum: missing");
    refused(witnesses.replace("+BOvN", "+AevN"), "audit.witnesses.of[0].key: a witness's key");
    refused(witnesses.replace("http:", "ftp:"), "audit.witnesses.of[0].url: the URL of a witness");
    refused(LEAST + "instance: a\ninstance: b\n", "is not valid YAML");
    refused("- a list\n", "expected keys and values");
    refused("", "grpc.certificate: missing");
  }

  @Test
  void theLogsKeyIsInOnePlace() {
    refused(LEAST.replace(", keyFile: key", ""), "audit.key");
    refused(
        LEAST.replace("keyFile: key", "keyFile: key, key: {backend: softhsm, name: log}"),
        "audit.keyFile");
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> SettingsFile.read(file))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("countersign.yaml")
        .hasMessageContaining("cannot be read");
  }

  private void refused(String content, String message) {
    assertThatThrownBy(() -> read(content))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(message);
  }

  private Settings read(String content) throws IOException {
    Files.writeString(file, content);
    return SettingsFile.read(file);
  }

  @Test
  void aVaultIsAskedSafelyAndInOneWay() throws IOException {
    String vault =
        LEAST.replace(
            "keyFile: key}",
            "keyFile: key, vault: {address: \"https://v:1\", transitKey: k, tokenFile: t}}");
    assertThat(read(vault).audit().key())
        .isEqualTo(
            new CheckpointKey.InFile(
                directory.resolve("key"),
                Optional.of(
                    new VaultSettings(
                        URI.create("https://v:1"),
                        Optional.empty(),
                        Optional.empty(),
                        "transit",
                        "k",
                        new VaultSettings.Login.Token(new SecretFile(directory.resolve("t")))))));
    refused(vault.replace("https", "http"), "audit.vault.address: expected https://host:port");
    refused(vault.replace("https://v:1", "vault:8200"), "audit.vault.address: expected https");
    // A name is not looked up: whoever answers for it could say that it is this machine.
    refused(vault.replace("https://v", "http://ip6-localhost"), "audit.vault.address: expected");
    refused(
        vault.replace("https://v", "http://localhost.example"), "audit.vault.address: expected");
    refused(vault.replace("https://v", "http://128.0.0.1"), "audit.vault.address: expected https");
    for (String here : List.of("localhost", "127.0.0.1", "127.8.0.9", "[::1]")) {
      assertThat(read(vault.replace("https://v", "http://" + here)).audit().key())
          .as(here)
          .isInstanceOf(CheckpointKey.InFile.class);
    }
    for (String host : List.of("v", "my_host")) {
      assertThatThrownBy(() -> read(vault.replace("https://v", "https://me:hunter2@" + host)))
          .hasMessageContaining("audit.vault.address: expected https://host:port without a user")
          .hasMessageNotContaining("hunter2");
    }
    refused(vault.replace(", tokenFile: t", ""), "audit.vault.tokenFile: expected it, or appRole");
    refused(
        vault.replace("tokenFile: t", "tokenFile: t, appRole: {roleId: r, secretIdFile: s}"),
        "audit.vault.tokenFile: expected it or appRole");
  }
}
