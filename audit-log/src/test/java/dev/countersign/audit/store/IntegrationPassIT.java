package dev.countersign.audit.store;

import static dev.countersign.audit.store.IntegrationPass.Outcome.BEHIND;
import static dev.countersign.audit.store.IntegrationPass.Outcome.BUSY;
import static dev.countersign.audit.store.IntegrationPass.Outcome.CAUGHT_UP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.VerifierKey;
import dev.countersign.audit.entry.EntryEncoder;
import dev.countersign.audit.verify.VerificationResult.Verified;
import dev.countersign.core.port.StoreUnavailableException;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// One pass at a time, with writers held open where it matters.
@WithTestEnvironment
@Timeout(60)
class IntegrationPassIT {
  private static final int BATCH = 10;

  private final TestLog log;
  private final IntegrationPass pass;

  @TempDir Path directory;

  IntegrationPassIT(PostgresDatabase database) {
    this.log = new TestLog(database);
    this.pass = log.pass(BATCH);
    pass.begin();
  }

  @AfterEach
  void close() {
    log.close();
  }

  /// A transaction that somebody else keeps open.
  private final class Writer implements AutoCloseable {
    private final Handle handle = log.login.open();

    Writer(String... names) {
      handle.begin();
      append(names);
    }

    void append(String... names) {
      for (String name : names) {
        handle.execute(
            "INSERT INTO audit.entry (body) VALUES (?)", EntryEncoder.encode(TestLog.record(name)));
      }
    }

    void execute(String sql) {
      handle.execute(sql);
    }

    void commit() {
      handle.commit();
    }

    void rollback() {
      handle.rollback();
    }

    @Override
    public void close() {
      handle.close();
    }
  }

  private void runUntilCaughtUp() {
    for (int i = 0; pass.run() != CAUGHT_UP; i++) {
      assertThat(i).as("passes").isLessThan(100);
    }
  }

  /// Twice, for new gaps to grow old; once more, to settle them.
  private void assertGapsAreSettled() {
    runUntilCaughtUp();
    runUntilCaughtUp();
    runUntilCaughtUp();
    assertThat(log.gaps()).isEqualTo(Gaps.NONE);
  }

  private void assertVerified(int entries) {
    assertThat(log.exportAndVerify(directory.resolve("log-" + entries)))
        .isInstanceOfSatisfying(
            Verified.class, verified -> assertThat(verified.entries()).isEqualTo(entries));
  }

