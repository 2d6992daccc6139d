package dev.countersign.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.api.v1.SigningRequest.State;
import dev.countersign.audit.checkpoint.VerifierKey;
import dev.countersign.audit.verify.VerificationResult;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Kills the server with SIGKILL at every boundary of a request's way, while clients are asking,
/// and starts it again. Where it stands is decided by the real parts around it: a database
/// transaction that waits, a chain node that is stopped, a token that is away.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrashIT {
  private static final int IN_FLIGHT = 20;
  private static final List<TestClient> CONNECTIONS = Collections.nCopies(4, TestClient.DESK);

  private final Deployment deployment;
  private final VerifierKey pinned;
  private final List<Payment> paid = new ArrayList<>();
  private int series;

  CrashIT(PostgresDatabase database, DevChain chain) throws IOException, SQLException {
    deployment = Deployment.start("crash", database, chain, Policies.ether());
    pinned = deployment.auditLog().verifierKey();
  }

  @AfterAll
  void stop() {
    deployment.close();
  }

  @Test
  void losesAndDoublesNothingWhenKilledInTheMiddleOfAdmitting() throws Exception {
    killBefore("ADMITTED");
  }

  @Test
  void losesAndDoublesNothingWhenKilledBetweenAdmittingAndSigning() throws Exception {
    try (var token = new TokenAbsence(deployment);
        var load = load()) {
      assertThat(load.answers())
          .extracting(answer -> answer.answer().getState())
          .containsOnly(State.STATE_ADMITTED);
      deployment.kill();
      token.end();
      deployment.restart();
      load.endsConfirmed();
    }
    theBooksBalance();
  }

  @Test
  void losesAndDoublesNothingWhenKilledBetweenSigningAndSettling() throws Exception {
    killBefore("SIGNED");
  }

  @Test
  void losesAndDoublesNothingWhenKilledBetweenSettlingAndBroadcasting() throws Exception {
    try (var gate = StateGate.before(deployment.database(), "SIGNED");
        var load = load()) {
      gate.awaitArrival();
      try (var _ = new ChainFreeze(deployment.chain())) {
        gate.open();
        assertThat(load.answers())
            .extracting(answer -> answer.answer().getState())
            .containsOnly(State.STATE_SIGNED);
        deployment.kill();
      }
      deployment.restart();
      load.endsConfirmed();
    }
    theBooksBalance();
  }

  @Test
  void losesAndDoublesNothingWhenKilledBetweenBroadcastingAndRecordingIt() throws Exception {
    killBefore("BROADCAST");
  }

  @Test
  void losesAndDoublesNothingWhenKilledBeforeConfirming() throws Exception {
    killBefore("CONFIRMED");
  }

  private void killBefore(String state) throws Exception {
    try (var gate = StateGate.before(deployment.database(), state);
        var load = load()) {
      gate.awaitArrival();
      deployment.kill();
      gate.open();
      deployment.restart();
      load.endsConfirmed();
    }
    theBooksBalance();
  }

  private Load load() throws IOException {
    series++;
    var payments = Payment.series(series, IN_FLIGHT);
    paid.addAll(payments);
    return Load.start(deployment, CONNECTIONS, payments);
  }

  private void theBooksBalance() throws SQLException, IOException {
    var books = new Books(deployment);
    books.balance(paid);
    books.logTellsOnce(paid);
    assertThat(deployment.auditLog().exportAndVerify(pinned))
        .isInstanceOf(VerificationResult.Verified.class);
  }
}
