package dev.countersign.policy.limit;

import static dev.countersign.policy.sample.Instance.request;
import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.BOB;
import static dev.countersign.policy.sample.Samples.pay;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.decision.Decision;
import dev.countersign.core.decision.Decision.Allowed;
import dev.countersign.core.port.PolicyEngine.PolicySession;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.policy.sample.Instance;
import dev.countersign.policy.sample.Instance.Asked;
import dev.countersign.policy.sample.PolicyDatabase;
import dev.countersign.policy.sample.Samples;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// Three instances at once, each with a pool of its own.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class LimitsUnderConcurrencyIT {
  private static final int INSTANCES = 3;
  private static final int THREADS = 6;
  private static final int STEPS = 40;
  private static final long SEED = 20261101;

  /// What a transfer of one wei takes of a limit that counts value and gas.
  private static final BigInteger EACH = Samples.FEES.mostGasCost().add(BigInteger.ONE);

  /// Two rules with overlapping limits, one of them over everything.
  private static final String POLICY =
      """
      format: countersign/policy/v1
      rules:
        - name: mixed-alice
          effect: ALLOW
          initiators: any
          wallets: any
          chains: any
          operations: [native-transfer]
          assets: [native]
          destinations: ["0x52908400098527886E0F7030069857D2E4169EE7"]
          maximumGasCost: any
          limits:
            - {name: wallet, maximum: 97, counts: [value], window: PT24H, per: [wallet]}
            - {name: all, maximum: 151, counts: [value], window: PT24H}
        - name: mixed-anyone
          effect: ALLOW
          initiators: any
          wallets: any
          chains: any
          operations: [native-transfer]
          assets: [native]
          destinations: any
          maximumGasCost: any
          limits:
            - {name: desk, maximum: 89, counts: [value], window: PT24H, per: [initiator]}
      """;

  private final PolicyDatabase database;

  LimitsUnderConcurrencyIT(PostgresDatabase postgres) {
    this.database = PolicyDatabase.of(postgres);
  }

  @AfterAll
  void close() {
    database.close();
  }

  @Test
  void exactlyAsManyAreAdmittedAsFit() throws Exception {
    List<Instance> instances = instances(new LimitClock.OfDatabase());
    database.activate(
        instances.getFirst(),
        Samples.allowing(
            "limits:",
            "  - {name: fit, maximum: %s, window: PT24H}"
                .formatted(EACH.multiply(BigInteger.valueOf(150)))));
    AtomicInteger allowed = new AtomicInteger();
    inParallel(
        (instance, random) -> {
          for (int i = 0; i < 200 / THREADS + 1; i++) {
            if (instance.admit(request(), pay(ALICE, BigInteger.ONE)) instanceof Allowed) {
              allowed.incrementAndGet();
            }
          }
        },
        instances);
    assertThat(allowed).hasValue(150);
    assertThat(database.number("SELECT spent FROM policy.scope WHERE key LIKE 'pay/fit %'"))
        .isEqualTo(150 * EACH.longValueExact());
    assertThat(database.wrongScopes()).isZero();
  }

  @Test
  void noInterleavingOfAdmitsCommitsAndReleasesExceedsALimit() throws Exception {
    List<Instance> instances = instances(new LimitClock.OfDatabase());
    database.activate(instances.getFirst(), POLICY);
    AtomicInteger allowed = new AtomicInteger();
    AtomicBoolean ended = new AtomicBoolean();
    try (ExecutorService watcher = Executors.newSingleThreadExecutor()) {
      Future<Integer> watched = watcher.submit(() -> watchUntil(ended));
      inParallel(
          (instance, random) -> {
            for (int i = 0; i < STEPS; i++) {
              step(instance, random, allowed);
            }
          },
          instances);
      ended.set(true);
      assertThat(watched.get()).as("snapshots taken").isPositive();
    }
    assertThat(overfull()).isEmpty();
    assertThat(allowed).as("seed %d", SEED).hasValueGreaterThan(10);
    assertThat(database.wrongScopes()).isZero();
    assertThat(
            database.number(
                "SELECT count(*) FROM policy.reservation JOIN policy.decision USING (request)"
                    + " WHERE released <> (state = 'RELEASED')"))
        .isZero();
  }

  @Test
  void instancesWhoseClocksDifferExceedNoWindowEither() throws Exception {
    List<Instance> instances = new ArrayList<>();
    for (int i = 0; i < INSTANCES; i++) {
      Random random = new Random(SEED + i);
      Instant start = Instant.parse("2026-11-01T12:00:00Z");
      instances.add(
          database.instance(new LimitClock.Given(() -> start.plusMillis(random.nextInt(100_000)))));
    }
    database.activate(
        instances.getFirst(),
        Samples.allowing(
            "limits:", "  - {name: skewed, maximum: 20, counts: [value], window: PT30S}"));
    inParallel(
        (instance, random) -> {
          for (int i = 0; i < STEPS; i++) {
            instance.admit(request(), pay(ALICE, BigInteger.valueOf(1 + random.nextInt(5))));
          }
        },
        instances);
    assertThat(
            database.number(
                """
                SELECT max(total) FROM (
                  SELECT sum(amount) OVER (ORDER BY at RANGE BETWEEN
                    interval '29.999999 seconds' PRECEDING AND CURRENT ROW) AS total
                  FROM policy.reservation JOIN policy.scope ON id = scope
                  WHERE key LIKE 'pay/skewed %') AS windows
                """))
        .isBetween(BigInteger.TEN, BigInteger.valueOf(20));
    assertThat(database.wrongScopes()).isZero();
  }

  /// A batch of one to four, which commits or crashes; then what was admitted is signed, given up
  /// or left.
  private static void step(Instance instance, Random random, AtomicInteger allowed) {
    List<Asked> batch = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(4); i++) {
      PolicySubject subject =
          request(random.nextBoolean() ? "desk" : "ops", "hot-" + random.nextInt(3));
      BigInteger amount = BigInteger.valueOf(random.nextInt(30));
      batch.add(new Asked(subject, pay(random.nextBoolean() ? ALICE : BOB, amount)));
    }
    if (random.nextInt(5) == 0) {
      crash(instance, batch);
      return;
    }
    List<Decision> decisions = instance.admit(batch);
    for (int i = 0; i < batch.size(); i++) {
      if (decisions.get(i) instanceof Allowed) {
        allowed.incrementAndGet();
        switch (random.nextInt(4)) {
          case 0 -> instance.commit(batch.get(i).subject());
          case 1, 2 -> instance.release(batch.get(i).subject());
          default -> {}
        }
      }
    }
  }

  private static void crash(Instance instance, List<Asked> batch) {
    try {
      instance
          .unitOfWork()
          .run(
              transaction -> {
                PolicySession session =
                    instance
                        .engine()
                        .open(transaction, batch.stream().map(Asked::subject).toList());
                batch.forEach(one -> session.judge(one.subject(), Samples.payload(one.intent())));
                session.save();
                throw new Crash();
              });
    } catch (Crash expected) {
      return;
    }
    throw new AssertionError("the transaction did not crash");
  }

  /// Looks at one snapshot of the database after another, and fails on one that is over a limit.
  private int watchUntil(AtomicBoolean ended) {
    int snapshots = 0;
    while (!ended.get()) {
      assertThat(overfull()).isEmpty();
      snapshots++;
    }
    return snapshots;
  }

  /// The scopes whose reservations are more than their limit.
  private List<String> overfull() {
    return database
        .owner()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        SELECT key || ': ' || sum(amount) FROM policy.scope
                        JOIN policy.reservation ON scope = id AND NOT released
                        WHERE key LIKE 'mixed%'
                        GROUP BY key
                        HAVING sum(amount) > CASE
                          WHEN key LIKE 'mixed-alice/wallet %' THEN 97
                          WHEN key LIKE 'mixed-alice/all %' THEN 151
                          WHEN key LIKE 'mixed-anyone/desk %' THEN 89
                          ELSE 0 END
                        """)
                    .mapTo(String.class)
                    .list());
  }

  private List<Instance> instances(LimitClock clock) {
    List<Instance> instances = new ArrayList<>();
    for (int i = 0; i < INSTANCES; i++) {
      instances.add(database.instance(clock));
    }
    return instances;
  }

  private interface Work {
    void run(Instance instance, Random random) throws Exception;
  }

  private static void inParallel(Work work, List<Instance> instances) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Instance instance = instances.get(i % instances.size());
        Random random = new Random(SEED * 31 + i);
        all.add(
            threads.submit(
                () -> {
                  work.run(instance, random);
                  return true;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
  }

  private static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
