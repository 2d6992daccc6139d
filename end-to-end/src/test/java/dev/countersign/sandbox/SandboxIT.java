package dev.countersign.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// A sandbox that stays up, and everything people and programs do with it; at the end it is killed.
/// The longest of all, hence the first to start.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Order(1)
class SandboxIT {
  private static final String EXCHANGE = "0x904a944Bf552F27E094aB891942733FF5E3A34Df";
  private static final String STRANGER = "0x00e022d82D599F21926249AB8B1DE36679B90E86";
  private static final Duration UP_WITHIN = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path directory;
  private Launcher launcher;
  private Path home;
  private Process sandbox;

  @BeforeAll
  void startOne() throws IOException {
    launcher = Launcher.in(directory);
    home = directory.resolve(".countersign/sandbox");
    var output = directory.resolve("sandbox.out");
    sandbox = launcher.start(output, "sandbox");
    Awaitility.await()
        .atMost(UP_WITHIN)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> isReady() || !sandbox.isAlive());
    assertThat(sandbox.isAlive()).as(Files.readString(output)).isTrue();
  }

  @AfterAll
  void stopIt() throws InterruptedException {
    sandbox.destroy();
    sandbox.waitFor();
  }

  @Test
  @Order(1)
  void sandboxJsonTellsOtherProgramsEverything() throws Exception {
    var description = description();
    assertThat(description.properties().stream().map(Map.Entry::getKey))
        .containsExactlyInAnyOrder(
            "home",
            "ready",
            "grpc",
            "protos",
            "metrics",
            "chains",
            "vaults",
            "wallets",
            "clients",
            "approvers",
            "audit",
            "postgres",
            "pids",
            "jsonRpc");
    assertThat(Path.of(description.at("/jsonRpc/token").asText())).isAbsolute().isRegularFile();
    assertThat(description.path("home").asText()).isEqualTo(home.toRealPath().toString());
    var grpc = description.path("grpc");
    for (String file : List.of("ca", "cert", "key")) {
      assertThat(Path.of(grpc.path(file).asText())).isAbsolute().isRegularFile();
    }
    assertThat(Path.of(description.path("protos").asText(), "countersign/v1/signing_service.proto"))
        .isRegularFile();
    assertThat(description.at("/chains/0/id").asText()).isEqualTo("eip155:31337");
    assertThat(description.at("/vaults/0/id").asText()).isEqualTo("treasury");
    assertThat(description.at("/vaults/0/tier").asText()).isEqualTo("hot");
    assertThat(description.at("/wallets/0/id").asText()).isEqualTo("hot-1");
    assertThat(description.at("/wallets/0/vault").asText()).isEqualTo("treasury");
    assertThat(description.at("/wallets/0/address").asText()).matches("0x[0-9a-fA-F]{40}");
    assertThat(names(description.path("clients")))
        .containsExactlyInAnyOrder(
            "trading-desk",
            "custodian",
            "auditor",
            "operator",
            "policy-desk",
            "approver",
            "price-feed");
    assertThat(description.at("/audit/verifierKey").asText())
        .startsWith(description.at("/audit/origin").asText() + "+");
    assertThat(Path.of(URI.create(description.at("/audit/url").asText())).resolve("checkpoint"))
        .isRegularFile();
    assertThat(Path.of(description.at("/postgres/passwordFile").asText())).isRegularFile();
    description.path("pids").forEach(pid -> assertThat(isAlive(pid.asLong())).isTrue());
    assertThat(get(description.at("/metrics/url").asText())).contains("jvm_memory_used_bytes");
  }

  @Test
  @Order(2)
  void secretsAreTheirOwnersAlone() throws IOException {
    try (var files = Files.walk(home)) {
      var open =
          files
              .filter(Files::isRegularFile)
              .filter(
                  file -> file.toString().matches(".*(\\.key|\\.password|\\.pin|sandbox\\.json)"))
              .filter(file -> !permissions(file).equals("rw-------"));
      assertThat(open).isEmpty();
    }
    assertThat(permissions(home)).isEqualTo("rwx------");
  }

  @Test
  @Order(2)
  void commandsFindTheSandboxByThemselves() throws Exception {
    var wallets = launcher.run("wallet", "list");
    assertThat(wallets.exitCode()).as(wallets.all()).isZero();
    assertThat(wallets.out())
        .containsPattern("hot-1 +treasury +hot +0x[0-9a-fA-F]{40} +softhsm")
        .contains("hot-2");
    var vaults = launcher.run("vault", "list");
    assertThat(vaults.out()).containsPattern("treasury +hot +Treasury");
  }

  @Test
  @Order(2)
  void aTransferIsSignedAndFollowed() throws Exception {
    var signed =
        launcher.run(
            "request",
            "sign",
            "--wallet=hot-1",
            "--to",
            EXCHANGE,
            "--amount=0.1ether",
            "--request-id=mine");
    assertThat(signed.exitCode()).as(signed.all()).isZero();
    assertThat(signed.out()).contains("rule desk-transfers").containsPattern("0x[0-9a-f]{64}");
    var waited = launcher.run("request", "wait", "mine");
    assertThat(waited.exitCode()).as(waited.all()).isZero();
    assertThat(waited.out()).containsPattern("state +CONFIRMED").containsPattern("block +[0-9]+");
    assertThat(launcher.run("request", "get", "mine").out()).isEqualTo(waited.out());
  }

  @Test
  @Order(2)
  void theLogIsVerifiedWhereverItLies() throws Exception {
    var audit = description().path("audit");
    var postgres = description().path("postgres");
    var verified =
        launcher.run(
            "audit",
            "verify",
            "--key=" + audit.path("verifierKey").asText(),
            "--user=" + postgres.path("user").asText(),
            "--password-file=" + postgres.path("passwordFile").asText(),
            audit.path("published").asText(),
            postgres.path("url").asText(),
            Path.of(URI.create(audit.path("url").asText())).toString());
    assertThat(verified.exitCode()).as(verified.all()).isZero();
    assertThat(verified.out().lines().filter(line -> line.startsWith("log verified: "))).hasSize(3);
  }

  @Test
  @Order(2)
  void aDenialIsAnAnswerOfNo() throws Exception {
    var denied =
        launcher.run("request", "sign", "--wallet=hot-1", "--to", STRANGER, "--amount=0.1ether");
    assertThat(denied.exitCode()).as(denied.all()).isEqualTo(1);
    assertThat(denied.out())
        .containsPattern("state +DENIED")
        .containsPattern("unmet +desk-transfers: destination");
    var forecast =
        launcher.run(
            "request",
            "sign",
            "--wallet=hot-1",
            "--to",
            EXCHANGE,
            "--amount=2ether",
            "--validate-only");
    assertThat(forecast.exitCode()).as(forecast.all()).isEqualTo(1);
    assertThat(forecast.out()).contains("would be denied now").contains("maximum");
  }

  @Test
  @Order(2)
  void whatTheServerRefusesIsTold() throws Exception {
    var refused = launcher.run("request", "sign", "--wallet=nobodys", "--to", EXCHANGE);
    assertThat(refused.exitCode()).as(refused.all()).isEqualTo(1);
    assertThat(refused.err()).contains("nobodys").contains("reason: ").contains("field wallet");
    var stranger = launcher.run("wallet", "list", "--as=auditor");
    assertThat(stranger.exitCode()).as(stranger.all()).isEqualTo(1);
    assertThat(stranger.err()).contains("PERMISSION_DENIED");
  }

  @Test
  @Order(3)
  void theLogIsVerifiedOffline() throws Exception {
    var copied = launcher.run("audit", "export", "copy");
    assertThat(copied.exitCode()).as(copied.all()).isZero();
    var key = home.resolve("audit.vkey").toString();
    var verified = launcher.run("audit", "verify", "copy", "--key", key);
    assertThat(verified.exitCode()).as(verified.all()).isZero();
    assertThat(verified.out()).startsWith("log verified: ");
    reportIsMadeOf("copy", key);

    var bundle = directory.resolve("copy/tile/entries");
    Path file;
    try (var files = Files.walk(bundle)) {
      file = files.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
    byte[] content = Files.readAllBytes(file);
    content[content.length / 2] ^= 1;
    Files.write(file, content);
    var broken = launcher.run("audit", "verify", "copy", "--key", key);
    assertThat(broken.exitCode()).as(broken.all()).isEqualTo(1);
    assertThat(broken.err()).contains("NOT verified").contains("is not the one that was signed");
  }

  private void reportIsMadeOf(String log, String key) throws Exception {
    var made =
        launcher.run(
            "audit",
            "report",
            log,
            "--key=" + key,
            "--from=2020-01-01",
            "--to=2120-01-01",
            "--out=report",
            "--sign-key=report.key",
            "--signer=example.com/compliance");
    assertThat(made.exitCode()).as(made.all()).isZero();
    assertThat(Files.readAllLines(directory.resolve("report/signatures.csv")))
        .hasSizeGreaterThan(1);
    var signer =
        made.out().lines().filter(line -> line.startsWith("signed by: ")).findFirst().orElseThrow();
    var verified =
        launcher.run(
            "audit",
            "verify-report",
            "report",
            "--key=" + key,
            "--report-key=" + signer.substring("signed by: ".length()),
            "--log=" + log);
    assertThat(verified.exitCode()).as(verified.all()).isZero();
    assertThat(verified.out()).contains("every byte of it is what the log makes");
  }

  @Test
  @Order(3)
  void aProofStandsAlone() throws Exception {
    var signed = launcher.run("request", "get", "mine");
    var id = signed.out().lines().findFirst().orElseThrow().replaceAll("request +", "");
    var proofs = launcher.run("audit", "prove", id, "--to=proofs");
    assertThat(proofs.exitCode()).as(proofs.all()).isZero();
    var file = proofs.out().lines().findFirst().orElseThrow();
    var key = home.resolve("audit.vkey").toString();
    var verified = launcher.run("audit", "verify", file, "--key", key);
    assertThat(verified.exitCode()).as(verified.all()).isZero();
    assertThat(verified.out()).contains("request-admitted").contains(id);

    var text = Files.readString(directory.resolve(file)).replaceFirst("index [0-9]+", "index 0");
    Files.writeString(directory.resolve("forged.tlog-proof"), text);
    var forged = launcher.run("audit", "verify", "forged.tlog-proof", "--key", key);
    assertThat(forged.exitCode()).as(forged.all()).isEqualTo(1);
    assertThat(forged.err()).contains("NOT proven");
  }

  @Test
  @Order(4)
  void theSameHomeTwiceIsRefused() throws Exception {
    var second = launcher.run("sandbox", "--once");
    assertThat(second.exitCode()).isEqualTo(3);
    assertThat(second.err()).contains("is in use by process " + sandbox.pid());
    assertThat(isReady()).isTrue();
  }

  @Test
  @Order(5)
  void nothingOutlivesAKilledSandboxAndTheNextRunGoesOn() throws Exception {
    var before = description();
    sandbox.destroyForcibly().waitFor();
    Awaitility.await()
        .atMost(Duration.ofSeconds(40))
        .until(
            () ->
                StreamSupport.stream(before.path("pids").spliterator(), false)
                    .noneMatch(pid -> isAlive(pid.asLong())));

    var next = launcher.run("sandbox", "--once");
    assertThat(next.exitCode()).as(next.all()).isZero();
    assertThat(next.out()).contains("CONFIRMED in block").doesNotContain("starting over");
    var after = description();
    assertThat(after.path("wallets")).isEqualTo(before.path("wallets"));
    assertThat(after.at("/audit/verifierKey")).isEqualTo(before.at("/audit/verifierKey"));
    assertThat(after.path("ready").asBoolean()).isFalse();
    assertThat(after.has("pids")).isFalse();
  }

  @Test
  @Order(6)
  void aChainThatForgotStartsOver() throws Exception {
    var before = description();
    try (var files = Files.walk(home.resolve("chain"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
    var next = launcher.run("sandbox", "--once");
    assertThat(next.exitCode()).as(next.all()).isZero();
    assertThat(next.out()).contains("starting over with a new chain");
    assertThat(description().at("/wallets/0/address"))
        .isNotEqualTo(before.at("/wallets/0/address"));
  }

  private boolean isReady() throws IOException {
    return Files.exists(home.resolve("sandbox.json")) && description().path("ready").asBoolean();
  }

  private JsonNode description() throws IOException {
    return JSON.readTree(Files.readString(home.resolve("sandbox.json")));
  }

  private static List<String> names(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false)
        .map(one -> one.path("name").asText())
        .toList();
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  private static String permissions(Path file) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String get(String url) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
