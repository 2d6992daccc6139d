package dev.countersign.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.request.RequestState;
import dev.countersign.server.settings.AuditSettings.Strict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StrictAnswersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final List<Duration> waits = new ArrayList<>();

  private StrictAnswers answers(boolean inTime, String... types) {
    return new StrictAnswers(
        new Strict(Set.of(types), PATIENCE),
        patience -> {
          waits.add(patience);
          return inTime;
        });
  }

  @Test
  void waitsForTheTypesThatAreNamed() {
    answers(true, "transaction-signed").await(RequestState.SIGNED);
    assertThat(waits).containsExactly(PATIENCE);
  }

  @Test
  void waitsForNothingElse() {
    StrictAnswers answers = answers(false, "request-denied");
    answers.await(RequestState.SIGNED);
    answers.await(RequestState.ADMITTED);
    answers.await(Set.of("wallet-created"));
    answers(false).await(RequestState.DENIED);
    assertThat(waits).isEmpty();
  }

  @Test
  void saysThatItHasHappenedWhenTheCheckpointIsLate() {
    assertThatThrownBy(() -> answers(false, "request-denied").await(RequestState.DENIED))
        .isInstanceOf(ProofPendingException.class)
        .hasMessageContaining("it has happened")
        .hasMessageContaining("ask again");
  }
}
