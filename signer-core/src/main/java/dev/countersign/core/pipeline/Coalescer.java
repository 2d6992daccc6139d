package dev.countersign.core.pipeline;

import dev.countersign.core.port.StoreUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// Gathers concurrent callers into batches, since a durable commit costs the same for one as for
/// many. A caller who finds nobody else goes at once; those who come while a batch runs make the
/// next one. There is no timer, so nobody ever waits for company.
///
/// @param <I> what a caller brings
/// @param <O> what it gets back
public final class Coalescer<I, O> {
  private final String name;
  private final int largestBatch;
  private final int mostInFlight;
  private final Function<List<I>, List<O>> batch;
  private final Queue<Waiting<I, O>> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger inFlight = new AtomicInteger();

  private record Waiting<I, O>(I item, CompletableFuture<O> answer) {}

  /// @param batch answers each item in order; all or nothing, so that it can be tried item by item
  ///     when it throws
  public Coalescer(
      String name, int largestBatch, int mostInFlight, Function<List<I>, List<O>> batch) {
    this.name = name;
    this.largestBatch = largestBatch;
    this.mostInFlight = mostInFlight;
    this.batch = batch;
  }

  /// Waits for the batch that `item` is part of.
  ///
  /// @return the answer to `item`; what the batch threw for it is thrown here
  public O submit(I item) {
    return answerOf(begin(item));
  }

  /// The same without waiting. Where one batch runs at a time, items that one thread begins are
  /// taken in the order in which it does.
  ///
  /// @return what [#answerOf] waits for
  CompletableFuture<O> begin(I item) {
    Waiting<I, O> waiting = new Waiting<>(item, new CompletableFuture<>());
    queue.add(waiting);
    startIfIdle();
    return waiting.answer();
  }

  /// Waits for what was begun; what the batch threw for it is thrown here.
  static <O> O answerOf(CompletableFuture<O> begun) {
    try {
      return begun.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private void startIfIdle() {
    // The count never passes the most, not for a moment: whoever saw it too high would leave it to
    // somebody who is leaving already.
    int before = inFlight.getAndUpdate(running -> Math.min(running + 1, mostInFlight));
    if (before < mostInFlight) {
      Thread.ofVirtual().name(name).start(this::drain);
    }
  }

  private void drain() {
    try {
      for (List<Waiting<I, O>> next = take(); !next.isEmpty(); next = take()) {
        answer(next);
      }
    } finally {
      inFlight.decrementAndGet();
    }
    // Somebody may have come between the last look and the decrement, and found us busy.
    if (!queue.isEmpty()) {
      startIfIdle();
    }
  }

  private List<Waiting<I, O>> take() {
    List<Waiting<I, O>> taken = new ArrayList<>();
    while (taken.size() < largestBatch) {
      Waiting<I, O> waiting = queue.poll();
      if (waiting == null) {
        break;
      }
      taken.add(waiting);
    }
    return taken;
  }

  private void answer(List<Waiting<I, O>> together) {
    try {
      List<O> answers = batch.apply(together.stream().map(Waiting::item).toList());
      if (answers.size() != together.size()) {
        throw new IllegalStateException(
            "%s: %d answers to %d items".formatted(name, answers.size(), together.size()));
      }
      for (int i = 0; i < together.size(); i++) {
        together.get(i).answer().complete(answers.get(i));
      }
    } catch (StoreUnavailableException e) {
      together.forEach(waiting -> waiting.answer().completeExceptionally(e));
    } catch (RuntimeException | Error e) {
      if (together.size() == 1) {
        together.getFirst().answer().completeExceptionally(e);
      } else {
        // One bad item must not take the others down with it.
        together.forEach(waiting -> answer(List.of(waiting)));
      }
    }
  }
}
