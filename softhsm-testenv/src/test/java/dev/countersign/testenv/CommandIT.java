package dev.countersign.testenv;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.testenv.chain.ChainRpc;
import dev.countersign.testenv.process.ForkedJvm;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandIT {
  @TempDir Path temporary;

  @Test
  void runsEverythingUntilItIsStopped() throws Exception {
    var home = temporary.resolve("home");
    var file = home.resolve("testenv.json");
    for (int run = 1; run <= 2; run++) {
      try (var command = start(Map.of(), "--home", home.toString(), "--chain-id", "4242")) {
        var said = command.awaitLine("Also in ");
        assertThat(said)
            .contains("SoftHSM ", "PostgreSQL ", "Dev chain ", "chain id  4242")
            .contains("Also in " + file);

        var details = new ObjectMapper().readTree(file.toFile());
        assertThat(details.path("ready").asBoolean()).isTrue();
        assertThat(details.path("home").asText()).isEqualTo(home.toString());
        var postgres = details.path("postgres");
        try (var connection =
                DriverManager.getConnection(
                    postgres.path("url").asText(),
                    postgres.path("user").asText(),
                    Files.readString(Path.of(postgres.path("passwordFile").asText())));
            var statement = connection.createStatement()) {
          // What the first run made is there in the second.
          statement.execute(run == 1 ? "CREATE TABLE kept ()" : "SELECT FROM kept");
        }
        var chain = details.path("chains").path(0);
        assertThat(chain.path("id").asText()).isEqualTo("eip155:4242");
        var rpc = new ChainRpc(URI.create(chain.path("rpc").asText()));
        assertThat(rpc.blockNumber()).isEqualTo(run - 1);
        rpc.mine(1);
        var token = details.path("softhsm");
        assertThat(Path.of(token.path("module").asText())).isRegularFile();
        assertThat(Path.of(token.path("configuration").asText())).isRegularFile();
        assertThat(Path.of(token.path("pinFile").asText())).isRegularFile();
        assertThat(token.path("label").asText()).isEqualTo("countersign");
        assertThat(token.path("slot").asLong()).isPositive();

        if (run == 1) {
          command.terminate();
          assertThat(command.output()).isEmpty();
        } else {
          ProcessHandle.of(details.path("pids").path("chain").asLong())
              .orElseThrow()
              .destroyForcibly();
          assertThat(command.output()).contains("the chain node ended by itself");
          assertThat(command.exitCode()).isEqualTo(3);
        }
        assertThat(file).doesNotExist();
        for (var pid : details.path("pids")) {
          assertThat(ProcessHandle.of(pid.asLong())).isEmpty();
        }
      }
    }
  }

  @Test
  void saysWhatToInstall() throws Exception {
    var bare = Map.of("PATH", temporary.toString(), "COUNTERSIGN_CACHE", temporary + "/cache");
    try (var command = start(bare, "--home", temporary + "/home")) {
      assertThat(command.output())
          .contains("SoftHSM 2 is not installed")
          .contains("apt-get install softhsm2");
      assertThat(command.exitCode()).isEqualTo(3);
    }
  }

  @Test
  void refusesSettingsThatMakeNoSense() throws Exception {
    try (var command = start(Map.of(), "--block-millis", "5")) {
      assertThat(command.output()).contains("--block-millis 0 or at least 100");
      assertThat(command.exitCode()).isEqualTo(2);
    }
  }

  private static ForkedJvm start(Map<String, String> environment, String... arguments)
      throws Exception {
    return new ForkedJvm(TestEnvironmentCommand.class, environment, arguments);
  }
}
