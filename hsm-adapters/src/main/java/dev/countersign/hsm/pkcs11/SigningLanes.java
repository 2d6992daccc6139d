package dev.countersign.hsm.pkcs11;

import dev.countersign.core.model.BackendName;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Works through lists with a bounded number of calls to the token at once, however many callers
/// there are. The caller's thread takes part, so a list of one costs no change of threads.
final class SigningLanes implements AutoCloseable {
  private final int parallelism;
  private final Semaphore lanes;
  private final ExecutorService helpers;

  SigningLanes(BackendName name, int parallelism) {
    this.parallelism = parallelism;
    this.lanes = new Semaphore(parallelism);
    this.helpers =
        Executors.newFixedThreadPool(
            parallelism, Thread.ofPlatform().daemon().name("sign-" + name + "-", 0).factory());
  }

  /// Applies `work` to each of `inputs`.
  ///
  /// @return the results, in the order of `inputs`
  <I, O> List<O> each(List<I> inputs, Function<I, O> work) {
    Object[] results = new Object[inputs.size()];
    AtomicInteger next = new AtomicInteger();
    Runnable worker =
        () -> {
          for (int i = next.getAndIncrement(); i < results.length; i = next.getAndIncrement()) {
            results[i] = inLane(inputs.get(i), work);
          }
        };
    CompletableFuture<?>[] helping =
        IntStream.range(1, Math.min(parallelism, results.length))
            .mapToObj(i -> CompletableFuture.runAsync(worker, helpers))
            .toArray(CompletableFuture<?>[]::new);
    worker.run();
    CompletableFuture.allOf(helping).join();
    @SuppressWarnings("unchecked") // only results of `work` were put in, and one for each input
    List<O> ordered = (List<O>) Arrays.asList(results);
    return List.copyOf(ordered);
  }

  private <I, O> O inLane(I input, Function<I, O> work) {
    lanes.acquireUninterruptibly();
    try {
      return work.apply(input);
    } finally {
      lanes.release();
    }
  }

  @Override
  public void close() {
    helpers.shutdown();
  }
}
