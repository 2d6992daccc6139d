package dev.countersign.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.audit.checkpoint.CheckpointKeyFile;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.checkpoint.VerifierKey;
import dev.countersign.audit.verify.HttpLogFiles;
import dev.countersign.audit.verify.LogVerifier;
import dev.countersign.audit.verify.VerificationProgress;
import dev.countersign.audit.verify.VerificationResult.Verified;
import dev.countersign.server.config.RunningServer;
import dev.countersign.server.config.StartException;
import dev.countersign.server.harness.ServerHome;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The log over HTTP where it is switched on, and a start on one that was set back.
@WithTestEnvironment
@Timeout(120)
class LogPublishingIT {
  private final PostgresDatabase database;
  private final SoftHsmToken token;
  private final DevChain chain;

  @TempDir Path directory;

  LogPublishingIT(PostgresDatabase database, SoftHsmToken token, DevChain chain) {
    this.database = database;
    this.token = token;
    this.chain = chain;
  }

  private ServerHome home() {
    return new ServerHome(directory, database, token, chain);
  }

  private VerifierKey key() {
    return CheckpointKeyFile.openOrCreate(
            directory.resolve(ServerHome.CHECKPOINT_KEY), ServerHome.ORIGIN, new SecureRandom())
        .verifierKey();
  }

  static HttpResponse<byte[]> get(RunningServer server, String path)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create(address(server) + path)).build(),
          BodyHandlers.ofByteArray());
    }
  }

  static String address(RunningServer server) {
    return "http://127.0.0.1:" + server.httpPort() + "/log/";
  }

  @Test
  void strangersVerifyWhatIsPublishedAndASetBackLogIsNotContinued() throws Exception {
    ServerHome home = home();
    try (RunningServer server = home.start()) {
      assertThat(get(server, "checkpoint").statusCode()).isEqualTo(404);
    }
    SignedCheckpoint known;
    home.audit("seenFile: seen", "publish: true");
    try (RunningServer server = home.start()) {
      HttpResponse<byte[]> note = awaitEntries(server);
      assertThat(note.headers().firstValue("Cache-Control")).contains("no-cache");
      assertThat(note.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
      known = SignedCheckpoint.open(note.body(), key());
      try (HttpLogFiles files =
          new HttpLogFiles(URI.create(address(server)), Duration.ofSeconds(10))) {
        assertThat(new LogVerifier(key()).verify(files, List.of(known), VerificationProgress.NONE))
            .isInstanceOf(Verified.class);
      }
      assertThat(get(server, "tile/entries/000.p/1").headers().firstValue("Cache-Control"))
          .contains("public, max-age=31536000, immutable");
      for (String path :
          List.of("tile/entries/000", "tile/0/000.p/0", "tile/9/000", "..%2fhealth", "x")) {
        assertThat(get(server, path).statusCode()).as(path).isEqualTo(404);
      }
    }
    assertThat(Files.readString(directory.resolve("seen"))).contains("test.example/log\n");

    Jdbi.create(database.dataSource())
        .useHandle(
            handle -> {
              for (String table : List.of("entry", "leaf", "tile", "checkpoint", "sequencer")) {
                handle.execute("ALTER TABLE audit." + table + " DISABLE TRIGGER ALL");
              }
              handle
                  .createQuery(
                      "SELECT inhrelid::regclass::text FROM pg_inherits"
                          + " WHERE inhparent = 'audit.entry'::regclass")
                  .mapTo(String.class)
                  .forEach(
                      partition ->
                          handle.execute("ALTER TABLE " + partition + " DISABLE TRIGGER ALL"));
              handle.execute(
                  "TRUNCATE audit.entry, audit.leaf, audit.tile, audit.checkpoint,"
                      + " audit.sequencer");
              handle.execute("INSERT INTO audit.sequencer DEFAULT VALUES");
            });
    assertThatThrownBy(() -> home.start())
        .isInstanceOf(StartException.class)
        .hasMessageContaining("the audit log was set back")
        .hasMessageContaining("docs/runbooks/BROKEN_LOG.md");
  }

  static HttpResponse<byte[]> awaitEntries(RunningServer server)
      throws IOException, InterruptedException {
    for (int i = 0; i < 100; i++) {
      HttpResponse<byte[]> note = get(server, "checkpoint");
      if (note.statusCode() == 200
          && !new String(note.body(), StandardCharsets.UTF_8).contains("\n0\n")) {
        return note;
      }
      Thread.sleep(50);
    }
    throw new AssertionError("the log has no entries");
  }
}