  private static String[] numbers(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).toArray(String[]::new);
  }

  @Test
  void aNewLogHasTheCheckpointOfTheEmptyTree() {
    assertThat(log.reader.latestCheckpoint().orElseThrow()).contains(TestLog.ORIGIN + "\n0\n");
    assertThat(pass.run()).isEqualTo(CAUGHT_UP);
    assertVerified(0);
  }

  @Test
  void takesABatchAtATimeInTheOrderOfTheIds() {
    log.append(numbers(25));
    assertThat(pass.run()).isEqualTo(BEHIND);
    assertThat(log.names())
        .containsExactly(IntStream.range(0, 10).mapToObj(i -> "" + i).toArray(String[]::new));
    runUntilCaughtUp();
    assertThat(log.names()).containsExactly(numbers(25));
    assertVerified(25);
  }

  @Test
  void waitsForNobodyAndMissesNobody() {
    try (Writer early = new Writer("early")) {
      log.append("late");
      runUntilCaughtUp();
      assertThat(log.names()).containsExactly("late");
      // However often it looks, a writer that is still running is not given up.
      runUntilCaughtUp();
      runUntilCaughtUp();
      runUntilCaughtUp();
      early.append("early again");
      early.commit();
    }
    runUntilCaughtUp();
    assertThat(log.names()).containsExactly("late", "early", "early again");
    assertGapsAreSettled();
    assertVerified(3);
  }

  @Test
  void forgetsTheIdsOfThoseThatRolledBack() {
    try (Writer first = new Writer("a", "b");
        Writer second = new Writer("c")) {
      log.append("d");
      runUntilCaughtUp();
      assertThat(log.gaps().young()).isEqualTo(IdRanges.between(0, 3));
      first.rollback();
      second.rollback();
    }
    assertGapsAreSettled();
    log.append("e");
    runUntilCaughtUp();
    assertThat(log.names()).containsExactly("d", "e");
  }

  @Test
  void settlesGapsAlthoughOthersKeepWriting() {
    try (Writer rolledBack = new Writer("a")) {
      log.append("b");
      runUntilCaughtUp();
      rolledBack.rollback();
    }
    try (Writer open = new Writer("c")) {
      runUntilCaughtUp();
      try (Writer second = new Writer("d")) {
        open.commit();
        runUntilCaughtUp();
        runUntilCaughtUp();
        // Id 1 is settled; the open writer's id has not been passed by any other.
        assertThat(log.gaps()).isEqualTo(Gaps.NONE);
        second.commit();
      }
    }
    runUntilCaughtUp();
    assertThat(log.names()).containsExactly("b", "c", "d");
  }

  @Test
  void aSavepointThatIsRolledBackLeavesAGapLikeAnyOther() {
    try (Writer writer = new Writer("a")) {
      writer.execute("SAVEPOINT s");
      writer.append("b");
      writer.execute("ROLLBACK TO s");
      writer.append("c");
      log.append("d");
      runUntilCaughtUp();
      assertThat(log.names()).containsExactly("d");
      writer.commit();
    }
    assertGapsAreSettled();
    assertThat(log.names()).containsExactly("d", "a", "c");
  }

  @Test
  void moreThanABatchCanComeLate() {
    try (Writer writer = new Writer(numbers(35))) {
      log.append("x");
      runUntilCaughtUp();
      writer.commit();
    }
    log.append("y");
    assertThat(pass.run()).isEqualTo(BEHIND);
    runUntilCaughtUp();
    assertThat(log.names()).hasSize(37).startsWith("x", "0", "1").endsWith("33", "34", "y");
    assertGapsAreSettled();
    assertVerified(37);
  }

  @Test
  void aWriterElsewhereHoldsNothingUp() {
    log.superuser.useHandle(
        handle -> handle.execute("CREATE TABLE IF NOT EXISTS public.other (n int)"));
    try (Handle elsewhere = log.superuser.open()) {
      elsewhere.begin();
      elsewhere.execute("INSERT INTO public.other VALUES (1)");
      try (Writer rolledBack = new Writer("a")) {
        log.append("b");
        rolledBack.rollback();
      }
      assertGapsAreSettled();
      assertThat(log.names()).containsExactly("b");
      elsewhere.rollback();
    }
  }

  @Test
  void leavesItToWhoeverIsAtIt() {
    log.append("a");
    log.superuser.useTransaction(
        handle -> {
          assertThat(Sequencer.lock(handle).treeSize()).isZero();
          assertThat(pass.run()).isEqualTo(BUSY);
        });
    assertThat(pass.run()).isEqualTo(CAUGHT_UP);
    assertThat(log.names()).containsExactly("a");
  }

  /// A signer that cuts the connection of the pass under way, at its last step, the first time.
  @Test
  void aCrashInThePassLeavesNothingOfIt() {
    log.fill(250);
    log.append("x", "y", "z");
    AtomicBoolean cut = new AtomicBoolean();
    CheckpointSigner cutting =
        new CheckpointSigner() {
          @Override
          public VerifierKey verifierKey() {
            return log.signer.verifierKey();
          }

          @Override
          public byte[] sign(byte[] text) {
            if (!cut.getAndSet(true)) {
              assertThat(terminateWhoHoldsTheSequencer()).isPositive();
            }
            return log.signer.sign(text);
          }
        };
    IntegrationPass crashing =
        new IntegrationPass(log.unitOfWork, cutting, InstantSource.system(), 1000);
    assertThatThrownBy(crashing::run).isInstanceOf(StoreUnavailableException.class);
    assertThat(cut).isTrue();
    assertThat(log.names()).hasSize(250);
    assertVerified(250);
    assertThat(crashing.run()).isEqualTo(CAUGHT_UP);
    assertThat(log.names()).hasSize(253).endsWith("x", "y", "z");
    assertVerified(253);
  }

  private int terminateWhoHoldsTheSequencer() {
    return log.superuser.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_locks
                    WHERE relation = 'audit.sequencer'::regclass AND mode = 'RowShareLock'
                    """)
                .mapTo(Integer.class)
                .one());
  }
}
