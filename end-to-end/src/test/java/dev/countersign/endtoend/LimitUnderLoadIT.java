package dev.countersign.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.api.v1.SigningRequest;
import dev.countersign.api.v1.SigningRequest.State;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.io.IOException;
import java.math.BigInteger;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Twenty clients at once on one wallet, whose limit counts all of them together.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LimitUnderLoadIT {
  private static final int AT_ONCE = 200;
  private static final int MORE_THAT_FIT = 150;
  private static final BigInteger EACH = BigInteger.valueOf(1_000);

  private final Deployment deployment;

  LimitUnderLoadIT(PostgresDatabase database, DevChain chain) throws IOException, SQLException {
    deployment =
        Deployment.start(
            "limit",
            database,
            chain,
            // One wei less would leave no room for the last one.
            Policies.etherUpTo(
                EACH.multiply(BigInteger.valueOf(AT_ONCE + MORE_THAT_FIT)) + " wei"));
  }

  @AfterAll
  void stop() {
    deployment.close();
  }

  @Test
  void landsTwoHundredAtOnceAndOfTwoHundredMoreExactlyThoseThatFit() throws Exception {
    var first = payments(1);
    try (var load = Load.start(deployment, TestClient.CROWD, first)) {
      load.endsConfirmed();
    }
    new Books(deployment).balance(first);

    var second = payments(2);
    var fitting = new ArrayList<>(first);
    try (var load = Load.start(deployment, TestClient.CROWD, second)) {
      var answers = load.answers();
      for (int i = 0; i < AT_ONCE; i++) {
        var answer = answers.get(i).answer();
        if (answer.getState() == State.STATE_DENIED) {
          deniedByTheLimit(answer);
        } else {
          fitting.add(second.get(i));
        }
      }
      assertThat(fitting).as("all that were allowed").hasSize(AT_ONCE + MORE_THAT_FIT);
      load.confirms(fitting);
    }
    new Books(deployment).balance(fitting);
  }

  private static void deniedByTheLimit(SigningRequest answer) {
    assertThat(answer.getDecision().getRule()).isEqualTo("default-deny");
    assertThat(answer.getDecision().getOutcomesList())
        .singleElement()
        .satisfies(
            outcome -> {
              assertThat(outcome.getRule()).isEqualTo("ether");
              assertThat(outcome.getUnmet().getCriterion()).contains("hourly");
            });
    assertThat(answer.hasNonce()).as("a denied request has a nonce").isFalse();
  }

  private static List<Payment> payments(int series) {
    return Payment.series(series, AT_ONCE).stream()
        .map(payment -> new Payment(payment.requestId(), payment.payee(), EACH))
        .toList();
  }
}
