package dev.countersign.cli.witness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.checkpoint.WitnessKey;
import dev.countersign.audit.witness.WitnessAnswer;
import dev.countersign.audit.witness.WitnessClient;
import dev.countersign.audit.witness.WitnessEndpoint;
import dev.countersign.cli.Countersign;
import dev.countersign.cli.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `countersign witness` as its own process.
@Timeout(120)
class WitnessProcessIT {
  private static final SmallLog LOG = SmallLog.create();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private Path directory;
  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void end() throws InterruptedException {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
  }

  private Process launch(String... arguments) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(Countersign.class.getName(), "witness"));
    command.addAll(List.of(arguments));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    processes.add(process);
    return process;
  }

  private Process launchHere(String... more) throws IOException {
    var arguments = new ArrayList<String>();
    arguments.addAll(List.of("--home", directory.resolve("home").toString(), "--port", "0"));
    arguments.addAll(List.of("--log", LOG.signer().verifierKey().toString()));
    arguments.addAll(List.of(more));
    return launch(arguments.toArray(String[]::new));
  }

  /// What a witness says of itself.
  private static WitnessEndpoint endpoint(Process process) throws IOException {
    var out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    var key = out.readLine();
    var url = out.readLine();
    assertThat(key).startsWith("witness: ");
    assertThat(url).as(key).startsWith("listening: ");
    assertThat(out.readLine()).isEqualTo("witnessing: example.com/log");
    return new WitnessEndpoint(
        WitnessKey.parse(key.substring("witness: ".length())),
        URI.create(url.substring("listening: ".length())));
  }

  private static WitnessAnswer bring(WitnessEndpoint endpoint, SmallLog log, int size)
      throws InterruptedException {
    return new WitnessClient(HTTP, endpoint, Duration.ofSeconds(10), InstantSource.system())
        .bring(log.checkpoint(size), 0, log::proof);
  }

  @Test
  void afterEveryKillItKnowsAllThatItCosigned() throws IOException, InterruptedException {
    var witness = launchHere("--name", "witness.example/1");
    var endpoint = endpoint(witness);
    var key = endpoint.key();
    assertThat(key.name()).isEqualTo("witness.example/1");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("home/witness.key"))))
        .isEqualTo("rw-------");
    int largest = 0;
    for (int round = 0; round < 4; round++) {
      // It works, and is killed at some moment of the work that follows.
      assertThat(bring(endpoint, LOG, largest + 1)).isInstanceOf(WitnessAnswer.Cosigned.class);
      largest++;
      var doomed = witness;
      int moment = 10 + 17 * round;
      var killer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      Thread.sleep(moment);
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                    doomed.destroyForcibly(); // SIGKILL
                  });
      int size = largest;
      while (size < 240 && bring(endpoint, LOG, size + 1) instanceof WitnessAnswer.Cosigned) {
        largest = ++size;
      }
      killer.join();
      doomed.waitFor();
      witness = launchHere();
      endpoint = endpoint(witness);
      assertThat(endpoint.key()).isEqualTo(key);
      assertThat(bring(endpoint, LOG, largest - 1)).isInstanceOf(WitnessAnswer.Ahead.class);
      assertThat(bring(endpoint, LOG.forkedAt(largest - 1), 255))
          .isInstanceOf(WitnessAnswer.Failed.class);
      // What was cosigned and not heard of may be one more.
      assertThat(bring(endpoint, LOG, largest + 1)).isInstanceOf(WitnessAnswer.Cosigned.class);
      largest++;
    }
  }

  @Test
  void oneProcessHasAHome() throws IOException, InterruptedException {
    endpoint(launchHere("--name", "witness.example/1"));
    var second = launchHere();
    assertThat(second.waitFor()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("in use by another witness");
  }

  @Test
  void aNameIsForGood() throws IOException, InterruptedException {
    var unnamed = launchHere();
    assertThat(unnamed.waitFor()).isEqualTo(ExitCode.USAGE);
    assertThat(new String(unnamed.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("--name is needed");
    var named = launchHere("--name", "witness.example/1");
    endpoint(named);
    named.destroyForcibly().waitFor();
    var renamed = launchHere("--name", "witness.example/2");
    assertThat(renamed.waitFor()).isEqualTo(ExitCode.USAGE);
    assertThat(new String(renamed.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("witness.example/1");
  }
}
