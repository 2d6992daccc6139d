package dev.countersign.policy.replay;

import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.countersign.core.port.PolicySubject;
import dev.countersign.policy.replay.ReplaySummary.Change;
import dev.countersign.policy.sample.AskedRequests;
import dev.countersign.policy.sample.Instance;
import dev.countersign.policy.sample.PolicyDatabase;
import dev.countersign.policy.sample.Samples;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// Decisions are those that the engine stored; the requests themselves, which another module keeps,
/// are those that were asked.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class PolicyReplayIT {
  private static final String LIMIT =
      "limits: [{name: all, maximum: 10, counts: [value], window: PT24H}]";
  private static final String WAITS =
      """
        - name: slow
          effect: DELAY
          assets: [native]
          above: 3
          delay: PT1H
      """;

  private final PolicyDatabase database;
  private final Instance instance;
  private final AskedRequests requests;
  private final List<ReplayDifference> differences = new ArrayList<>();
  private int policies;
  private Instant since = Instant.EPOCH;

  PolicyReplayIT(PostgresDatabase postgres) {
    this.database = PolicyDatabase.of(postgres);
    this.instance = database.instance();
    this.requests = new AskedRequests(instance);
  }

  @AfterAll
  void close() {
    database.close();
  }

  @BeforeEach
  void forget() {
    requests.forget();
    differences.clear();
    since = Instant.now().minusSeconds(60);
  }

  /// Under a rule of another name each time, so that its limits start at nothing.
  private String active(String... overrides) {
    String yaml = allowing(overrides).replace("name: pay", "name: pay-" + ++policies);
    database.activate(instance, yaml);
    return yaml;
  }

  private PolicySubject ask(long amount) {
    return requests.ask("hot-1", amount, Instant.now());
  }

  private ReplaySummary replay(String draft) {
    return new PolicyReplay(
            instance.unitOfWork(), requests, id -> Optional.of(Samples.wallet(id.value())))
        .run(policy(draft), since, Instant.now().plus(Duration.ofDays(1)), differences::add);
  }

  @Test
  void theActivePolicyItselfSaysNothingElse() {
    String yaml = active(LIMIT);
    ask(6);
    ask(6);
    instance.release(ask(4));
    ask(4);
    ask(1);
    ReplaySummary summary = replay(yaml);
    assertThat(differences).isEmpty();
    assertThat(summary.judged()).isEqualTo(5);
    assertThat(summary.answers().get(new Change(ReplayAnswer.ALLOWED, ReplayAnswer.ALLOWED)))
        .isEqualTo(3);
    assertThat(summary.answers().get(new Change(ReplayAnswer.DENIED, ReplayAnswer.DENIED)))
        .isEqualTo(2);
    assertThat(summary.feesUnknown()).isEqualTo(2);
  }

  @Test
  void aWiderDraftAllowsWhatWasDeniedAndCountsIt() {
    active(LIMIT);
    ask(6);
    ask(6);
    ask(1);
    PolicySubject over = ask(1);
    replay(allowing(LIMIT.replace("10", "13")));
    assertThat(differences)
        .extracting(
            ReplayDifference::before, ReplayDifference::after, ReplayDifference::feesUnknown)
        .containsExactly(
            tuple(ReplayAnswer.DENIED, ReplayAnswer.ALLOWED, true),
            tuple(ReplayAnswer.ALLOWED, ReplayAnswer.DENIED, false));
    assertThat(differences.getLast().request().id()).isEqualTo(over.request());
    assertThat(differences.getLast().reason()).contains("limit all");
    assertThat(differences.getLast().afterRule()).isEqualTo("default-deny");
  }

  @Test
  void aNarrowerDraftDeniesWhatWasAllowed() {
    active();
    ask(2);
    ask(8);
    replay(allowing("maximum: 5"));
    assertThat(differences)
        .singleElement()
        .extracting(ReplayDifference::before, ReplayDifference::after)
        .containsExactly(ReplayAnswer.ALLOWED, ReplayAnswer.DENIED);
    assertThat(differences.getFirst().reason()).contains("maximum");
  }

  @Test
  void whatWaitedAndWhatWouldWait() {
    String waiting = active() + WAITS;
    database.activate(instance, waiting);
    ask(2);
    ask(5);
    assertThat(replay(waiting).answers())
        .containsEntry(new Change(ReplayAnswer.HELD, ReplayAnswer.HELD), 1L);
    assertThat(differences).isEmpty();
    assertThat(replay(waiting.replace("PT1H", "PT2H")).heldOtherwise()).isEqualTo(1);
    assertThat(differences.getFirst().beforeRule()).isEqualTo("slow: PT1H");
    assertThat(differences.getFirst().afterRule()).isEqualTo("slow: PT2H");
    differences.clear();
    replay(allowing());
    assertThat(differences)
        .singleElement()
        .extracting(ReplayDifference::before, ReplayDifference::after)
        .containsExactly(ReplayAnswer.HELD, ReplayAnswer.ALLOWED);
    differences.clear();
    replay(allowing() + WAITS.replace("above: 3", "above: 1"));
    assertThat(differences)
        .extracting(ReplayDifference::before, ReplayDifference::after)
        .contains(tuple(ReplayAnswer.ALLOWED, ReplayAnswer.HELD));
  }

  @Test
  void requestsBeforeThePeriodFillTheLimitsAlone() {
    active();
    requests.ask("hot-1", 6, since.minusSeconds(30));
    ask(6);
    ReplaySummary summary = replay(allowing(LIMIT));
    assertThat(summary.warmedUp()).isEqualTo(1);
    assertThat(summary.judged()).isEqualTo(1);
    assertThat(summary.countersFrom()).isEqualTo(since.minus(Duration.ofDays(1)));
    assertThat(differences)
        .singleElement()
        .extracting(ReplayDifference::after)
        .isEqualTo(ReplayAnswer.DENIED);
  }

  @Test
  void whatWasFrozenOrNeverJudgedIsLeftOut() {
    active();
    ask(1);
    instance.freeze("wallet:hot-2", "a drill");
    requests.ask("hot-2", 1, Instant.now());
    requests.receive(Instant.now());
    ReplaySummary summary = replay(allowing("maximum: 0"));
    assertThat(summary.judged()).isEqualTo(1);
    assertThat(summary.frozen()).isEqualTo(1);
    assertThat(summary.unjudged()).isEqualTo(1);
  }
}
