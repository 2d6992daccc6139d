package dev.countersign.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Timestamp;
import dev.countersign.api.v1.IssueClientTokenRequest;
import dev.countersign.testenv.FileTrees;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// Tools that are not ours, and know nothing but the address of JSON-RPC: ethers, viem, `cast`.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class EthereumToolsIT {
  private static final String TO = "0xe2e0000000000000000000000000000000000202";
  private static final Path SOURCE = Path.of("ethereum-tools").toAbsolutePath();
  private static final List<String> SCRIPTS =
      List.of("ethers.js", "viem.js", "deploy.js", "MyToken.sol");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Deployment deployment;
  private final String token;
  private final Path tools;

  EthereumToolsIT(PostgresDatabase database, DevChain chain)
      throws IOException, SQLException, InterruptedException {
    deployment =
        Deployment.start(
            "ethereum-tools",
            database,
            chain,
            Policies.etherAndMessages() + Policies.contracts() + Policies.tokens());
    token = token();
    tools = installed();
  }

  @AfterAll
  void stop() {
    deployment.close();
  }

  private String token() throws IOException {
    try (var operator = deployment.connect(TestClient.OPERATOR)) {
      return operator
          .admin()
          .issueClientToken(
              IssueClientTokenRequest.newBuilder()
                  .setClient(TestClient.DESK.name())
                  .setExpireTime(
                      Timestamp.newBuilder().setSeconds(Instant.now().getEpochSecond() + 3_600))
                  .build())
          .getSecret();
    }
  }

  @Test
  void ethersSendsAndSigns() throws Exception {
    sendsAndSigns("ethers.js", 1_001);
  }

  @Test
  void viemSendsAndSigns() throws Exception {
    sendsAndSigns("viem.js", 1_002);
  }

  private void sendsAndSigns(String script, long amount) throws Exception {
    BigInteger before = deployment.chain().rpc().balance(TO);

    JsonNode told = JSON.readTree(run("node", script, deployment.jsonRpcUrl(), token, TO));

    assertThat(told.path("status").asInt()).isEqualTo(1);
    assertThat(told.path("account").asText()).isEqualTo(deployment.wallet().getAddress());
    assertThat(told.path("personal").asText()).isEqualTo(deployment.wallet().getAddress());
    assertThat(told.path("typed").asText()).isEqualTo(deployment.wallet().getAddress());
    assertThat(told.path("denial").asText()).contains("default-deny");
    assertThat(deployment.chain().rpc().balance(TO).subtract(before)).isEqualTo(amount);
  }

  /// As hardhat does: solc and OpenZeppelin's contracts from npm, and nothing of ours.
  @Test
  void aTokenOfOpenZeppelinsIsDeployedAndTransferred() throws Exception {
    JsonNode told = JSON.readTree(run("node", "deploy.js", deployment.jsonRpcUrl(), token, TO));

    assertThat(told.path("status").asInt()).isEqualTo(1);
    assertThat(told.path("mine").asText()).isEqualTo("999993");
    assertThat(told.path("theirs").asText()).isEqualTo("7");
    var code =
        deployment.chain().rpc().call("eth_getCode", told.path("contract").asText(), "latest");
    assertThat(code.asText()).hasSizeGreaterThan(1_000);
  }

  @Test
  void castSends() throws Exception {
    BigInteger before = deployment.chain().rpc().balance(TO);

    JsonNode receipt =
        JSON.readTree(
            run(
                "node_modules/@foundry-rs/cast-linux-amd64/bin/cast",
                "send",
                "--json",
                "--unlocked",
                "--from",
                deployment.wallet().getAddress(),
                "--value",
                "1003",
                "--rpc-url",
                deployment.jsonRpcUrl(),
                "--rpc-headers",
                "Authorization: Bearer " + token,
                TO));

    assertThat(receipt.path("status").asText()).isEqualTo("0x1");
    assertThat(deployment.chain().rpc().balance(TO).subtract(before)).isEqualTo(1_003);
  }

  /// The folder with what its lock file names installed: once for each lock file.
  private static Path installed() throws IOException, InterruptedException {
    var folder = Path.of("target", "ethereum-tools").toAbsolutePath();
    var lock = "package-lock.json";
    boolean current =
        Files.isDirectory(folder.resolve("node_modules"))
            && Files.exists(folder.resolve(lock))
            && Files.mismatch(folder.resolve(lock), SOURCE.resolve(lock)) == -1;
    if (!current) {
      FileTrees.delete(folder);
      Files.createDirectories(folder);
      for (String file : List.of("package.json", ".npmrc", lock)) {
        Files.copy(SOURCE.resolve(file), folder.resolve(file));
      }
      var line = List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
      // Not the streams of this process: it talks to Maven over them.
      var log = folder.resolve("npm.log");
      var process =
          new ProcessBuilder(line)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      assertThat(process.waitFor()).as("exit code of %s: %s", line, Files.readString(log)).isZero();
    }
    for (String script : SCRIPTS) {
      Files.write(folder.resolve(script), Files.readAllBytes(SOURCE.resolve(script)));
    }
    return folder;
  }

  private String run(String... line) throws IOException, InterruptedException {
    var errors = Files.createTempFile(tools, "errors", ".txt");
    var builder = new ProcessBuilder(line).directory(tools.toFile()).redirectError(errors.toFile());
    String authority = deployment.certificates().authority().toString();
    builder.environment().put("NODE_EXTRA_CA_CERTS", authority);
    builder.environment().put("SSL_CERT_FILE", authority);
    var process = builder.start();
    try (var output = process.getInputStream()) {
      var text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue())
          .as("exit code of %s: %s%s", List.of(line), text, Files.readString(errors))
          .isZero();
      return text;
    } finally {
      process.destroyForcibly();
      Files.delete(errors);
    }
  }
}
