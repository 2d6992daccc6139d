package dev.countersign.audit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.checkpoint.VerifierKey;
import dev.countersign.audit.store.CutLine.Break;
import dev.countersign.audit.store.CutLine.BrokenOff;
import dev.countersign.audit.store.IntegrationPass.Outcome;
import dev.countersign.core.port.StoreUnavailableException;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.database.JdbiUnitOfWork;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Lives [LifeStep]s on a real log, one after the other on this thread, and keeps book: what was
/// committed, and when. Writers hold their transactions open over steps, each on its own session.
final class LogLife implements AutoCloseable {
  private static final int MANY = 10_000;
  private static final int MOST_WRITERS = 6;

  private final TestLog log;
  private final CutLine line;

  /// Of another instance. Jdbi gives a thread that is in a transaction the same session again.
  private final UnitOfWork elsewhere;

  private final List<Writer> open = new ArrayList<>();
  private final List<Written> committed = new ArrayList<>();
  private Optional<SignedCheckpoint> seen = Optional.empty();
  private int named;
  private long moment;

  /// @param entries how many the log has to begin with, all of them in the tree
  LogLife(PostgresDatabase database, int entries) {
    this.log = new TestLog(database);
    this.line = new CutLine(log.dataSource(), database);
    this.elsewhere = new JdbiUnitOfWork(Jdbi.create(log.dataSource()));
    restart(log.unitOfWork);
    if (entries > 0) {
      Writer writer = begin(entries);
      writer.commit();
      pass(log.unitOfWork, MANY);
    }
  }

  /// An entry that somebody wrote.
  ///
  /// @param appended and `committed`: moments, which only grow
  record Written(String name, long appended, long committed) {}

  TestLog log() {
    return log;
  }

  /// All that was committed.
  List<Written> committed() {
    return committed;
  }

  /// Whether the step that was to break off did.
  boolean broke() {
    return line.broke();
  }

  void live(LifeStep step) {
    switch (step) {
      case LifeStep.Begin(int entries) -> {
        if (open.size() < MOST_WRITERS) {
          Writer _ = begin(entries);
        }
      }
      case LifeStep.Append(int writer, int entries) ->
          one(writer).ifPresent(one -> one.append(entries));
      case LifeStep.AppendAndTakeBack(int writer, int entries) ->
          one(writer).ifPresent(one -> one.appendAndTakeBack(entries));
      case LifeStep.Commit(int writer) -> one(writer).ifPresent(Writer::commit);
      case LifeStep.RollBack(int writer) -> one(writer).ifPresent(Writer::rollBack);
      case LifeStep.Kill(int writer) -> one(writer).ifPresent(Writer::kill);
      case LifeStep.Pass(int batch) -> pass(log.unitOfWork, batch);
      case LifeStep.BrokenPass(int batch, int at, Break how) -> {
        UnitOfWork cut = new JdbiUnitOfWork(line.breakingAt(at, how));
        mayBreak(() -> integrating(cut, log.signer, batch).run());
      }
      case LifeStep.UnsignedPass(int batch) -> unsignedPass(batch);
      case LifeStep.PassAtOnce(int batch, int otherBatch) ->
          passWhileSigning(
              batch,
              () ->
                  assertThat(integrating(elsewhere, log.signer, otherBatch).run())
                      .isEqualTo(Outcome.BUSY));
      case LifeStep.LostLock(int batch, int otherBatch) ->
          mayBreak(
              () ->
                  passWhileSigning(
                      batch,
                      () -> {
                        terminateWhoeverIntegrates();
                        pass(elsewhere, otherBatch);
                      }));
      case LifeStep.Restart _ -> restart(log.unitOfWork);
      case LifeStep.BrokenRestart(int at, Break how) ->
          mayBreak(() -> restart(new JdbiUnitOfWork(line.breakingAt(at, how))));
    }
  }

  /// Lets all writers come to their end, and the integrator to the end of its work.
  void settle() {
    List.copyOf(open).forEach(Writer::commit);
    restart(log.unitOfWork);
    // Once for what is late, once for the gaps to grow old, once to settle them.
    for (int i = 0; i < 3; i++) {
      pass(log.unitOfWork, MANY);
    }
    assertThat(log.gaps()).isEqualTo(Gaps.NONE);
  }

  private Optional<Writer> one(int writer) {
    return open.isEmpty() ? Optional.empty() : Optional.of(open.get(writer % open.size()));
  }

