package dev.countersign.audit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.VerifierKey;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@WithTestEnvironment
@Timeout(60)
class IntegratorIT {
  private final TestLog log;

  IntegratorIT(PostgresDatabase database) {
    this.log = new TestLog(database);
  }

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void whatWasCommittedIsProvenWhenTheWaitIsOver() throws InterruptedException {
    try (Integrator integrator = log.integrator()) {
      integrator.start();
      for (int i = 1; i <= 50; i++) {
        log.append("entry " + i);
        TestLog.awaitIntegration(integrator);
        assertThat(log.names()).hasSize(i).endsWith("entry " + i);
      }
    }
  }

  @Test
  void signsWithinASecondOfACommitThatWokeIt() {
    try (Integrator integrator = log.integrator(IntegratorSettings.DEFAULT)) {
      integrator.start();
      PostgresAuditTrail trail = new PostgresAuditTrail(integrator::wake);
      List<Duration> lags =
          IntStream.range(0, 11)
              .mapToObj(i -> lagOf(() -> append(trail, "entry " + i), i + 1))
              .sorted()
              .toList();
      assertThat(lags.get(5)).as("median of %s", lags).isLessThan(Duration.ofSeconds(1));
    }
  }

  @Test
  void findsTheEntriesOfOthersWithinASecond() {
    try (Integrator integrator = log.integrator(IntegratorSettings.DEFAULT)) {
      integrator.start();
      List<Duration> lags =
          IntStream.range(0, 5)
              .mapToObj(i -> lagOf(() -> log.append("entry " + i), i + 1))
              .sorted()
              .toList();
      assertThat(lags.get(2)).as("median of %s", lags).isLessThan(Duration.ofSeconds(1));
    }
  }

  private void append(PostgresAuditTrail trail, String name) {
    log.unitOfWork.run(transaction -> trail.append(transaction, TestLog.records(name)));
  }

  private Duration lagOf(Runnable append, int size) {
    append.run();
    long committed = System.nanoTime();
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> log.reader.latestCheckpoint().orElseThrow().contains("\n" + size + "\n"));
    return Duration.ofNanos(System.nanoTime() - committed);
  }

  @Test
  void goesOnWhereAnotherStopped() throws InterruptedException {
    try (Integrator first = log.integrator()) {
      first.start();
      log.append("a", "b", "c");
      TestLog.awaitIntegration(first);
    }
    log.append("d");
    try (Integrator second = log.integrator()) {
      second.start();
      TestLog.awaitIntegration(second);
    }
    assertThat(log.names()).containsExactly("a", "b", "c", "d");
  }

  /// The end of what was there when the wait began is enough.
  @Test
  void aWaitEndsAlthoughOthersWriteFasterThanTheTreeGrows() throws Exception {
    IntegratorSettings slow =
        new IntegratorSettings(Duration.ZERO, Duration.ofMillis(50), Duration.ofMillis(50), 1);
    AtomicBoolean over = new AtomicBoolean();
    try (Integrator integrator = log.integrator(slow);
        ExecutorService writers = Executors.newFixedThreadPool(2)) {
      integrator.start();
      for (int i = 0; i < 2; i++) {
        writers.execute(
            () -> {
              while (!over.get()) {
                log.append("noise", "noise", "noise");
              }
            });
      }
      try {
        log.append("mine");
        TestLog.awaitIntegration(integrator);
        assertThat(log.names()).contains("mine");
        assertThat(
                log.login.<Boolean, RuntimeException>withHandle(
                    handle -> handle.createQuery(Sequencer.HAS_WORK).mapTo(Boolean.class).one()))
            .as("the tree is behind all the time")
            .isTrue();
      } finally {
        over.set(true);
      }
    }
  }

  @Test
  void saysWhatTheProblemIsAndGoesOnWhenItIsOver() throws InterruptedException {
    AtomicBoolean tokenGone = new AtomicBoolean();
    CheckpointSigner unsteady =
        new CheckpointSigner() {
          @Override
          public VerifierKey verifierKey() {
            return log.signer.verifierKey();
          }

          @Override
          public byte[] sign(byte[] text) {
            if (tokenGone.get()) {
              throw new IllegalStateException("the token is gone");
            }
            return log.signer.sign(text);
          }
        };
    try (Integrator integrator =
        new Integrator(log.unitOfWork, unsteady, InstantSource.system(), TestLog.QUICK)) {
      integrator.start();
      tokenGone.set(true);
      log.append("a");
      assertThat(integrator.awaitIntegration(Duration.ofMillis(300))).isFalse();
      assertThat(integrator.problem()).contains("the token is gone");
      assertThat(log.names()).isEmpty();
      tokenGone.set(false);
      TestLog.awaitIntegration(integrator);
      assertThat(integrator.problem()).isEmpty();
      assertThat(log.names()).containsExactly("a");
    }
  }

  @Test
  void stopsForGoodWhenTheLogIsBrokenUnderIt() {
    try (Integrator integrator = log.integrator()) {
      integrator.start();
      log.append("a");
      await().until(() -> log.names().size() == 1);
      log.tamper("UPDATE audit.tile SET hashes = sha256('something else')");
      log.append("b");
      await().until(() -> integrator.problem().isPresent());
      assertThat(integrator.problem().orElseThrow())
          .startsWith("the tree of the audit log is not the one that was signed last");
      assertThat(log.names()).containsExactly("a");
      assertThatThrownBy(() -> log.integrator().start()).isInstanceOf(BrokenLogException.class);
    }
  }

  @Test
  void aWaitEndsWhenTheIntegratorIsClosed() throws InterruptedException {
    Integrator integrator = log.integrator();
    integrator.start();
    integrator.close();
    assertThat(integrator.awaitIntegration(Duration.ofSeconds(30))).isFalse();
    assertThatThrownBy(integrator::start).isInstanceOf(IllegalStateException.class);
  }
}
