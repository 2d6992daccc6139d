package dev.countersign.nonce.node;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Calls on their way to one endpoint. They may take as long as they need, as long as something is
/// heard of them: the endpoint's patience is for each HTTP request.
final class Attempt implements Runnable {
  private final Endpoint endpoint;
  private final List<RpcCall> calls;
  private final boolean passedOn;
  private final CompletableFuture<List<RpcAnswer>> answers = new CompletableFuture<>();
  private volatile long heard = System.nanoTime();

  /// @param passedOn whether somebody else has thought of the calls: how they end is then held
  ///     against no endpoint
  Attempt(Endpoint endpoint, List<RpcCall> calls, boolean passedOn) {
    this.endpoint = endpoint;
    this.calls = calls;
    this.passedOn = passedOn;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /// Makes the calls, once.
  @Override
  public void run() {
    try {
      Runnable hears = () -> heard = System.nanoTime();
      answers.complete(passedOn ? endpoint.passOn(calls, hears) : endpoint.call(calls, hears));
    } catch (RuntimeException e) {
      answers.completeExceptionally(e);
    } finally {
      // Where an error of the machine is thrown, nobody is to wait for ever.
      answers.completeExceptionally(new NodeUnavailableException("ended without an answer"));
    }
  }

  /// How long it may still let us wait, in nanoseconds; nothing or less when it has done so.
  long patienceLeft() {
    return endpoint.patience().toNanos() - (System.nanoTime() - heard);
  }

  /// What was answered.
  ///
  /// @return nothing when it failed, or lets us wait
  Optional<List<RpcAnswer>> await() {
    while (true) {
      try {
        return Optional.of(answers.get(Math.max(0, patienceLeft()), TimeUnit.NANOSECONDS));
      } catch (TimeoutException _) {
        if (patienceLeft() <= 0) {
          return Optional.empty();
        }
      } catch (ExecutionException _) {
        return Optional.empty();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new NodeUnavailableException("interrupted while asking " + endpoint, e);
      }
    }
  }

  /// What was answered, once it has ended.
  ///
  /// @throws RuntimeException what it failed with
  List<RpcAnswer> ended() {
    return switch (answers.state()) {
      case SUCCESS -> answers.resultNow();
      case FAILED -> throw (RuntimeException) answers.exceptionNow();
      case RUNNING, CANCELLED -> throw new IllegalStateException("not ended");
    };
  }
}
