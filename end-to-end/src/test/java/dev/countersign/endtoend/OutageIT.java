package dev.countersign.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.api.v1.SigningRequest.State;
import dev.countersign.testenv.Progress;
import dev.countersign.testenv.ToolCache;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresServer;
import dev.countersign.testenv.process.ProcessHome;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Takes a part away for a while, under load, and brings it back; the server itself is not touched.
/// `-Dcountersign.outage=30s` makes the outages as long as that.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutageIT {
  private static final int IN_FLIGHT = 10;
  private static final Duration OUTAGE =
      Duration.parse("PT" + System.getProperty("countersign.outage", "8s"));
  private static final List<TestClient> CONNECTIONS = Collections.nCopies(2, TestClient.DESK);

  private final ProcessHome home;
  private final Deployment deployment;
  private final List<Payment> paid = new ArrayList<>();
  private int series;

  /// On a database server of its own: the other deployments of this run need theirs.
  OutageIT(DevChain chain) throws IOException, SQLException {
    home =
        ProcessHome.open(
            Path.of("target", "deployments", "outage-database-" + ProcessHandle.current().pid())
                .toAbsolutePath(),
            Progress.SILENT);
    var server = PostgresServer.startForTests(home, ToolCache.ofUser(), Progress.SILENT);
    deployment =
        Deployment.start("outage", server.createDatabase("outage"), chain, Policies.ether());
  }

  @AfterAll
  void stop() {
    deployment.close();
    home.close();
  }

  @Test
  void signsWhatWasAdmittedAsSoonAsTheTokenIsBack() throws Exception {
    try (var token = new TokenAbsence(deployment);
        var load = load()) {
      assertThat(load.answers())
          .extracting(answer -> answer.answer().getState())
          .containsOnly(State.STATE_ADMITTED);
      Thread.sleep(OUTAGE);
      token.end();
      load.endsConfirmed();
    }
    new Books(deployment).balance(paid);
  }

  @Test
  void saysThatTheStoreIsUnavailableAndGoesOnWhenTheDatabaseIsBack() throws Exception {
    var server = deployment.database().server();
    try (var before = load()) {
      before.answers();
      server.stop();
      try (var during = load()) {
        Thread.sleep(OUTAGE);
        server.start();
        assertThat(during.answers())
            .allSatisfy(
                answer ->
                    assertThat(answer.errors())
                        .isNotEmpty()
                        .allSatisfy(
                            error ->
                                assertThat(error.reason())
                                    .as("%s", error)
                                    .isEqualTo("UNAVAILABLE")));
        before.endsConfirmed();
        during.endsConfirmed();
      } finally {
        server.start();
      }
    }
    new Books(deployment).balance(paid);
  }

  @Test
  void saysThatTheNodeIsUnavailableAndGoesOnWhenItIsBack() throws Exception {
    var chain = deployment.chain();
    try (var before = load()) {
      before.answers();
      chain.stop();
      try (var during = load()) {
        Thread.sleep(OUTAGE);
        chain.start();
        assertThat(during.answers())
            .allSatisfy(
                answer ->
                    assertThat(answer.errors())
                        .isNotEmpty()
                        .allSatisfy(
                            error -> {
                              assertThat(error.status()).isEqualTo(Status.Code.UNAVAILABLE);
                              assertThat(error.reason())
                                  .as("%s", error)
                                  .isEqualTo("NODE_UNAVAILABLE");
                            }));
        before.endsConfirmed();
        during.endsConfirmed();
      } finally {
        chain.start();
      }
    }
    new Books(deployment).balance(paid);
  }

  private Load load() throws IOException {
    series++;
    var payments = Payment.series(series, IN_FLIGHT);
    paid.addAll(payments);
    return Load.start(deployment, CONNECTIONS, payments);
  }
}
