package dev.countersign.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.countersign.api.v1.AuditServiceGrpc;
import dev.countersign.api.v1.ExportLogRequest;
import dev.countersign.api.v1.GetCheckpointRequest;
import dev.countersign.audit.checkpoint.CheckpointKeyFile;
import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.CosignedCheckpoint;
import dev.countersign.audit.checkpoint.WitnessKey;
import dev.countersign.audit.checkpoint.WitnessPolicy;
import dev.countersign.audit.witness.Witness;
import dev.countersign.audit.witness.WitnessServer;
import dev.countersign.audit.witness.WitnessState;
import dev.countersign.server.config.RunningServer;
import dev.countersign.server.config.StartException;
import dev.countersign.server.harness.Calls;
import dev.countersign.server.harness.ServerHome;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server whose log has a witness.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class WitnessedServerIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Path directory;
  private final ServerHome home;
  private final CheckpointSigner log;
  private final CheckpointSigner key;

  WitnessedServerIT(
      @TempDir Path directory, PostgresDatabase database, SoftHsmToken token, DevChain chain) {
    this.directory = directory;
    this.home = new ServerHome(directory, database, token, chain);
    SecureRandom random = new SecureRandom();
    this.log =
        CheckpointKeyFile.openOrCreate(
            directory.resolve("checkpoint.key"), "test.example/log", random);
    this.key =
        CheckpointKeyFile.openOrCreate(directory.resolve("witness.key"), "w.example/1", random);
  }

  private Calls calls(RunningServer server) {
    return new Calls(server.grpcPort(), home.authority().pem(), home.identity("auditor"));
  }

  private void witnessed(WitnessKey witness, int port) {
    home.audit(
        "witnesses: {quorum: 1, of: [{key: \"%s\", url: \"http://127.0.0.1:%d\"}]}"
            .formatted(witness, port));
  }

  private static String checkpoint(Calls auditor) {
    return AuditServiceGrpc.newBlockingStub(auditor.channel())
        .getCheckpoint(GetCheckpointRequest.getDefaultInstance())
        .getNote();
  }

  private static String readiness(RunningServer server) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:" + server.httpPort() + "/health/readiness"))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  @Test
  void givesOutWhatIsWitnessedAndServesWithoutWitnesses() throws Exception {
    try (WitnessState state = WitnessState.open(directory.resolve("state"))) {
      Witness witness = new Witness(key, List.of(log.verifierKey()), state, InstantSource.system());
      WitnessServer witnessServer =
          WitnessServer.start(witness, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      WitnessPolicy policy = WitnessPolicy.of(1, List.of(witness.verifierKey()));
      witnessed(witness.verifierKey(), witnessServer.port());
      try (RunningServer server = home.start();
          Calls auditor = calls(server)) {
        await()
            .atMost(PATIENCE)
            .ignoreExceptionsMatching(WitnessedServerIT::isNotYet)
            .untilAsserted(
                () ->
                    assertThat(
                            CosignedCheckpoint.open(
                                    checkpoint(auditor).getBytes(StandardCharsets.UTF_8),
                                    log.verifierKey(),
                                    policy)
                                .cosigners())
                        .containsExactly(witness.verifierKey()));
        assertThat(readiness(server)).contains("\"witnesses\":\"UP\"");

        witnessServer.close();
        // An export waits for everything to be witnessed, in vain, and gives what is.
        var export =
            AuditServiceGrpc.newBlockingStub(auditor.channel())
                .exportLog(ExportLogRequest.getDefaultInstance());
        assertThat(export.hasNext()).isTrue();
        while (export.hasNext()) {
          export.next();
        }
        assertThat(checkpoint(auditor)).contains("— w.example/1 ");
      }
      // Its start is in the log, and no witness sees it.
      try (RunningServer server = home.start()) {
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(readiness(server))
                        .contains("\"status\":\"UP\"")
                        .contains("witness w.example/1 at http://127.0.0.1:"));
      }
    }
  }

  private static boolean isNotYet(Throwable thrown) {
    return thrown instanceof StatusRuntimeException refused
        && refused.getStatus().getCode() == Status.Code.UNAVAILABLE;
  }

  @Test
  void doesNotStartAsItsOwnWitness() {
    witnessed(new WitnessKey("w.example/1", log.verifierKey().publicKey()), 1);
    assertThatThrownBy(home::start)
        .isInstanceOf(StartException.class)
        .hasMessageContaining("others than the log's");
  }
}
