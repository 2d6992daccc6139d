package dev.countersign.policy.store;

import static dev.countersign.policy.sample.Instance.request;
import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.pay;
import static dev.countersign.policy.sample.Samples.payload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.decision.Decision;
import dev.countersign.core.decision.Decision.Denied;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.port.PolicyEngine.PolicySession;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.policy.document.PolicyDocumentReader;
import dev.countersign.policy.sample.Instance;
import dev.countersign.policy.sample.PolicyDatabase;
import dev.countersign.policy.sample.RecordingAuditTrail;
import dev.countersign.policy.store.PolicyStore.Activation;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class PolicyActivationIT {
  private final PolicyDatabase database;
  private final Instance one;
  private final Instance other;

  PolicyActivationIT(PostgresDatabase postgres) {
    this.database = PolicyDatabase.of(postgres);
    this.one = database.instance();
    this.other = database.instance();
  }

  @BeforeEach
  void startWithoutAPolicy() {
    database
        .owner()
        .useHandle(
            handle -> {
              handle.execute("ALTER TABLE policy.document DISABLE TRIGGER documents_are_final");
              handle.execute("DELETE FROM policy.active");
              handle.execute("DELETE FROM policy.document");
              handle.execute("ALTER TABLE policy.document ENABLE TRIGGER documents_are_final");
            });
  }

  @AfterAll
  void close() {
    database.close();
  }

  @Test
  void everythingIsDeniedBeforeTheFirst() {
    Denied denied = (Denied) judge(one);
    assertThat(denied.reason()).isEqualTo("no policy is active");
    assertThat(denied.policy())
        .isEqualTo(new PolicyVersion(0, PolicyDocumentReader.hash(new byte[0])));
  }

  @Test
  void everyInstanceJudgesByTheNewOneAtOnce() {
    PolicyVersion first = database.activate(one, policy("first"));
    assertThat(judge(one).policy()).isEqualTo(first);
    assertThat(judge(other).policy()).isEqualTo(first);
    PolicyVersion second = database.activate(other, policy("second"));
    assertThat(second.number()).isEqualTo(first.number() + 1);
    assertThat(judge(one).policy()).isEqualTo(second);
    assertThat(judge(one).rule()).isEqualTo("second");
    assertThat(one.engine().forecast(request(), payload(pay(ALICE, BigInteger.ONE))).policy())
        .isEqualTo(second);
  }

  @Test
  void theSameBytesAreTheSameVersion() {
    PolicyVersion first = database.activate(one, policy("same"));
    assertThat(database.tryToActivate(other, policy("same")))
        .isEqualTo(new Activation.Unchanged(first));
    PolicyVersion between = database.activate(one, policy("between"));
    PolicyVersion again = database.activate(one, policy("same"));
    assertThat(again.number()).isEqualTo(between.number() + 1);
    assertThat(again.hash()).isEqualTo(first.hash());
  }

  @Test
  void anInstanceThatStartsWithAnOldFileDoesNotPutItBack() {
    PolicyVersion first = database.activate(one, policy("yesterday"));
    PolicyVersion second = database.activate(one, policy("today"));
    PolicyStore store = new PolicyStore(new RecordingAuditTrail());
    byte[] old = policy("yesterday").getBytes(StandardCharsets.UTF_8);
    Activation activation =
        other
            .unitOfWork()
            .inTransaction(
                transaction ->
                    store.introduce(transaction, old, Actor.system("test"), Instant.EPOCH));
    assertThat(activation).isEqualTo(new Activation.Superseded(first, second));
    assertThat(judge(other).policy()).isEqualTo(second);
  }

  @Test
  void aWrongPolicyChangesNothing() {
    PolicyVersion first = database.activate(one, policy("right"));
    Activation.Refused refused =
        (Activation.Refused) database.tryToActivate(one, policy("wrong") + "    maximum: 1 eth\n");
    assertThat(refused.text()).contains("rules[0].maximum: expected a whole number of wei");
    assertThat(judge(one).policy()).isEqualTo(first);
  }

  @Test
  void anActivationThatRollsBackLeavesTheOldOneEvenToItsOwnInstance() {
    PolicyVersion first = database.activate(one, policy("stays"));
    PolicyStore store = new PolicyStore(new RecordingAuditTrail());
    assertThatThrownBy(
            () ->
                one.unitOfWork()
                    .run(
                        transaction -> {
                          store.activate(
                              transaction,
                              policy("goes").getBytes(StandardCharsets.UTF_8),
                              Actor.system("test"),
                              Instant.EPOCH);
                          PolicySession session =
                              one.engine().open(transaction, List.of(request()));
                          session.save();
                          throw new IllegalStateException("rolled back");
                        }))
        .hasMessage("rolled back");
    assertThat(judge(one).policy()).isEqualTo(first);
    PolicyVersion next = database.activate(one, policy("next"));
    assertThat(next.number()).isEqualTo(first.number() + 1);
    assertThat(judge(one).rule()).isEqualTo("next");
  }

  @Test
  void concurrentActivationsGetNumbersInARowAndAnAuditEntryEach() throws Exception {
    int before = database.audit().events().size();
    List<Activation> activations = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
      List<Future<Activation>> all = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        String yaml = policy("p-" + i % 6);
        Instance instance = i % 2 == 0 ? one : other;
        all.add(threads.submit(() -> database.tryToActivate(instance, yaml)));
      }
      for (Future<Activation> future : all) {
        activations.add(future.get());
      }
    }
    List<PolicyVersion> activated =
        activations.stream()
            .filter(activation -> activation instanceof Activation.Activated)
            .map(activation -> ((Activation.Activated) activation).version())
            .toList();
    assertThat(activated)
        .extracting(PolicyVersion::number)
        .doesNotHaveDuplicates()
        .contains(1L, (long) activated.size());
    assertThat(database.audit().events().stream().skip(before))
        .containsExactlyInAnyOrderElementsOf(
            activated.stream().map(AuditEvent.PolicyActivated::new).toList());
    assertThat(database.number("SELECT version FROM policy.active")).isEqualTo(activated.size());
  }

  @Test
  void onceItHasReturnedNothingIsDecidedByAnOlderOne() throws Exception {
    PolicyVersion first = database.activate(one, policy("older"));
    CountDownLatch opened = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<Decision> judging =
          threads.submit(
              () ->
                  one.unitOfWork()
                      .inTransaction(
                          transaction -> {
                            PolicySubject subject = request();
                            PolicySession session =
                                one.engine().open(transaction, List.of(subject));
                            opened.countDown();
                            await(goOn);
                            Decision decision =
                                session.judge(subject, payload(pay(ALICE, BigInteger.ONE)));
                            session.save();
                            return decision;
                          }));
      await(opened);
      Future<PolicyVersion> activating =
          threads.submit(() -> database.activate(other, policy("newer")));
      assertThatThrownBy(() -> activating.get(300, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      goOn.countDown();
      assertThat(judging.get().policy()).isEqualTo(first);
      assertThat(activating.get().number()).isEqualTo(first.number() + 1);
    }
    assertThat(judge(one).rule()).isEqualTo("newer");
  }

  @Test
  void aStoredPolicyThatThisReleaseCannotReadDeniesEverything() {
    PolicyVersion first = database.activate(one, policy("fine"));
    byte[] later = "format: countersign/policy/v9\n".getBytes(StandardCharsets.UTF_8);
    database
        .owner()
        .useHandle(
            handle -> {
              handle
                  .createUpdate(
                      "INSERT INTO policy.document (version, hash, content, activated_at)"
                          + " VALUES (:version, sha256(:content), :content, now())")
                  .bind("version", first.number() + 1)
                  .bind("content", later)
                  .execute();
              handle.execute("UPDATE policy.active SET version = version + 1");
            });
    Denied denied = (Denied) judge(one);
    assertThat(denied.reason()).startsWith("policy version 2 cannot be read by this release");
    assertThat(denied.policy().hash()).isEqualTo(PolicyDocumentReader.hash(later));
  }

  private static Decision judge(Instance instance) {
    return instance.admit(request(), pay(ALICE, BigInteger.ONE));
  }

  private static String policy(String rule) {
    return allowing().replace("name: pay", "name: " + rule);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
