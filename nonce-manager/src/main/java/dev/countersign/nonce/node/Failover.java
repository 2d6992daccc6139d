package dev.countersign.nonce.node;

import dev.countersign.core.model.ChainId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Asks one endpoint after the other: the next one when one fails, and also when one lets us wait.
/// Whoever answers first counts.
final class Failover {
  private final ChainId chain;
  private final List<RpcCall> calls;
  private final boolean passedOn;
  private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
  private final Set<Endpoint> running = new LinkedHashSet<>();
  private final List<String> problems = new ArrayList<>();
  private final List<Throwable> causes = new ArrayList<>();

  /// @param answers nothing when it failed
  private record Ended(
      Endpoint endpoint, @Nullable List<RpcAnswer> answers, @Nullable RuntimeException failure) {}

  /// @param passedOn whether somebody else has thought of the calls: how they end is then held
  ///     against no endpoint
  Failover(ChainId chain, List<RpcCall> calls, boolean passedOn) {
    this.chain = chain;
    this.calls = calls;
    this.passedOn = passedOn;
  }

  /// @param endpoints the one to prefer first
  /// @throws NodeUnavailableException when none of them has answered
  List<RpcAnswer> over(List<Endpoint> endpoints) {
    if (endpoints.size() == 1) {
      return alone(endpoints.getFirst());
    }
    Iterator<Endpoint> next = endpoints.iterator();
    Endpoint newest = begin(next.next());
    while (true) {
      Ended one = next.hasNext() ? await(newest) : await();
      if (one == null) {
        // Those that still run may answer yet; nobody has to wait for them alone any longer.
        if (!passedOn) {
          running.forEach(Endpoint::wasWaitedFor);
        }
        newest = begin(next.next());
        continue;
      }
      if (one.answers() != null) {
        return one.answers();
      }
      running.remove(one.endpoint());
      failed(one.failure());
      if (next.hasNext()) {
        newest = begin(next.next());
      } else if (running.isEmpty()) {
        throw none();
      }
    }
  }

  private List<RpcAnswer> ask(Endpoint endpoint) {
    return passedOn ? endpoint.passOn(calls) : endpoint.call(calls);
  }

  private List<RpcAnswer> alone(Endpoint endpoint) {
    try {
      return ask(endpoint);
    } catch (NodeUnavailableException e) {
      failed(e);
      throw none();
    }
  }

  private Endpoint begin(Endpoint endpoint) {
    running.add(endpoint);
    Thread.ofVirtual()
        .name("node " + endpoint)
        .start(
            () -> {
              List<RpcAnswer> answers = null;
              RuntimeException failure = null;
              try {
                answers = ask(endpoint);
              } catch (RuntimeException e) {
                failure = e;
              } finally {
                ended.add(new Ended(endpoint, answers, failure));
              }
            });
    return endpoint;
  }

  /// @return nothing when none has ended for as long as one may let us wait
  private @Nullable Ended await(Endpoint newest) {
    try {
      return ended.poll(newest.patience(calls.size()).toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private Ended await() {
    try {
      return ended.take();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private NodeUnavailableException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new NodeUnavailableException("interrupted while asking the nodes of chain " + chain, e);
  }

  private void failed(@Nullable RuntimeException failure) {
    if (failure == null) {
      problems.add("ended without an answer");
    } else {
      problems.add(String.valueOf(failure.getMessage()));
      causes.add(failure);
    }
  }

  private NodeUnavailableException none() {
    NodeUnavailableException none =
        new NodeUnavailableException(
            "no node of chain %s answers (%s)".formatted(chain, String.join("; ", problems)));
    causes.forEach(none::addSuppressed);
    return none;
  }
}
