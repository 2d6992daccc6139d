package dev.countersign.policy.engine;

import static dev.countersign.policy.sample.Instance.request;
import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.pay;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.decision.Decision;
import dev.countersign.core.decision.Decision.Allowed;
import dev.countersign.core.freeze.Freeze;
import dev.countersign.core.freeze.ThawStatement;
import dev.countersign.policy.freeze.FreezeStore.Thawing;
import dev.countersign.policy.sample.Instance;
import dev.countersign.policy.sample.PolicyDatabase;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class CircuitBreakersIT {
  private static final String MINUTE = "PT1M";
  private static final String UP_TO_TEN_WEI = allowing("wallets: any", "maximum: 10");

  private final PolicyDatabase database;
  private final List<Instance> instances;
  private final Instance one;

  CircuitBreakersIT(PostgresDatabase postgres) {
    this.database = PolicyDatabase.of(postgres);
    this.instances = List.of(database.instance(), database.instance(), database.instance());
    this.one = instances.get(0);
  }

  @BeforeAll
  void allowUpToTenWei() {
    database.activate(one, UP_TO_TEN_WEI);
  }

  @AfterEach
  void thawAll() {
    allowUpToTenWei();
    frozen().forEach(this::thaw);
  }

  @AfterAll
  void close() {
    database.close();
  }

  /// Thirty clients of three instances. What passes beyond the maximum is what was on its way when
  /// the maximum was reached: whoever sees that it is passed freezes before it asks for more, so it
  /// is two for each at most.
  @Test
  void tripsUnderLoadOnWhatAllInstancesDidTogether() throws Exception {
    int clients = 30;
    int maximum = 200;
    arm("wallet", "signatures", maximum, MINUTE);
    AtomicInteger allowed = new AtomicInteger();
    AtomicInteger denied = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        Instance instance = instances.get(i % 3);
        running.add(
            threads.submit(
                () -> {
                  for (int n = 0; n < 60; n++) {
                    Decision decision = admit(instance, "hot-load", 1);
                    (decision instanceof Allowed ? allowed : denied).incrementAndGet();
                  }
                }));
      }
      for (Future<?> client : running) {
        client.get();
      }
    }
    assertThat(allowed.get()).isGreaterThan(maximum).isLessThanOrEqualTo(maximum + 2 * clients);
    assertThat(denied.get()).isEqualTo(clients * 60 - allowed.get());
    assertThat(frozen())
        .singleElement()
        .satisfies(
            freeze -> {
              assertThat(freeze.scope().text()).isEqualTo("wallet:hot-load");
              assertThat(freeze.by()).isEqualTo("breakers");
              assertThat(freeze.reason().value())
                  .isEqualTo(
                      "breaker test: %d signatures in PT1M, at most 200".formatted(allowed.get()));
              assertThat(database.audit().events())
                  .contains(
                      new AuditEvent.ScopeFrozen(freeze.id(), freeze.scope(), freeze.reason()));
            });
    assertThat(admit(one, "hot-other", 1)).isInstanceOf(Allowed.class);
  }

  @Test
  void theMaximumItselfDoesNotTrip() throws Exception {
    arm("wallet", "signatures", 3, MINUTE);
    for (int i = 0; i < 3; i++) {
      assertThat(admit(instances.get(i), "hot-three", 1)).isInstanceOf(Allowed.class);
    }
    staysWhole();
    admit(one, "hot-three", 1);
    trips("wallet:hot-three", "breaker test: 4 signatures in PT1M, at most 3");
  }

  @Test
  void aStormOfDenialsTripsAndThoseOfWhatIsFrozenDoNot() throws Exception {
    arm("everything", "denials", 3, MINUTE);
    Freeze freeze = one.freeze("wallet:hot-frozen", "drill");
    for (int i = 0; i < 6; i++) {
      assertThat(admit(instances.get(i % 3), "hot-frozen", 1).rule()).isEqualTo("frozen");
    }
    for (int i = 0; i < 3; i++) {
      assertThat(admit(instances.get(i), "hot-denied-" + i, 11).rule()).isEqualTo("default-deny");
    }
    TimeUnit.MILLISECONDS.sleep(500);
    assertThat(frozen()).containsExactly(freeze);
    admit(one, "hot-denied-3", 11);
    thaw(freeze);
    trips("everything", "breaker test: 4 denials in PT1M, at most 3");
  }

  @Test
  void nativeValueIsAddedUp() throws Exception {
    arm("vault", "native-value", 20, MINUTE);
    admit(instances.get(0), "hot-value-1", 10);
    admit(instances.get(1), "hot-value-2", 10);
    admit(instances.get(1), "hot-value-2", 11);
    staysWhole();
    admit(instances.get(2), "hot-value-1", 1);
    trips("vault:treasury", "breaker test: 21 wei in PT1M, at most 20");
  }

  @Test
  void countsAnewAfterAThawAndForgetsWhatIsOlderThanItsWindow() throws Exception {
    arm("chain", "signatures", 2, "PT2S");
    for (int i = 0; i < 3; i++) {
      admit(one, "hot-again", 1);
    }
    thaw(trips("chain:eip155:1", "breaker test: 3 signatures in PT2S, at most 2"));
    admit(one, "hot-again", 1);
    admit(one, "hot-again", 1);
    staysWhole();
    TimeUnit.MILLISECONDS.sleep(2_000);
    admit(one, "hot-again", 1);
    admit(one, "hot-again", 1);
    staysWhole();
    admit(one, "hot-again", 1);
    trips("chain:eip155:1", "breaker test: 3 signatures in PT2S, at most 2");
  }

  @Test
  void withoutBreakersNothingIsCounted() {
    BigInteger before = database.number("SELECT count(*) FROM policy.tally");
    admit(one, "hot-quiet", 1);
    assertThat(database.number("SELECT count(*) FROM policy.tally")).isEqualTo(before);
  }

  @Test
  void onlyWhatNoBreakerCountsIsForgotten() {
    database
        .owner()
        .useHandle(
            handle ->
                handle.execute(
                    """
                    INSERT INTO policy.tally (at, wallet, vault, chain, signatures, denials, native_value)
                    SELECT now() - make_interval(mins => age), 'hot-old', 'treasury', 'eip155:1', 1, 0, 0
                    FROM unnest(ARRAY[61, 119, 121, 5000]) AS age
                    """));
    instances.getFirst().breakers().forget();
    assertThat(database.number("SELECT count(*) FROM policy.tally WHERE wallet = 'hot-old'"))
        .isEqualTo(BigInteger.TWO);
    assertThatThrownBy(
            () -> database.login().useHandle(it -> it.execute("DELETE FROM policy.tally")))
        .hasMessageContaining("its rows are final");
  }

  private void arm(String scope, String counts, int maximum, String window) {
    database.activate(
        one,
        UP_TO_TEN_WEI
            + "breakers: [{name: test, scope: %s, counts: %s, maximum: %d, window: %s}]\n"
                .formatted(scope, counts, maximum, window));
    // What earlier tests counted is no longer of these scopes.
    database
        .owner()
        .useHandle(
            handle -> {
              handle.execute("ALTER TABLE policy.tally DISABLE TRIGGER tallies_that_count_stay");
              handle.execute("DELETE FROM policy.tally");
              handle.execute("ALTER TABLE policy.tally ENABLE TRIGGER tallies_that_count_stay");
            });
  }

  private static Decision admit(Instance instance, String wallet, long wei) {
    return instance.admit(request("desk", wallet), pay(ALICE, BigInteger.valueOf(wei)));
  }

  private void staysWhole() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(300);
    assertThat(frozen()).isEmpty();
  }

  private Freeze trips(String scope, String reason) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
    while (frozen().isEmpty() && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    List<Freeze> frozen = frozen();
    assertThat(frozen)
        .singleElement()
        .satisfies(
            freeze -> {
              assertThat(freeze.scope().text()).isEqualTo(scope);
              assertThat(freeze.reason().value()).isEqualTo(reason);
            });
    return frozen.getFirst();
  }

  private List<Freeze> frozen() {
    return one.unitOfWork().inTransaction(one.freezes()::look).freezes();
  }

  private void thaw(Freeze freeze) {
    Instant expires = Instant.now().plusSeconds(600);
    assertThat(
            one.thaw(
                freeze.id(),
                expires,
                new ThawStatement(freeze, expires).canonical(),
                PolicyDatabase.WORD))
        .isInstanceOf(Thawing.Thawed.class);
  }
}
