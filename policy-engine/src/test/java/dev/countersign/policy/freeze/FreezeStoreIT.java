package dev.countersign.policy.freeze;

import static dev.countersign.policy.sample.Instance.request;
import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.pay;
import static dev.countersign.policy.sample.Samples.payload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.decision.Decision;
import dev.countersign.core.decision.Decision.Allowed;
import dev.countersign.core.decision.Decision.Denied;
import dev.countersign.core.freeze.Freeze;
import dev.countersign.core.freeze.FreezeId;
import dev.countersign.core.freeze.FrozenScopes;
import dev.countersign.core.freeze.ThawStatement;
import dev.countersign.core.port.Freezes.Known;
import dev.countersign.core.port.StoreUnavailableException;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.policy.freeze.FreezeStore.Thawing;
import dev.countersign.policy.sample.Instance;
import dev.countersign.policy.sample.PolicyDatabase;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class FreezeStoreIT {
  private static final BigInteger LITTLE = BigInteger.ONE;

  private final PolicyDatabase database;
  private final List<Instance> instances;
  private final Instance one;
  private final Instance other;

  FreezeStoreIT(PostgresDatabase postgres) {
    this.database = PolicyDatabase.of(postgres);
    this.instances = List.of(database.instance(), database.instance(), database.instance());
    this.one = instances.get(0);
    this.other = instances.get(1);
  }

  @BeforeAll
  void allowTwoWallets() {
    database.activate(one, allowing("wallets: [hot-1, hot-2]"));
  }

  @AfterEach
  void thawAll() {
    for (Freeze freeze : one.unitOfWork().inTransaction(one.freezes()::look).freezes()) {
      assertThat(thaw(one, freeze)).isInstanceOf(Thawing.Thawed.class);
    }
  }

  @AfterAll
  void close() {
    database.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"everything", "vault:treasury", "wallet:hot-1", "chain:eip155:1"})
  void whatIsFrozenIsDeniedByEveryInstanceUntilItIsThawed(String scope) {
    Freeze freeze = one.freeze(scope, "drill");
    for (Instance instance : instances) {
      Denied denied = (Denied) admit(instance, "hot-1");
      assertThat(denied.rule()).isEqualTo(Decision.FROZEN);
      assertThat(denied.isUnjudged()).isFalse();
      assertThat(denied.reason())
          .startsWith(scope + " is frozen since ")
          .endsWith("by risk: drill");
      var forecast = instance.engine().forecast(request(), payload(pay(ALICE, LITTLE)));
      assertThat(forecast.allowed()).isFalse();
      assertThat(forecast.rule()).isEqualTo(Decision.FROZEN);
    }
    assertThat(thaw(other, freeze)).isEqualTo(new Thawing.Thawed(freeze, List.of("alice", "bob")));
    for (Instance instance : instances) {
      assertThat(admit(instance, "hot-1")).isInstanceOf(Allowed.class);
    }
  }

  @Test
  void othersGoOn() {
    one.freeze("wallet:hot-1", "drill");
    assertThat(admit(other, "hot-2")).isInstanceOf(Allowed.class);
    assertThat(admit(other, "hot-1")).isInstanceOf(Denied.class);
  }

  @Test
  void aScopeIsFrozenOnceAndLoggedOnce() throws Exception {
    int before = database.audit().events().size();
    List<Freeze> freezes = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
      List<Future<Freeze>> all = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        Instance instance = instances.get(i % 3);
        String reason = "number " + i;
        all.add(threads.submit(() -> instance.freeze("wallet:hot-1", reason)));
      }
      for (Future<Freeze> future : all) {
        freezes.add(future.get());
      }
    }
    assertThat(freezes).containsOnly(freezes.getFirst());
    Freeze freeze = freezes.getFirst();
    assertThat(database.audit().events().stream().skip(before))
        .containsExactly(new AuditEvent.ScopeFrozen(freeze.id(), freeze.scope(), freeze.reason()));

    assertThat(thaw(one, freeze)).isInstanceOf(Thawing.Thawed.class);
    assertThat(thaw(other, freeze)).isEqualTo(new Thawing.AlreadyThawed(freeze));
    assertThat(database.audit().events().stream().skip(before + 1L))
        .singleElement()
        .isInstanceOf(AuditEvent.ScopeThawed.class);
    assertThat(one.freeze("wallet:hot-1", "again").id()).isNotEqualTo(freeze.id());
  }

  @Test
  void nothingButTheAuthorityLiftsAFreeze() {
    Freeze freeze = one.freeze("vault:treasury", "drill");
    Freeze another = one.freeze("wallet:hot-1", "drill");
    Instant soon = Instant.now().plusSeconds(600);
    assertThat(one.thaw(freeze.id(), soon)).isEqualTo(new Thawing.Refused("nobody asked for it"));
    assertThat(
            one.thaw(
                freeze.id(),
                soon,
                new ThawStatement(another, soon).canonical(),
                PolicyDatabase.WORD))
        .as("for another freeze")
        .isInstanceOf(Thawing.Refused.class);
    assertThat(
            one.thaw(
                freeze.id(),
                soon,
                new ThawStatement(freeze, soon.plusSeconds(1)).canonical(),
                PolicyDatabase.WORD))
        .as("until another time")
        .isInstanceOf(Thawing.Refused.class);
    for (Instant wrong :
        List.of(
            Instant.now().minusMillis(1),
            Instant.now().plus(FreezeStore.LONGEST_STATEMENT).plusSeconds(60))) {
      assertThat(
              one.thaw(
                  freeze.id(),
                  wrong,
                  new ThawStatement(freeze, wrong).canonical(),
                  PolicyDatabase.WORD))
          .isInstanceOfSatisfying(
              Thawing.Refused.class,
              refused -> assertThat(refused.reason()).startsWith("the statement expires at"));
    }
    assertThat(one.thaw(new FreezeId(new UUID(1, 2)), soon)).isEqualTo(new Thawing.Unknown());
    assertThat(admit(other, "hot-1")).isInstanceOf(Denied.class);
  }

  @Test
  void aThawThatSomebodyWroteIntoTheDatabaseLiftsNothing() {
    Freeze freeze = one.freeze("wallet:hot-1", "drill");
    database
        .login()
        .useHandle(
            handle ->
                handle
                    .createUpdate(
                        "INSERT INTO policy.thaw (frozen, expires, evidence, thawed_at, seal)"
                            + " VALUES (:freeze, now(), '{}', now(), :seal)")
                    .bind("freeze", freeze.id().value())
                    .bind("seal", database.stranger().thawSeals().seal(freeze.id()).toArray())
                    .execute());
    for (Instance instance : instances) {
      assertThat(admit(instance, "hot-1")).isInstanceOf(Denied.class);
    }
    // Nor does it to an instance that starts then.
    assertThat(admit(database.instance(), "hot-1")).isInstanceOf(Denied.class);
    // Nor does it keep those who may from lifting it, after the test.
  }

  @Test
  void aFreezeWhoseRowIsTakenAwayStaysForThoseWhoSawIt() {
    Freeze freeze = one.freeze("wallet:hot-1", "drill");
    assertThat(admit(other, "hot-1")).isInstanceOf(Denied.class);
    database
        .owner()
        .useHandle(
            handle -> {
              handle.execute("ALTER TABLE policy.frozen DISABLE TRIGGER freezes_are_final");
              handle.execute("DELETE FROM policy.frozen WHERE id = ?", freeze.id().value());
              handle.execute("ALTER TABLE policy.frozen ENABLE TRIGGER freezes_are_final");
            });
    assertThat(admit(other, "hot-1")).isInstanceOf(Denied.class);
    other.freeze("wallet:hot-3", "drill");
    assertThat(admit(other, "hot-1")).isInstanceOf(Denied.class);
    // Back again, for what comes after.
    database.owner().useHandle(handle -> new FreezeRows(one.thawSeals()).insert(handle, freeze));
  }

  @Test
  void onceItHasReturnedNothingIsAdmittedByWhoDidNotSeeIt() throws Exception {
    CountDownLatch opened = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<Decision> judging =
          threads.submit(
              () ->
                  one.unitOfWork()
                      .inTransaction(
                          transaction -> {
                            var subject = request();
                            var session = one.engine().open(transaction, List.of(subject));
                            opened.countDown();
                            await(goOn);
                            Decision decision = session.judge(subject, payload(pay(ALICE, LITTLE)));
                            session.save();
                            return decision;
                          }));
      await(opened);
      Future<Freeze> freezing = threads.submit(() -> other.freeze("everything", "drill"));
      assertThatThrownBy(() -> freezing.get(300, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      goOn.countDown();
      assertThat(judging.get()).isInstanceOf(Allowed.class);
      freezing.get();
    }
    assertThat(admit(one, "hot-1")).isInstanceOf(Denied.class);
  }

  /// Three instances that admit as fast as they can, one of which freezes: what came back from an
  /// admission that began after the freeze had returned is a denial, every time.
  @Test
  void underLoadNothingIsAdmittedAfterTheFreezeReturned() throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    AtomicBoolean stop = new AtomicBoolean();
    AtomicLong frozenAt = new AtomicLong(Long.MAX_VALUE);
    ConcurrentLinkedQueue<Decision> late = new ConcurrentLinkedQueue<>();
    AtomicLong allowed = new AtomicLong();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> clients = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        Instance instance = instances.get(i % 3);
        clients.add(
            threads.submit(
                () -> {
                  while (!stop.get() && System.nanoTime() < end) {
                    long began = System.nanoTime();
                    Decision decision = admit(instance, "hot-1");
                    if (began > frozenAt.get()) {
                      late.add(decision);
                    }
                    if (decision instanceof Allowed) {
                      allowed.incrementAndGet();
                    }
                  }
                }));
      }
      while (allowed.get() < 100 && System.nanoTime() < end) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
      one.freeze("wallet:hot-1", "drill");
      frozenAt.set(System.nanoTime());
      BigInteger admitted = reserved();
      while (late.size() < 100 && System.nanoTime() < end) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
      stop.set(true);
      for (Future<?> client : clients) {
        client.get();
      }
      assertThat(late)
          .hasSizeGreaterThanOrEqualTo(100)
          .allMatch(decision -> decision instanceof Denied);
      assertThat(reserved()).as("stored admissions").isEqualTo(admitted);
    }
  }

  @Test
  void whoIsAboutToUseAKeyKnowsOfItWithinASecondWithoutAsking() throws Exception {
    try (var polling = Executors.newSingleThreadScheduledExecutor()) {
      Future<?> refreshing =
          polling.scheduleWithFixedDelay(
              other.freezes()::refresh, 0, PostgresFreezes.EVERY.toMillis(), TimeUnit.MILLISECONDS);
      other.freezes().refresh();
      assertThat(current(other).freezes()).isEmpty();
      Freeze freeze = one.freeze("wallet:hot-1", "drill");
      long frozen = System.nanoTime();
      while (current(other).freezes().isEmpty()) {
        assertThat(Duration.ofNanos(System.nanoTime() - frozen)).isLessThan(Duration.ofSeconds(1));
        TimeUnit.MILLISECONDS.sleep(1);
      }
      assertThat(current(other).freezes()).containsExactly(freeze);
      refreshing.cancel(true);
    }
  }

  @Test
  void whoCannotReadItUsesNoKey() {
    AtomicBoolean away = new AtomicBoolean();
    AtomicLong nanos = new AtomicLong();
    UnitOfWork flaky =
        new UnitOfWork() {
          @Override
          public <T> T inTransaction(Function<Transaction, T> work) {
            if (away.get()) {
              throw new StoreUnavailableException("away", new IllegalStateException());
            }
            return one.unitOfWork().inTransaction(work);
          }
        };
    var freezes = new PostgresFreezes(flaky, one.thawSeals(), nanos::get);
    away.set(true);
    assertThat(freezes.known()).as("never read").isInstanceOf(Known.Outdated.class);
    away.set(false);
    assertThat(freezes.known()).isInstanceOf(Known.Current.class);
    away.set(true);
    nanos.addAndGet(PostgresFreezes.FRESH.toNanos());
    assertThat(freezes.known()).as("from memory").isInstanceOf(Known.Current.class);
    nanos.incrementAndGet();
    assertThat(freezes.known())
        .isEqualTo(new Known.Outdated("what is frozen cannot be read: away"));
    away.set(false);
    assertThat(freezes.known()).isInstanceOf(Known.Current.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DELETE FROM policy.frozen",
        "UPDATE policy.frozen SET scope = 'wallet:none'",
        "TRUNCATE policy.frozen CASCADE",
        "DELETE FROM policy.thaw",
        "UPDATE policy.thaw SET seal = sha256('')",
        "TRUNCATE policy.tally",
        "UPDATE policy.tally SET signatures = 0"
      })
  void theServersLoginMayNot(String sql) {
    assertThatThrownBy(() -> database.login().useHandle(handle -> handle.execute(sql)))
        .hasMessageContaining("permission denied");
  }

  private Decision admit(Instance instance, String wallet) {
    return instance.admit(request("desk", wallet), pay(ALICE, LITTLE));
  }

  private static FrozenScopes current(Instance instance) {
    return ((Known.Current) instance.freezes().known()).scopes();
  }

  private static Thawing thaw(Instance instance, Freeze freeze) {
    Instant expires = Instant.now().plusSeconds(600);
    return instance.thaw(
        freeze.id(), expires, new ThawStatement(freeze, expires).canonical(), PolicyDatabase.WORD);
  }

  private BigInteger reserved() {
    return database.number("SELECT count(*) FROM policy.decision WHERE state = 'RESERVED'");
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(20, TimeUnit.SECONDS)) {
        throw new IllegalStateException("waited 20 s for the test to go on");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
