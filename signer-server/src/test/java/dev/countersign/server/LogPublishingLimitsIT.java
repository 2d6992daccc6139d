package dev.countersign.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.server.config.RunningServer;
import dev.countersign.server.harness.ServerHome;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What strangers cannot do to a published log, and do not get from a broken one. It leaves its
/// database broken.
@WithTestEnvironment
@Timeout(120)
class LogPublishingLimitsIT {
  private final PostgresDatabase database;
  private final SoftHsmToken token;
  private final DevChain chain;

  @TempDir Path directory;

  LogPublishingLimitsIT(PostgresDatabase database, SoftHsmToken token, DevChain chain) {
    this.database = database;
    this.token = token;
    this.chain = chain;
  }

  @Test
  void strangersTakeFewConnectionsAndWhatIsBrokenIsNotHandedOut() throws Exception {
    ServerHome home = new ServerHome(directory, database, token, chain);
    home.audit("publish: true");
    Jdbi owner = Jdbi.create(database.dataSource());
    try (RunningServer server = home.start();
        HttpClient client = HttpClient.newHttpClient()) {
      LogPublishingIT.awaitEntries(server);
      HttpRequest tile =
          HttpRequest.newBuilder(URI.create(LogPublishingIT.address(server) + "tile/0/000.p/1"))
              .build();
      List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
      owner.useTransaction(
          handle -> {
            handle.execute("LOCK TABLE audit.tile IN ACCESS EXCLUSIVE MODE");
            for (int i = 0; i < 3; i++) {
              answers.add(client.sendAsync(tile, BodyHandlers.ofByteArray()));
            }
            CompletableFuture.anyOf(answers.toArray(CompletableFuture[]::new))
                .get(10, TimeUnit.SECONDS);
            HttpResponse<byte[]> refused =
                answers.stream()
                    .filter(CompletableFuture::isDone)
                    .map(CompletableFuture::join)
                    .findFirst()
                    .orElseThrow();
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).contains("1");
            assertThat(refused.headers().firstValue("Cache-Control")).contains("no-cache");
            assertThat(answers).filteredOn(CompletableFuture::isDone).hasSize(1);
          });
      assertThat(answers)
          .extracting(answer -> answer.get(10, TimeUnit.SECONDS).statusCode())
          .containsExactlyInAnyOrder(200, 200, 503);

      owner.useHandle(
          handle -> {
            handle.execute("ALTER TABLE audit.leaf DISABLE TRIGGER ALL");
            handle.execute("UPDATE audit.leaf SET entry_id = -1 - entry_id WHERE leaf_index = 0");
          });
      assertNothing(LogPublishingIT.get(server, "tile/entries/000.p/1"));
      assertThat(LogPublishingIT.get(server, "tile/0/000.p/1").statusCode()).isEqualTo(200);
      owner.useHandle(handle -> handle.execute("ALTER TABLE audit.tile RENAME TO tile_away"));
      assertNothing(LogPublishingIT.get(server, "tile/0/000.p/1"));
      owner.useHandle(handle -> handle.execute("ALTER TABLE audit.tile_away RENAME TO tile"));
    }
  }

  private static void assertNothing(HttpResponse<byte[]> answer) {
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-cache");
  }
}
