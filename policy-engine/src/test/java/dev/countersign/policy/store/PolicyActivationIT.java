package dev.countersign.policy.store;

import static dev.countersign.policy.sample.Instance.request;
import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.pay;
import static dev.countersign.policy.sample.Samples.payload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.decision.Decision;
import dev.countersign.core.decision.Decision.Denied;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.port.PolicyEngine.PolicySession;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.policy.document.PolicyDocumentReader;
import dev.countersign.policy.sample.Instance;
import dev.countersign.policy.sample.PolicyDatabase;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
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
    database.forgetPolicies();
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
    assertThat(database.activate(other, policy("same"))).isEqualTo(first);
    PolicyVersion between = database.activate(one, policy("between"));
    PolicyVersion again = database.activate(one, policy("same"));
    assertThat(again.number()).isEqualTo(between.number() + 1);
    assertThat(again.hash()).isEqualTo(first.hash());
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
  void aStoredPolicyThatNobodyApprovedDeniesEverything() {
    PolicyVersion first = database.activate(one, policy("fine"));
    byte[] later = "format: countersign/policy/v9\n".getBytes(StandardCharsets.UTF_8);
    PolicyVersion stored = new PolicyVersion(first.number() + 1, PolicyDocumentReader.hash(later));
    database
        .owner()
        .useHandle(
            handle -> {
              handle
                  .createUpdate(
                      "INSERT INTO policy.document (version, hash, content, activated_at)"
                          + " VALUES (:version, sha256(:content), :content, now())")
                  .bind("version", stored.number())
                  .bind("content", later)
                  .execute();
              handle
                  .createUpdate("UPDATE policy.active SET version = :version, seal = :seal")
                  .bind("version", stored.number())
                  .bind("seal", one.seals().seal(stored).toArray())
                  .execute();
            });
    Denied denied = (Denied) judge(one);
    assertThat(denied.reason())
        .startsWith("policy version 2 was not approved: nobody has approved it");
    assertThat(denied.policy().hash()).isEqualTo(PolicyDocumentReader.hash(later));
  }

  @Test
  void theServersLoginCannotMakeAPolicyTheActiveOne() {
    PolicyVersion first = database.activate(one, policy("strict"));
    byte[] seal = sealOfTheActive();
    byte[] lax = policy("lax").getBytes(StandardCharsets.UTF_8);
    insert(first.number() + 1, lax);
    assertDenied("policy version 1 is not the latest, version 2 is");

    // With the seal of the version before, and with one under another key.
    PolicyVersion forged = new PolicyVersion(2, PolicyDocumentReader.hash(lax));
    pointTo(2, seal);
    assertDenied("policy version 2 is not sealed by the permit key");
    pointTo(2, database.stranger().seals().seal(forged).toArray());
    assertDenied("policy version 2 is not sealed by the permit key");

    // Nobody is told that it is the active one, and its very bytes can be activated properly.
    assertThat(one.unitOfWork().inTransaction(one.store()::active)).isEmpty();
    assertThat(database.activate(one, policy("lax")).number()).isEqualTo(3);
    assertThat(judge(other).rule()).isEqualTo("lax");
    assertThat(one.engine().problem()).isEmpty();
  }

  @Test
  void theServersLoginCannotPutAnEarlierPolicyBack() {
    database.activate(one, policy("lax"));
    byte[] seal = sealOfTheActive();
    database.activate(one, policy("strict"));
    assertThat(judge(one).rule()).isEqualTo("strict");

    pointTo(1, seal);

    assertDenied("policy version 1 is not the latest, version 2 is");
    // The last one that was approved is the one to follow, whatever is said to be active.
    assertThat(database.activate(one, policy("stricter")).number()).isEqualTo(3);
    assertThat(judge(other).rule()).isEqualTo("stricter");
  }

  @Test
  void anInstanceWithAnotherKeyDeniesEverything() {
    database.activate(one, policy("sealed"));
    Instance stranger = database.stranger();
    assertThat(((Denied) judge(stranger)).reason()).contains("is not sealed by the permit key");
    assertThat(stranger.engine().problem().orElseThrow()).endsWith("everything is denied");
    assertThat(judge(one).rule()).isEqualTo("sealed");
  }

  private void assertDenied(String reason) {
    for (Instance instance : List.of(one, other, database.instance())) {
      assertThat(((Denied) judge(instance)).reason()).contains(reason);
      assertThat(instance.engine().problem().orElseThrow()).contains(reason);
    }
  }

  private byte[] sealOfTheActive() {
    return database
        .login()
        .withHandle(
            handle ->
                handle.createQuery("SELECT seal FROM policy.active").mapTo(byte[].class).one());
  }

  private void insert(long version, byte[] content) {
    database
        .login()
        .useHandle(
            handle ->
                handle
                    .createUpdate(
                        "INSERT INTO policy.document (version, hash, content, activated_at)"
                            + " VALUES (:version, sha256(:content), :content, now())")
                    .bind("version", version)
                    .bind("content", content)
                    .execute());
  }

  private void pointTo(long version, byte[] seal) {
    database
        .login()
        .useHandle(
            handle ->
                handle
                    .createUpdate("UPDATE policy.active SET version = :version, seal = :seal")
                    .bind("version", version)
                    .bind("seal", seal)
                    .execute());
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
