package dev.countersign.nonce.loop;

import dev.countersign.core.port.StoreUnavailableException;
import dev.countersign.nonce.node.NodeUnavailableException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does one step again and again on a virtual thread of its own, whatever a step throws. A step
/// that throws is tried again after a wait that doubles up to a bound.
public final class BackgroundLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BackgroundLoop.class);
  private static final Duration FIRST_WAIT = Duration.ofMillis(250);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration LAST_PATIENCE = Duration.ofSeconds(2);

  private final String name;
  private final Step step;
  private final Wakeup wakeup = new Wakeup();
  private volatile boolean closed;
  private @Nullable Thread thread;

  /// One step.
  @FunctionalInterface
  public interface Step {
    /// @return how long to wait before the next one, unless woken
    Duration run();
  }

  /// @param name of the thread and in logs, such as `tracking eip155:1`
  public BackgroundLoop(String name, Step step) {
    this.name = name;
    this.step = step;
  }

  public synchronized void start() {
    if (thread != null || closed) {
      throw new IllegalStateException(name + " was started before");
    }
    thread = Thread.ofVirtual().name(name).start(this::run);
  }

  /// Ends the wait that is on, or the next one.
  public void wake() {
    wakeup.ring();
  }

  /// Begins no further step, and does not wait for one that is on.
  public void stop() {
    closed = true;
    wakeup.ring();
  }

  /// Lets a step that is on end, and interrupts it when it takes more than a few seconds.
  @Override
  public void close() {
    stop();
    Thread running;
    synchronized (this) {
      running = thread;
    }
    if (running == null) {
      return;
    }
    try {
      if (!running.join(PATIENCE)) {
        running.interrupt();
        if (!running.join(LAST_PATIENCE)) {
          LOG.warn("{}: does not stop", name);
        }
      }
    } catch (InterruptedException e) {
      running.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    Duration afterFailure = FIRST_WAIT;
    try {
      while (!closed) {
        Duration wait;
        try {
          wait = step.run();
          afterFailure = FIRST_WAIT;
        } catch (RuntimeException e) {
          complain(e);
          wait = afterFailure;
          Duration doubled = afterFailure.multipliedBy(2);
          afterFailure = doubled.compareTo(LONGEST_WAIT) < 0 ? doubled : LONGEST_WAIT;
        }
        if (!closed) {
          wakeup.sleep(wait);
        }
      }
    } catch (InterruptedException e) {
      // Only close() interrupts: the thread ends here, as it was asked to.
      LOG.debug("{}: interrupted", name);
    }
  }

  private void complain(RuntimeException e) {
    if (e instanceof NodeUnavailableException || e instanceof StoreUnavailableException) {
      LOG.warn("{}: {}; trying again", name, e.getMessage());
    } else {
      LOG.error("{}: failed; trying again", name, e);
    }
  }
}
