package dev.countersign.nonce.node;

import dev.countersign.core.model.ChainId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
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
  private final boolean alone;
  private Iterator<Endpoint> next;
  private final BlockingQueue<Attempt> ended = new LinkedBlockingQueue<>();
  private final SequencedSet<Attempt> running = new LinkedHashSet<>();
  private final List<String> problems = new ArrayList<>();
  private final List<Throwable> causes = new ArrayList<>();

  /// @param passedOn whether somebody else has thought of the calls: how they end is then held
  ///     against no endpoint
  /// @param endpoints the one to prefer first
  Failover(ChainId chain, List<RpcCall> calls, boolean passedOn, List<Endpoint> endpoints) {
    this.chain = chain;
    this.calls = calls;
    this.passedOn = passedOn;
    this.alone = endpoints.size() == 1;
    this.next = endpoints.iterator();
  }

  /// @throws NodeUnavailableException when none of them has answered
  Answered first() {
    return answer(true).orElseThrow(this::none);
  }

  /// Asks no others from now on, and waits for none.
  void keepTo(Set<Endpoint> endpoints) {
    running.removeIf(attempt -> !endpoints.contains(attempt.endpoint()));
    List<Endpoint> left = new ArrayList<>();
    next.forEachRemaining(left::add);
    left.retainAll(endpoints);
    next = left.iterator();
  }

  /// The answers of one that has not answered yet. Those that were asked already and let us wait
  /// are not waited for any longer.
  ///
  /// @return nothing when no other answers
  Optional<Answered> another() {
    return answer(false);
  }

  /// @param isNeeded whether to wait for the last of them however long it takes
  private Optional<Answered> answer(boolean isNeeded) {
    if (next.hasNext()) {
      begin(next.next());
    }
    while (!running.isEmpty()) {
      Attempt one = isNeeded && !next.hasNext() ? await() : await(running.getLast());
      if (one == null) {
        // Those that still run may answer yet; nobody has to wait for them alone any longer.
        if (!passedOn) {
          running.forEach(attempt -> attempt.endpoint().wasWaitedFor());
        }
        if (!next.hasNext()) {
          return Optional.empty();
        }
        begin(next.next());
        continue;
      }
      if (!running.remove(one)) {
        continue;
      }
      try {
        return Optional.of(new Answered(one.endpoint(), one.ended()));
      } catch (RuntimeException e) {
        problems.add(String.valueOf(e.getMessage()));
        causes.add(e);
      }
      if (next.hasNext()) {
        begin(next.next());
      }
    }
    return Optional.empty();
  }

  private void begin(Endpoint endpoint) {
    Attempt attempt = new Attempt(endpoint, calls, passedOn);
    running.add(attempt);
    Runnable work =
        () -> {
          try {
            attempt.run();
          } finally {
            ended.add(attempt);
          }
        };
    if (alone) {
      work.run();
    } else {
      Thread.ofVirtual().name("node " + endpoint).start(work);
    }
  }

  /// @return nothing when none has ended for as long as one may let us wait
  private @Nullable Attempt await(Attempt newest) {
    try {
      while (true) {
        Attempt one = ended.poll(Math.max(0, newest.patienceLeft()), TimeUnit.NANOSECONDS);
        if (one != null || newest.patienceLeft() <= 0) {
          return one;
        }
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private Attempt await() {
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

  private NodeUnavailableException none() {
    NodeUnavailableException none =
        new NodeUnavailableException(
            "no node of chain %s answers (%s)".formatted(chain, String.join("; ", problems)));
    causes.forEach(none::addSuppressed);
    return none;
  }
}
