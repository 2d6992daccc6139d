package dev.countersign.audit.store;

import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.LogKeys;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.checkpoint.VerifierKey;
import dev.countersign.audit.checkpoint.WitnessPolicy;
import dev.countersign.audit.store.IntegrationPass.Outcome;
import dev.countersign.audit.store.IntegrationPass.Step;
import dev.countersign.audit.verify.VerificationProgress;
import dev.countersign.audit.verify.VerificationResult.Broken;
import dev.countersign.core.port.UnitOfWork;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts what was committed into the tree, in the background. Every instance of the server runs one;
/// of all of them one at a time does a pass. No append ever waits for it, whatever it is doing.
public final class Integrator implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Integrator.class);

  /// How soon to try again when another instance has the lock: its pass may have begun too early to
  /// see what this one was woken for.
  private static final long BUSY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /// How often to hold the log against what was seen of it before.
  private static final long LOOK_BACK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final IntegrationPass pass;
  private final IntegratorSettings settings;
  private final StoredLogVerifier verifier;
  private final LogKeys keys;
  private final Partitions partitions;
  private final Optional<CheckpointMemory> memory;

  /// The newest checkpoint that this instance has seen, and when it was. Of one thread at a time.
  private Optional<SignedCheckpoint> seen = Optional.empty();

  private long lookedBack;

  private Optional<SignedCheckpoint> atStart = Optional.empty();

  /// Where the tree has to come to for those who have asked, while it is behind all the time. Of
  /// the integrator's thread.
  private Optional<Aim> aim = Optional.empty();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /// How often somebody asked for a pass, and up to which of these one has caught up since.
  private long asked;

  private long answered;
  private boolean closed;
  private boolean broken;
  private @Nullable String problem;
  private @Nullable String memoryProblem;
  private @Nullable Thread thread;

  /// @param due how often somebody had asked when `entry` was the newest
  private record Aim(long due, long entry) {}

  /// @param unitOfWork with a login that is a member of `countersign_audit`
  /// @param signer the key of this log; its name is the log's origin
  public Integrator(
      UnitOfWork unitOfWork,
      CheckpointSigner signer,
      InstantSource clock,
      IntegratorSettings settings) {
    this(unitOfWork, signer, clock, settings, Optional.empty(), EntryBodies.HOT);
  }

  /// @param memory outside of the database, so that a start finds that the database was set back
  /// @param bodies with the archive, where there is one
  public Integrator(
      UnitOfWork unitOfWork,
      CheckpointSigner signer,
      InstantSource clock,
      IntegratorSettings settings,
      Optional<CheckpointMemory> memory,
      EntryBodies bodies) {
    this.keys = signer.logKeys();
    this.partitions = new Partitions(unitOfWork);
    this.verifier = new StoredLogVerifier(unitOfWork, keys, WitnessPolicy.NONE, bodies);
    this.memory = memory;
    this.pass = new IntegrationPass(unitOfWork, signer, clock, settings.batch());
    this.settings = settings;
  }

  /// Checks that what is stored is what was signed last, then begins to work in the background.
  ///
  /// @throws BrokenLogException when it is not: the log must not be continued
  /// @throws dev.countersign.core.port.StoreUnavailableException when the database is not there
  public void start() {
    seen = memory.flatMap(kept -> kept.recall(keys));
    try {
      pass.begin(seen);
    } catch (BrokenLogException e) {
      throw e.index().isPresent() ? e : diagnosed(e);
    }
    partitions.make();
    lookBack();
    atStart = seen;
    lock.lock();
    try {
      if (thread != null || closed) {
        throw new IllegalStateException("an integrator starts once");
      }
      thread = Thread.ofPlatform().name("audit-integrator").daemon().start(this::work);
    } finally {
      lock.unlock();
    }
  }

  /// How many entries the log had when this started.
  public long sizeAtStart() {
    return atStart.map(start -> start.checkpoint().treeSize()).orElse(0L);
  }

  /// The key that signed what was stored when this started, if it has been replaced since: no
  /// checkpoint is signed with the current key before the log grows.
  public Optional<VerifierKey> replacedKey() {
    return atStart.map(keys::signerOf).filter(key -> !key.equals(keys.current()));
  }

  /// Reads the whole log to find out where it is wrong: nothing else is going to happen.
  private BrokenLogException diagnosed(BrokenLogException e) {
    if (verifier.verify(List.of(), VerificationProgress.NONE) instanceof Broken found) {
      BrokenLogException where = LogScrub.explained(found);
      return new BrokenLogException(
          e.getMessage() + "\n" + where.getMessage(), where.index().orElse(-1));
    }
    return e;
  }

  /// Stops for good: somebody has found the log to be broken.
  public void breakOff(BrokenLogException e) {
    LOG.error("the audit log is broken and does not grow any more: {}", e.getMessage());
    LOG.error("{}", BrokenLogException.WAY_OUT);
    giveUp(e);
  }

  /// There may be something new. Returns at once.
  public void wake() {
    lock.lock();
    try {
      asked++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until everything that was committed before this call, by any instance, is under a stored
  /// checkpoint.
  ///
  /// @return false when it was not within `timeout`, or the integrator was stopped
  public boolean awaitIntegration(Duration timeout) throws InterruptedException {
    long nanos = timeout.toNanos();
    lock.lock();
    try {
      long mine = ++asked;
      changed.signalAll();
      while (answered < mine && !closed && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      return answered >= mine;
    } finally {
      lock.unlock();
    }
  }

  /// Why the log does not grow at present, for a health check; nothing when it does.
  public Optional<String> problem() {
    lock.lock();
    try {
      return Optional.ofNullable(problem).or(() -> Optional.ofNullable(memoryProblem));
    } finally {
      lock.unlock();
    }
  }

  /// Stops after the pass that is under way. What is not in the tree by then will be after the next
  /// start, here or anywhere.
  @Override
  public void close() {
    Thread working;
    lock.lock();
    try {
      closed = true;
      working = thread;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (working == null) {
      return;
    }
    try {
      working.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    long next = System.nanoTime();
    while (waitUntil(next)) {
      long began = System.nanoTime();
      long due = asked();
      try {
        if (began - lookedBack >= LOOK_BACK_NANOS) {
          lookBack();
          partitions.makeInTime();
        }
        Step step = pass.step();
        next = finished(step, due, began);
        if (step.outcome() == Outcome.BEHIND && aim.isEmpty()) {
          long askedBefore = asked();
          aim = Optional.of(new Aim(askedBefore, pass.newestEntry()));
        }
      } catch (BrokenLogException e) {
        breakOff(e);
        return;
      } catch (RuntimeException e) {
        LOG.warn("integrating audit entries failed; again in {}", settings.retry(), e);
        next = failed(e);
      }
    }
  }

  /// That the log continues what was seen of it: whoever puts an old backup under a running
  /// instance is found by this.
  private void lookBack() {
    SignedCheckpoint latest = pass.latest(seen);
    boolean isNew = seen.isEmpty() || !seen.get().note().equals(latest.note());
    seen = Optional.of(latest);
    lookedBack = System.nanoTime();
    if (isNew && memory.isPresent()) {
      keep(memory.get(), latest);
    }
  }

  private void keep(CheckpointMemory kept, SignedCheckpoint latest) {
    String failure = null;
    try {
      kept.keep(latest);
    } catch (UncheckedIOException e) {
      failure = e.getMessage() + ": " + e.getCause();
    }
    lock.lock();
    try {
      if (failure != null && memoryProblem == null) {
        LOG.warn("{}", failure);
      }
      memoryProblem = failure;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for the time of the next pass; a call can move it ahead, but not before the pace allows.
  ///
  /// @param earliest by [System#nanoTime]
  /// @return false once closed
  private boolean waitUntil(long earliest) {
    lock.lock();
    try {
      long idleUntil = earliest + settings.poll().minus(settings.pace()).toNanos();
      while (!closed) {
        long now = System.nanoTime();
        long wait = (asked > answered ? earliest : idleUntil) - now;
        if (wait <= 0) {
          return true;
        }
        long _ = changed.awaitNanos(wait);
      }
      return false;
    } catch (InterruptedException e) {
      return false; // nobody but a stopping process interrupts this thread
    } finally {
      lock.unlock();
    }
  }

  private long asked() {
    lock.lock();
    try {
      return asked;
    } finally {
      lock.unlock();
    }
  }

  /// @return when the next pass may be
  private long finished(Step step, long due, long began) {
    boolean reached = aim.isPresent() && step.through() >= aim.get().entry();
    lock.lock();
    try {
      if (reached) {
        // More came meanwhile than one pass takes; nobody need wait for that.
        answered = Math.max(answered, aim.get().due());
        changed.signalAll();
      }
      if (!broken) {
        problem = null;
      }
      return switch (step.outcome()) {
        case CAUGHT_UP -> {
          answered = Math.max(answered, due);
          changed.signalAll();
          yield began + settings.pace().toNanos();
        }
        case BEHIND -> {
          asked++; // not to wait for anybody's call
          yield System.nanoTime();
        }
        case BUSY -> System.nanoTime() + BUSY_NANOS;
      };
    } finally {
      lock.unlock();
      if (reached || step.outcome() == Outcome.CAUGHT_UP) {
        aim = Optional.empty();
      }
    }
  }

  private long failed(RuntimeException e) {
    lock.lock();
    try {
      if (!broken) {
        problem = String.valueOf(e.getMessage());
      }
      return System.nanoTime() + settings.retry().toNanos();
    } finally {
      lock.unlock();
    }
  }

  private void giveUp(BrokenLogException e) {
    lock.lock();
    try {
      problem = e.getMessage();
      broken = true;
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
