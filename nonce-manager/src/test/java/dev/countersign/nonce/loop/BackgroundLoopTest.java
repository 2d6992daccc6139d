package dev.countersign.nonce.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BackgroundLoopTest {
  private static final Duration LONG = Duration.ofHours(1);

  @Test
  void goesOnAfterAStepThatThrows() {
    AtomicInteger steps = new AtomicInteger();
    try (var loop =
        new BackgroundLoop(
            "test",
            () -> {
              if (steps.incrementAndGet() == 1) {
                throw new IllegalStateException("the first step fails");
              }
              return LONG;
            })) {
      loop.start();
      await().untilAtomic(steps, equalTo(2));
    }
  }

  @Test
  void wakingEndsTheWait() {
    AtomicInteger steps = new AtomicInteger();
    try (var loop =
        new BackgroundLoop(
            "test",
            () -> {
              steps.incrementAndGet();
              return LONG;
            })) {
      loop.start();
      await().untilAtomic(steps, equalTo(1));
      loop.wake();
      await().untilAtomic(steps, equalTo(2));
    }
  }

  @Test
  void aWakeDuringAStepIsNotLost() throws InterruptedException {
    AtomicInteger steps = new AtomicInteger();
    CountDownLatch inStep = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    try (var loop =
        new BackgroundLoop(
            "test",
            () -> {
              steps.incrementAndGet();
              inStep.countDown();
              awaitQuietly(mayEnd);
              return LONG;
            })) {
      loop.start();
      assertThat(inStep.await(10, TimeUnit.SECONDS)).isTrue();
      loop.wake();
      mayEnd.countDown();
      await().untilAtomic(steps, equalTo(2));
    }
  }

  @Test
  void closingLetsTheStepEndAndBeginsNoOther() {
    AtomicInteger ended = new AtomicInteger();
    CountDownLatch inStep = new CountDownLatch(1);
    var loop =
        new BackgroundLoop(
            "test",
            () -> {
              inStep.countDown();
              ended.incrementAndGet();
              return Duration.ZERO;
            });
    loop.start();
    awaitQuietly(inStep);
    loop.close();
    int atClose = ended.get();
    await().during(Duration.ofMillis(100)).until(() -> ended.get() == atClose);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
