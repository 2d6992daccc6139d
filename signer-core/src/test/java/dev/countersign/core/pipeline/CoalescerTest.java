package dev.countersign.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.port.StoreUnavailableException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CoalescerTest {

  @Test
  void aLoneCallerGoesAtOnce() {
    Coalescer<Integer, Integer> doubling =
        new Coalescer<>("test", 10, 1, items -> items.stream().map(i -> 2 * i).toList());
    assertThat(doubling.submit(21)).isEqualTo(42);
  }

  @Test
  void thoseWhoComeWhileABatchRunsMakeTheNextOne() throws Exception {
    CountDownLatch firstRuns = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
    Coalescer<Integer, Integer> echo =
        new Coalescer<>(
            "test",
            100,
            1,
            items -> {
              sizes.add(items.size());
              firstRuns.countDown();
              await(goOn);
              return items;
            });
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> answers = new ArrayList<>();
      answers.add(callers.submit(() -> echo.submit(0)));
      firstRuns.await();
      CountDownLatch queued = new CountDownLatch(50);
      for (int i = 1; i <= 50; i++) {
        int item = i;
        answers.add(
            callers.submit(
                () -> {
                  queued.countDown();
                  return echo.submit(item);
                }));
      }
      queued.await();
      TimeUnit.MILLISECONDS.sleep(100);
      goOn.countDown();
      for (int i = 0; i <= 50; i++) {
        assertThat(answers.get(i).get()).isEqualTo(i);
      }
    }
    assertThat(sizes).startsWith(1).hasSizeLessThan(10);
    assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(51);
  }

  @Test
  void neverRunsMoreBatchesOrLargerOnesThanItMay() throws Exception {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger mostRunning = new AtomicInteger();
    AtomicInteger largest = new AtomicInteger();
    Coalescer<Integer, Integer> echo =
        new Coalescer<>(
            "test",
            7,
            2,
            items -> {
              mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
              largest.accumulateAndGet(items.size(), Math::max);
              LockSupport.parkNanos(50_000);
              running.decrementAndGet();
              return items;
            });
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < 5_000; i++) {
        int item = i;
        answers.add(callers.submit(() -> echo.submit(item)));
      }
      for (int i = 0; i < answers.size(); i++) {
        assertThat(answers.get(i).get()).isEqualTo(i);
      }
    }
    assertThat(mostRunning.get()).isLessThanOrEqualTo(2);
    assertThat(largest.get()).isLessThanOrEqualTo(7);
  }

  @Test
  void oneBadItemDoesNotTakeTheOthersDown() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    Coalescer<Integer, Integer> picky =
        new Coalescer<>(
            "test",
            100,
            1,
            items -> {
              await(first);
              if (items.contains(13)) {
                throw new IllegalArgumentException("thirteen");
              }
              return items;
            });
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        int item = i;
        answers.add(callers.submit(() -> picky.submit(item)));
      }
      first.countDown();
      for (int i = 0; i < 30; i++) {
        if (i == 13) {
          Future<Integer> bad = answers.get(i);
          assertThatThrownBy(bad::get)
              .isInstanceOf(ExecutionException.class)
              .hasRootCauseMessage("thirteen");
        } else {
          assertThat(answers.get(i).get()).isEqualTo(i);
        }
      }
    }
  }

  @Test
  void aStoreOutOfReachFailsEverybodyOnceInsteadOfOneByOne() {
    AtomicInteger tries = new AtomicInteger();
    Coalescer<Integer, Integer> down =
        new Coalescer<>(
            "test",
            100,
            1,
            items -> {
              tries.incrementAndGet();
              throw new StoreUnavailableException("down", new IllegalStateException());
            });
    assertThatThrownBy(() -> down.submit(1)).isInstanceOf(StoreUnavailableException.class);
    assertThat(tries).hasValue(1);
  }

  /// Bursts that end while a batch does: a caller who takes the one that leaves for one that stays
  /// would wait forever, which ends this test by its time limit.
  @Test
  void nobodyIsLeftBehindAtTheEndOfABurst() throws Exception {
    Coalescer<Integer, Integer> echo = new Coalescer<>("test", 128, 1, items -> items);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      while (System.nanoTime() < end) {
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
          int item = i;
          answers.add(
              callers.submit(
                  () -> {
                    start.await();
                    for (int spin = 0; spin < item * 20; spin++) {
                      Thread.onSpinWait();
                    }
                    return echo.submit(item);
                  }));
        }
        start.countDown();
        for (int i = 0; i < answers.size(); i++) {
          assertThat(answers.get(i).get()).isEqualTo(i);
        }
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(20, TimeUnit.SECONDS)) {
        throw new IllegalStateException("waited 20 s for the test to go on");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
