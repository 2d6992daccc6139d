package dev.countersign.nonce.node;

import dev.countersign.core.model.ChainId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Asks all endpoints of a chain the same, side by side.
///
/// Those that are prompt are waited for as long as their patience lasts; one that hangs is waited
/// for beyond it only while the others are not enough for a decision.
final class Poll {
  private final ChainId chain;
  private final List<Endpoint> endpoints;
  private final int quorum;
  private final long lagAllowed;

  /// What one endpoint has said.
  ///
  /// @param head its newest block, asked for after everything else
  record Ballot(Endpoint endpoint, BlockHead head, List<RpcAnswer> answers) {}

  private record Ended(Endpoint endpoint, @Nullable Ballot ballot, @Nullable String problem) {}

  Poll(ChainId chain, List<Endpoint> endpoints, int quorum, long lagAllowed) {
    this.chain = chain;
    this.endpoints = endpoints;
    this.quorum = quorum;
    this.lagAllowed = lagAllowed;
  }

  /// @param isDecided whether these ballots are enough for an answer
  /// @return those that came, a quorum at least
  /// @throws NoQuorumException when fewer came
  List<Ballot> of(List<RpcCall> calls, Predicate<List<Ballot>> isDecided) {
    BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
    List<RpcCall> question = new ArrayList<>(calls);
    question.add(RpcCall.latestBlock());
    Set<Endpoint> running = new HashSet<>(endpoints);
    Set<Endpoint> prompt = new HashSet<>();
    for (Endpoint endpoint : endpoints) {
      if (!endpoint.isSlow()) {
        prompt.add(endpoint);
      }
      begin(endpoint, question, ended);
    }
    List<Ballot> ballots = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    long deadline = System.nanoTime() + patience(question.size()).toNanos();
    while (!running.isEmpty()) {
      boolean waits = prompt.stream().anyMatch(running::contains);
      if (!waits && isEnough(ballots) && isDecided.test(ballots)) {
        break;
      }
      Optional<Ended> one = next(ended, waits ? deadline - System.nanoTime() : Long.MAX_VALUE);
      if (one.isEmpty()) {
        prompt.stream().filter(running::contains).forEach(Endpoint::wasWaitedFor);
        prompt.clear();
        continue;
      }
      running.remove(one.get().endpoint());
      if (one.get().ballot() != null) {
        ballots.add(one.get().ballot());
      } else {
        problems.add(String.valueOf(one.get().problem()));
      }
    }
    if (ballots.size() < quorum) {
      throw new NoQuorumException(
          "chain %s: %d of %d endpoints answered, %d must agree (%s)"
              .formatted(
                  chain, ballots.size(), endpoints.size(), quorum, String.join("; ", problems)));
    }
    return ballots;
  }

  private Duration patience(int calls) {
    return endpoints.stream()
        .map(endpoint -> endpoint.patience(calls))
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  /// A quorum of ballots, and none of them from an endpoint that is far behind the others.
  private boolean isEnough(List<Ballot> ballots) {
    List<Long> heads = ballots.stream().map(ballot -> ballot.head().number()).toList();
    OptionalLong best = Votes.vouched(heads, quorum);
    return best.isPresent()
        && ballots.stream()
                .filter(ballot -> best.getAsLong() - ballot.head().number() <= lagAllowed)
                .count()
            >= quorum;
  }

  private static Optional<Ended> next(BlockingQueue<Ended> ended, long nanos) {
    try {
      return Optional.ofNullable(ended.poll(nanos, TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NodeUnavailableException("interrupted while asking nodes", e);
    }
  }

  private static void begin(Endpoint endpoint, List<RpcCall> question, BlockingQueue<Ended> ended) {
    Thread.ofVirtual()
        .name("node " + endpoint)
        .start(
            () -> {
              Ballot ballot = null;
              String problem = "ended without an answer";
              try {
                ballot = ballot(endpoint, endpoint.call(question));
              } catch (NodeUnavailableException e) {
                problem = String.valueOf(e.getMessage());
              } finally {
                ended.add(new Ended(endpoint, ballot, problem));
              }
            });
  }

  private static Ballot ballot(Endpoint endpoint, List<RpcAnswer> answers) {
    BlockHead head = BlockHead.read(RpcAnswer.resultOf(RpcCall.latestBlock(), answers.getLast()));
    return new Ballot(endpoint, head, answers.subList(0, answers.size() - 1));
  }
}