  private Writer begin(int entries) {
    Writer writer = new Writer();
    open.add(writer);
    writer.append(entries);
    return writer;
  }

  /// As a start of a process does it; it knows the checkpoint that it saw before.
  private void restart(UnitOfWork unitOfWork) {
    IntegrationPass pass = integrating(unitOfWork, log.signer, 1);
    pass.begin(seen);
    seen = Optional.of(pass.latest(seen));
  }

  private void pass(UnitOfWork unitOfWork, int batch) {
    Outcome outcome = integrating(unitOfWork, log.signer, batch).run();
    assertThat(outcome).isNotEqualTo(Outcome.BUSY);
    SignedCheckpoint latest = integrating(unitOfWork, log.signer, batch).latest(seen);
    seen = Optional.of(latest);
  }

  private void unsignedPass(int batch) {
    boolean[] asked = new boolean[1];
    IntegrationPass pass =
        integrating(
            log.unitOfWork,
            signing(
                text -> {
                  asked[0] = true;
                  throw new BrokenOff("the token is gone");
                }),
            batch);
    Optional<String> before = log.reader.latestCheckpoint();
    try {
      Outcome _ = pass.run();
      assertThat(asked[0]).isFalse();
    } catch (BrokenOff e) {
      assertThat(asked[0]).isTrue();
    }
    assertThat(log.reader.latestCheckpoint()).isEqualTo(before);
  }

  private void passWhileSigning(int batch, Runnable meanwhile) {
    IntegrationPass pass =
        integrating(
            log.unitOfWork,
            signing(
                text -> {
                  meanwhile.run();
                  return log.signer.sign(text);
                }),
            batch);
    Outcome _ = pass.run();
  }

  /// What may break off; what it throws then is what a broken environment throws, and no more.
  private static void mayBreak(Runnable work) {
    try {
      work.run();
    } catch (BrokenOff | StoreUnavailableException e) {
      // as it was asked to
    }
  }

  private void terminateWhoeverIntegrates() {
    int session =
        log.superuser.withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        SELECT pid FROM pg_locks
                        WHERE relation = 'audit.sequencer'::regclass AND mode = 'RowShareLock'
                        """)
                    .mapTo(Integer.class)
                    .one());
    CutLine.terminate(log.superuser, session);
  }

  private static IntegrationPass integrating(
      UnitOfWork unitOfWork, CheckpointSigner signer, int batch) {
    return new IntegrationPass(unitOfWork, signer, InstantSource.system(), batch);
  }

  private interface Signing {
    byte[] sign(byte[] text);
  }

  private CheckpointSigner signing(Signing how) {
    return new CheckpointSigner() {
      @Override
      public VerifierKey verifierKey() {
        return log.signer.verifierKey();
      }

      @Override
      public byte[] sign(byte[] text) {
        return how.sign(text);
      }
    };
  }

  @Override
  public void close() {
    List.copyOf(open).forEach(Writer::rollBack);
    log.close();
  }

  /// A transaction of somebody who appends.
  private final class Writer {
    private final Handle handle = log.login.open();
    private final List<Written> written = new ArrayList<>();

    Writer() {
      handle.begin();
    }

    void append(int entries) {
      String[] names = nextNames(entries);
      log.trail.append(new HandleTransaction(handle), TestLog.records(names));
      for (String name : names) {
        written.add(new Written(name, moment, 0));
      }
      moment++;
    }

    void appendAndTakeBack(int entries) {
      handle.savepoint("s");
      log.trail.append(new HandleTransaction(handle), TestLog.records(nextNames(entries)));
      handle.rollbackToSavepoint("s");
    }

    void commit() {
      handle.commit();
      end();
      written.forEach(one -> committed.add(new Written(one.name(), one.appended(), moment)));
      moment++;
    }

    void rollBack() {
      handle.rollback();
      end();
    }

    void kill() {
      int session = handle.createQuery("SELECT pg_backend_pid()").mapTo(Integer.class).one();
      CutLine.terminate(log.superuser, session);
      assertThatThrownBy(handle::commit).isInstanceOf(RuntimeException.class);
      end();
    }

    private void end() {
      handle.close();
      open.remove(this);
    }
  }

  private String[] nextNames(int count) {
    return IntStream.range(0, count).mapToObj(_ -> "e" + named++).toArray(String[]::new);
  }
}
