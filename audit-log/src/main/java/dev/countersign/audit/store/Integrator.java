package dev.countersign.audit.store;

import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.store.IntegrationPass.Outcome;
import dev.countersign.core.port.UnitOfWork;
import java.time.Duration;
import java.time.InstantSource;
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

  private final IntegrationPass pass;
  private final IntegratorSettings settings;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /// How often somebody asked for a pass, and up to which of these one has caught up since.
  private long asked;

  private long answered;
  private boolean closed;
  private @Nullable String problem;
  private @Nullable Thread thread;

  /// @param unitOfWork with a login that is a member of `countersign_audit`
  /// @param signer the key of this log; its name is the log's origin
  public Integrator(
      UnitOfWork unitOfWork,
      CheckpointSigner signer,
      InstantSource clock,
      IntegratorSettings settings) {
    this.pass = new IntegrationPass(unitOfWork, signer, clock, settings.batch());
    this.settings = settings;
  }

  /// Checks that what is stored is what was signed last, then begins to work in the background.
  ///
  /// @throws BrokenLogException when it is not: the log must not be continued
  /// @throws dev.countersign.core.port.StoreUnavailableException when the database is not there
  public void start() {
    pass.begin();
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
      return Optional.ofNullable(problem);
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
        Outcome outcome = pass.run();
        next = finished(outcome, due, began);
      } catch (BrokenLogException e) {
        LOG.error("the audit log is broken and does not grow any more: {}", e.getMessage());
        giveUp(e);
        return;
      } catch (RuntimeException e) {
        LOG.warn("integrating audit entries failed; again in {}", settings.retry(), e);
        next = failed(e);
      }
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
  private long finished(Outcome outcome, long due, long began) {
    lock.lock();
    try {
      problem = null;
      return switch (outcome) {
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
    }
  }

  private long failed(RuntimeException e) {
    lock.lock();
    try {
      problem = String.valueOf(e.getMessage());
      return System.nanoTime() + settings.retry().toNanos();
    } finally {
      lock.unlock();
    }
  }

  private void giveUp(BrokenLogException e) {
    lock.lock();
    try {
      problem = e.getMessage();
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
