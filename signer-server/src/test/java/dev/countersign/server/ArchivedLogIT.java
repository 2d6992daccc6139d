package dev.countersign.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.rpc.ErrorInfo;
import dev.countersign.api.v1.AuditServiceGrpc;
import dev.countersign.api.v1.AuditServiceGrpc.AuditServiceBlockingStub;
import dev.countersign.api.v1.GetCheckpointRequest;
import dev.countersign.api.v1.SearchEntriesRequest;
import dev.countersign.audit.checkpoint.CheckpointKeyFile;
import dev.countersign.audit.checkpoint.LogKeys;
import dev.countersign.audit.checkpoint.VerifierKey;
import dev.countersign.audit.retention.ArchiveOutcome;
import dev.countersign.audit.store.LogArchiving;
import dev.countersign.audit.verify.HttpLogFiles;
import dev.countersign.audit.verify.LogVerifier;
import dev.countersign.audit.verify.VerificationProgress;
import dev.countersign.audit.verify.VerificationResult.Verified;
import dev.countersign.database.JdbiUnitOfWork;
import dev.countersign.server.config.RunningServer;
import dev.countersign.server.harness.Calls;
import dev.countersign.server.harness.ServerHome;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server whose log has entries in an archive.
@WithTestEnvironment
@Timeout(120)
class ArchivedLogIT {
  private final PostgresDatabase database;
  private final ServerHome home;
  private final Path directory;

  ArchivedLogIT(
      @TempDir Path directory, PostgresDatabase database, SoftHsmToken token, DevChain chain) {
    this.directory = directory;
    this.database = database;
    this.home = new ServerHome(directory, database, token, chain);
  }

  private VerifierKey key() {
    return CheckpointKeyFile.openOrCreate(
            directory.resolve(ServerHome.CHECKPOINT_KEY), ServerHome.ORIGIN, new SecureRandom())
        .verifierKey();
  }

  private Calls calls(RunningServer server) {
    return new Calls(server.grpcPort(), home.authority().pem(), home.identity("auditor"));
  }

  private static int search(AuditServiceBlockingStub auditor) {
    return auditor
        .searchEntries(SearchEntriesRequest.newBuilder().setPageSize(500).build())
        .getEntriesCount();
  }

  private static int status(RunningServer server, String file) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(address(server) + file)).build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }

  private static String address(RunningServer server) {
    return "http://127.0.0.1:" + server.httpPort() + "/log/";
  }

  @Test
  void readsTheArchiveAndSaysWhenItIsNotThere() throws Exception {
    Path archive = directory.resolve("archive");
    Jdbi owner = Jdbi.create(database.dataSource());
    home.audit("archive: archive", "publish: true");
    try (RunningServer server = home.start();
        Calls calls = calls(server)) {
      owner.useHandle(
          handle -> {
            handle.execute(
                "SELECT audit.add_partition('entry_2020_01', '2020-01-01', '2020-02-01')");
            handle.execute(
                "INSERT INTO audit.entry (body, written)"
                    + " SELECT '{}', '2020-01-31' FROM generate_series(1, 300)");
            handle.execute(
                "INSERT INTO audit.entry (body) SELECT '{}' FROM generate_series(1, 300)");
          });
      AuditServiceBlockingStub auditor = AuditServiceGrpc.newBlockingStub(calls.channel());
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  auditor.getCheckpoint(GetCheckpointRequest.getDefaultInstance()).getSize() > 600);
      assertThat(search(auditor)).isEqualTo(500);

      assertThat(
              new LogArchiving(new JdbiUnitOfWork(owner), LogKeys.of(key()), InstantSource.system())
                  .archive(archive, LocalDate.of(2020, 2, 1), VerificationProgress.NONE))
          .isInstanceOf(ArchiveOutcome.Archived.class);
      assertThat(search(auditor)).isEqualTo(500);
      assertThat(status(server, "tile/entries/000")).isEqualTo(200);
      try (HttpLogFiles files =
          new HttpLogFiles(URI.create(address(server)), Duration.ofSeconds(10))) {
        assertThat(new LogVerifier(key()).verify(files, List.of(), VerificationProgress.NONE))
            .isInstanceOf(Verified.class);
      }

      // As if it was not mounted.
      Files.move(archive, directory.resolve("elsewhere"));
      StatusRuntimeException refused =
          catchThrowableOfType(StatusRuntimeException.class, () -> search(auditor));
      assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(refused.getStatus().getDescription())
          .contains("of the audit log was archived")
          .contains("the archive " + archive + " is not there");
      assertThat(
              Objects.requireNonNull(StatusProto.fromThrowable(refused))
                  .getDetails(0)
                  .unpack(ErrorInfo.class)
                  .getReason())
          .isEqualTo("ARCHIVE_UNAVAILABLE");
      assertThat(status(server, "tile/entries/000")).isEqualTo(503);
      assertThat(status(server, "tile/0/000")).isEqualTo(200);
    }
  }
}
