package dev.countersign.nonce.loop;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// A bell for one sleeper. Rung while nobody sleeps, it ends the next sleep at once; how often it
/// was rung does not matter.
final class Wakeup {
  private final Semaphore rung = new Semaphore(0);

  void ring() {
    if (rung.availablePermits() == 0) {
      rung.release();
    }
  }

  /// Sleeps until it rings, but no longer than `longest`.
  void sleep(Duration longest) throws InterruptedException {
    if (rung.tryAcquire(longest.toNanos(), TimeUnit.NANOSECONDS)) {
      rung.drainPermits();
    }
  }
}
