package dev.countersign.policy.shadow;

import static dev.countersign.policy.sample.Samples.allowing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.countersign.core.port.RequestHistory;
import dev.countersign.policy.replay.PolicyReplay;
import dev.countersign.policy.replay.ReplayAnswer;
import dev.countersign.policy.replay.ReplaySummary.Change;
import dev.countersign.policy.sample.AskedRequests;
import dev.countersign.policy.sample.Instance;
import dev.countersign.policy.sample.PolicyDatabase;
import dev.countersign.policy.sample.Samples;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class ShadowFollowerIT {
  private static final String LIMIT =
      "limits: [{name: all, maximum: 10, counts: [value], window: PT24H}]";

  private final PolicyDatabase database;
  private final Instance instance;
  private final AskedRequests requests;
  private final ShadowStore store = new ShadowStore();

  ShadowFollowerIT(PostgresDatabase postgres) {
    this.database = PolicyDatabase.of(postgres);
    this.instance = database.instance();
    this.requests = new AskedRequests(instance);
    database.activate(instance, allowing("maximum: 8"));
  }

  @BeforeEach
  void forget() {
    requests.forget();
  }

  @AfterEach
  void stop() {
    instance.unitOfWork().run(transaction -> store.stop(transaction, Instant.now()));
  }

  @AfterAll
  void close() {
    database.close();
  }

  private Optional<Shadow> start(String draft) {
    return instance
        .unitOfWork()
        .inTransaction(
            transaction ->
                store.start(
                    transaction,
                    UUID.randomUUID(),
                    draft.getBytes(StandardCharsets.UTF_8),
                    "operator",
                    Instant.now()));
  }

  /// As if the lag had gone by already.
  private ShadowFollower follower(String name, RequestHistory history) {
    InstantSource later = () -> Instant.now().plus(ShadowFollower.LAG).plusSeconds(1);
    return new ShadowFollower(
        instance.unitOfWork(),
        store,
        new PolicyReplay(
            instance.unitOfWork(), history, id -> Optional.of(Samples.wallet(id.value()))),
        name,
        later);
  }

  private Shadow now() {
    return instance
        .unitOfWork()
        .inTransaction(transaction -> store.find(transaction, Optional.empty()))
        .orElseThrow();
  }

  private List<ShadowDifference> differences() {
    UUID shadow = now().id();
    return instance
        .unitOfWork()
        .inTransaction(
            transaction -> store.differences(transaction, shadow, Optional.empty(), 100));
  }

  private void ask(long amount) {
    requests.ask("hot-1", amount, Instant.now());
  }

  @Test
  void followsWhatIsAskedOnItsOwnCounters() {
    start(allowing(LIMIT));
    ShadowFollower follower = follower("one", requests);
    ask(6);
    follower.step();
    assertThat(differences()).isEmpty();
    ask(7);
    ask(4);
    ask(9);
    follower.step();
    assertThat(differences())
        .extracting(ShadowDifference::before, ShadowDifference::after)
        .containsExactly(tuple(ReplayAnswer.ALLOWED, ReplayAnswer.DENIED));
    assertThat(differences().getFirst().reason()).contains("limit all");
    assertThat(now().summary().orElseThrow().answers())
        .containsEntry(new Change(ReplayAnswer.ALLOWED, ReplayAnswer.ALLOWED), 2L)
        .containsEntry(new Change(ReplayAnswer.DENIED, ReplayAnswer.DENIED), 1L);
    assertThat(now().followedUntil()).isPresent();
  }

  @Test
  void whoeverTakesOverComesToTheSame() {
    start(allowing(LIMIT));
    ask(6);
    ask(7);
    ShadowFollower first = follower("one", requests);
    first.step();
    List<ShadowDifference> found = differences();
    assertThat(follower("two", requests).step()).isGreaterThan(Duration.ofSeconds(1));
    database
        .owner()
        .useHandle(handle -> handle.execute("UPDATE policy.shadow SET leased_until = now()"));
    ask(5);
    follower("two", requests).step();
    assertThat(differences()).hasSize(2).containsAll(found);
    assertThat(now().summary().orElseThrow().judged()).isEqualTo(3);
  }

  @Test
  void whatCannotBeStoredIsJudgedAgain() {
    start(allowing(LIMIT));
    boolean[] broken = {true};
    ShadowFollower follower =
        follower(
            "one",
            (after, limit) -> {
              if (broken[0]) {
                throw new IllegalStateException("out of order");
              }
              return requests.page(after, limit);
            });
    ask(6);
    ask(7);
    assertThatThrownBy(follower::step).hasMessage("out of order");
    broken[0] = false;
    follower.step();
    assertThat(differences()).hasSize(1);
  }

  @Test
  void thereIsOneAtATime() {
    assertThat(start(allowing())).isPresent();
    assertThat(start(allowing(LIMIT))).isEmpty();
    Shadow stopped =
        instance
            .unitOfWork()
            .inTransaction(transaction -> store.stop(transaction, Instant.now()))
            .orElseThrow();
    assertThat(stopped.stoppedAt()).isPresent();
    assertThat(start(allowing(LIMIT))).isPresent();
    assertThat(now().id()).isNotEqualTo(stopped.id());
  }

  @Test
  void aStoppedOneIsNotFollowed() {
    start(allowing("maximum: 0"));
    stop();
    ask(6);
    follower("one", requests).step();
    assertThat(differences()).isEmpty();
  }

  @Test
  void aDraftThatCannotBeReadSaysSo() {
    start("rules: none");
    follower("one", requests).step();
    assertThat(now().problem().orElseThrow()).contains("cannot be read");
    assertThat(follower("one", requests).step()).isGreaterThan(Duration.ofSeconds(1));
  }

  @Test
  void keepsTheNewestDifferencesAlone() {
    start(allowing("maximum: 0"));
    Shadow shadow = now();
    database
        .owner()
        .useHandle(
            handle ->
                handle.execute(
                    """
                    INSERT INTO policy.shadow_difference
                    SELECT ?, CAST(lpad(to_hex(n), 32, '0') AS uuid), now(), 'ALLOWED', 'pay',
                      'DENIED', 'default-deny', '', false
                    FROM generate_series(1, ?) AS n
                    """,
                    shadow.id(),
                    ShadowStore.MOST_DIFFERENCES));
    ask(1);
    follower("one", requests).step();
    long kept =
        database
            .owner()
            .withHandle(
                handle ->
                    handle
                        .createQuery(
                            "SELECT count(*) FROM policy.shadow_difference WHERE shadow = :shadow")
                        .bind("shadow", shadow.id())
                        .mapTo(Long.class)
                        .one());
    assertThat(kept).isEqualTo(ShadowStore.MOST_DIFFERENCES);
  }
}
