package dev.countersign.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// A client that is not ours: Node with `@grpc/grpc-js`, which has `sandbox.json` and the protos
/// and nothing else.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodeClientIT {
  private static final String TO = "0xe2e0000000000000000000000000000000000101";
  private static final Path SOURCE = Path.of("node-client").toAbsolutePath();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Deployment deployment;

  NodeClientIT(PostgresDatabase database, DevChain chain) throws IOException, SQLException {
    deployment = Deployment.start("node-client", database, chain, Policies.ether());
  }

  @AfterAll
  void stop() {
    deployment.close();
  }

  @Test
  void landsATransferFromNode() throws Exception {
    var client = installed();
    var amount = BigInteger.valueOf(12_345);

    var output =
        run(
            client,
            "node",
            "transfer.js",
            sandboxFile().toString(),
            Deployment.WALLET,
            TO,
            amount.toString());

    var landed = JSON.readTree(output);
    assertThat(landed.path("nonce").asLong()).isZero();
    assertThat(landed.path("transactionHash").asText()).matches("0x[0-9a-f]{64}");
    assertThat(deployment.chain().rpc().balance(TO)).isEqualTo(amount);
  }

  @Test
  void tellsANodeClientWhyItWasDenied() throws Exception {
    var client = installed();

    assertThat(
            failure(
                client,
                "node",
                "transfer.js",
                sandboxFile().toString(),
                Deployment.WALLET,
                TO,
                BigInteger.TEN.pow(19).toString()))
        .contains("denied by default-deny", "maximum");
  }

  /// The keys of `sandbox.json` that such a client needs.
  private Path sandboxFile() throws IOException {
    var certificate = deployment.certificates().client(TestClient.DESK.name());
    var protos = deployment.directory().resolve("protos");
    FileTrees.delete(protos);
    FileTrees.copy(Path.of("..", "signing-api", "src", "main", "protobuf"), protos);
    var file = deployment.directory().resolve("sandbox.json");
    JSON.writeValue(
        file.toFile(),
        Map.of(
            "home", deployment.directory().toString(),
            "ready", true,
            "grpc",
                Map.of(
                    "target", deployment.target(),
                    "ca", deployment.certificates().authority().toString(),
                    "cert", certificate.certificate().toString(),
                    "key", certificate.key().toString()),
            "protos", protos.toString(),
            "chains",
                List.of(
                    Map.of(
                        "id", deployment.chainId(),
                        "name", "Test chain",
                        "rpc", deployment.chain().rpcUrl().toString()))));
    return file;
  }

  /// The client's folder with what its lock file names installed: once for each lock file.
  private static Path installed() throws IOException, InterruptedException {
    var folder = Path.of("target", "node-client").toAbsolutePath();
    var lock = "package-lock.json";
    boolean current =
        Files.isDirectory(folder.resolve("node_modules"))
            && Files.exists(folder.resolve(lock))
            && Files.mismatch(folder.resolve(lock), SOURCE.resolve(lock)) == -1;
    if (!current) {
      FileTrees.delete(folder);
      Files.createDirectories(folder);
      for (String file : List.of("package.json", ".npmrc")) {
        Files.copy(SOURCE.resolve(file), folder.resolve(file));
      }
      // Last but for the installation: half of one is not taken for a whole.
      var fresh = folder.resolve(lock);
      Files.copy(SOURCE.resolve(lock), fresh);
      run(folder, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
    }
    Files.write(folder.resolve("transfer.js"), Files.readAllBytes(SOURCE.resolve("transfer.js")));
    return folder;
  }

  private static String run(Path directory, String... line)
      throws IOException, InterruptedException {
    var ended = start(directory, line);
    assertThat(ended.code()).as("exit code of %s: %s", List.of(line), ended).isZero();
    return ended.output();
  }

  private static String failure(Path directory, String... line)
      throws IOException, InterruptedException {
    var ended = start(directory, line);
    assertThat(ended.code()).as("exit code of %s: %s", List.of(line), ended).isEqualTo(1);
    return ended.errors();
  }

  private record Ended(int code, String output, String errors) {}

  private static Ended start(Path directory, String... line)
      throws IOException, InterruptedException {
    var errors = Files.createTempFile(directory, "errors", ".txt");
    Process process;
    try {
      process =
          new ProcessBuilder(line)
              .directory(directory.toFile())
              .redirectError(errors.toFile())
              .start();
    } catch (IOException e) {
      throw new AssertionError(
          "cannot run %s: %s%n  Install Node.js 20 or newer with npm (Debian, Ubuntu: apt-get install nodejs npm)"
              .formatted(line[0], e.getMessage()),
          e);
    }
    try (var output = process.getInputStream()) {
      var text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(5, TimeUnit.MINUTES)) {
        throw new AssertionError(List.of(line) + " does not end");
      }
      return new Ended(process.exitValue(), text, Files.readString(errors));
    } finally {
      process.destroyForcibly();
      Files.deleteIfExists(errors);
    }
  }
}
