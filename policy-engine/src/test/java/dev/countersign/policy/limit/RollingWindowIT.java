package dev.countersign.policy.limit;

import static dev.countersign.policy.sample.Instance.request;
import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.pay;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.decision.Decision.Allowed;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.policy.sample.Instance;
import dev.countersign.policy.sample.PolicyDatabase;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class RollingWindowIT {
  private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

  private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
  private final PolicyDatabase database;
  private final Instance instance;
  private int limits;

  RollingWindowIT(PostgresDatabase postgres) {
    this.database = PolicyDatabase.of(postgres);
    this.instance = database.instance(new LimitClock.Given(now::get));
  }

  @AfterAll
  void close() {
    database.close();
  }

  @BeforeEach
  void startAtNoonWithAnUntouchedLimit() {
    limits++;
    now.set(NOON);
    allowTenWithin("PT60S");
  }

  @Test
  void whatWasSpentCountsForExactlyTheWindow() {
    assertThat(allows(6)).isTrue();
    at(Duration.ofSeconds(10));
    assertThat(allows(4)).isTrue();
    at(Duration.ofSeconds(60).minusNanos(1000));
    assertThat(allows(1)).isFalse();
    at(Duration.ofSeconds(60));
    assertThat(allows(7)).isFalse();
    assertThat(allows(6)).isTrue();
    assertThat(allows(1)).isFalse();
    at(Duration.ofSeconds(70));
    assertThat(allows(4)).isTrue();
    assertThat(allows(1)).isFalse();
    assertThat(database.wrongScopes()).isZero();
  }

  @Test
  void aClockThatIsSetBackFreesNothing() {
    assertThat(allows(6)).isTrue();
    at(Duration.ofSeconds(65));
    assertThat(allows(4)).isTrue();
    at(Duration.ofSeconds(5));
    assertThat(allows(1)).isFalse();
    at(Duration.ofSeconds(65));
    assertThat(allows(6)).isTrue();
    assertThat(allows(1)).isFalse();
    assertThat(database.wrongScopes()).isZero();
  }

  @Test
  void aLongerWindowCountsWhatHadLeftTheShorterOne() {
    assertThat(allows(6)).isTrue();
    at(Duration.ofSeconds(90));
    assertThat(allows(7)).isTrue();
    allowTenWithin("PT100S");
    assertThat(allows(1)).isFalse();
    at(Duration.ofSeconds(100));
    assertThat(allows(3)).isTrue();
    allowTenWithin("PT10S");
    assertThat(allows(1)).isTrue();
    at(Duration.ofSeconds(101));
    assertThat(allows(6)).isTrue();
    assertThat(allows(1)).isFalse();
    assertThat(database.wrongScopes()).isZero();
  }

  @Test
  void whatIsReleasedAfterItLeftTheWindowIsNotSubtractedTwice() {
    PolicySubject early = request();
    assertThat(allows(early, 6)).isTrue();
    at(Duration.ofSeconds(60));
    assertThat(allows(10)).isTrue();
    instance.release(early);
    assertThat(allows(1)).isFalse();
    assertThat(database.wrongScopes()).isZero();
    allowTenWithin("PT100S");
    assertThat(allows(1)).isFalse();
    assertThat(database.wrongScopes()).isZero();
  }

  @Test
  void aLowerMaximumHoldsAtOnce() {
    assertThat(allows(6)).isTrue();
    activate("4", "PT60S");
    assertThat(allows(1)).isFalse();
    at(Duration.ofSeconds(60));
    assertThat(allows(5)).isFalse();
    assertThat(allows(4)).isTrue();
  }

  @Test
  void countsTheLargestAmountThereIs() {
    String largest = BigInteger.TWO.pow(256).subtract(BigInteger.ONE).toString();
    activate(largest, "PT60S");
    assertThat(instance.admit(request(), pay(ALICE, new BigInteger(largest))) instanceof Allowed)
        .isTrue();
    assertThat(allows(1)).isFalse();
    at(Duration.ofSeconds(60));
    assertThat(allows(1)).isTrue();
    assertThat(database.wrongScopes()).isZero();
  }

  @Test
  void aLifetimeForgetsNothing() {
    activate("10", "lifetime");
    assertThat(allows(6)).isTrue();
    at(Duration.ofDays(40_000));
    assertThat(allows(5)).isFalse();
    PolicySubject failed = request();
    assertThat(allows(failed, 4)).isTrue();
    at(Duration.ofDays(80_000));
    assertThat(allows(1)).isFalse();
    instance.release(failed);
    assertThat(allows(5)).isFalse();
    assertThat(allows(4)).isTrue();
    assertThat(database.wrongScopes()).isZero();
  }

  @Test
  void aLifetimeCountsWhatALimitOfItsNameEverCounted() {
    assertThat(allows(6)).isTrue();
    at(Duration.ofSeconds(90));
    assertThat(allows(3)).isTrue();
    activate("10", "lifetime");
    assertThat(allows(2)).isFalse();
    assertThat(allows(1)).isTrue();
    activate("10", "PT60S");
    at(Duration.ofSeconds(150));
    assertThat(allows(10)).isTrue();
    assertThat(database.wrongScopes()).isZero();
  }

  @Test
  void theTotalOfALifetimeOutlastsTheReservationsItIsMadeOf() {
    activate("10", "lifetime");
    assertThat(allows(6)).isTrue();
    database
        .owner()
        .useTransaction(
            handle -> {
              handle.execute("ALTER TABLE policy.reservation DISABLE TRIGGER reservations_stay");
              handle.execute("CREATE TABLE policy.kept AS TABLE policy.reservation");
              handle.execute("DELETE FROM policy.reservation");
              handle.execute("ALTER TABLE policy.reservation ENABLE TRIGGER reservations_stay");
            });
    assertThat(allows(5)).isFalse();
    assertThat(allows(4)).isTrue();
    assertThat(allows(1)).isFalse();
    database
        .owner()
        .useHandle(handle -> handle.execute("INSERT INTO policy.reservation TABLE policy.kept"));
    assertThat(database.wrongScopes()).isZero();
  }

  @Test
  void countsActionsHoweverMuchTheyMove() {
    database.activate(
        instance,
        allowing(
            "limits:",
            "  - {name: often-%d, maximum: 2, counts: [actions], window: PT60S}"
                .formatted(limits)));
    assertThat(allows(1)).isTrue();
    assertThat(allows(1_000_000)).isTrue();
    assertThat(allows(1)).isFalse();
    at(Duration.ofSeconds(60));
    assertThat(allows(0)).isTrue();
  }

  @Test
  void rulesHoldByTheSameClock() {
    database.activate(
        instance, allowing("times: [{from: '12:00', to: '13:00', zone: UTC}]", "maximum: 5"));
    assertThat(allows(1)).isTrue();
    at(Duration.ofHours(1));
    assertThat(allows(1)).isFalse();
  }

  private void at(Duration sinceNoon) {
    now.set(NOON.plus(sinceNoon));
  }

  private boolean allows(long wei) {
    return allows(request(), wei);
  }

  private boolean allows(PolicySubject subject, long wei) {
    return instance.admit(subject, pay(ALICE, BigInteger.valueOf(wei))) instanceof Allowed;
  }

  private void allowTenWithin(String window) {
    activate("10", window);
  }

  private void activate(String maximum, String window) {
    database.activate(
        instance,
        allowing(
            "limits:",
            "  - {name: limit-%d, maximum: %s, counts: [value], window: %s}"
                .formatted(limits, maximum, window)));
  }
}
