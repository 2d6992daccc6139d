package dev.countersign.nonce.node;

import dev.countersign.core.model.ChainId;
import dev.countersign.nonce.node.EndpointHealth.State;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.math.BigInteger;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An endpoint that is used only while it works, and only once it has said that it is on the right
/// chain: a signature is good on one chain alone, but counts and receipts of another would do harm.
final class Endpoint implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);

  /// Failures in a row after which it is left alone for a while.
  private static final int FAILURES = 2;

  private static final int ALL_PERCENT = 100;

  private final ChainId chain;
  private final int number;
  private final NodeClient client;
  private final NodeSettings settings;
  private final EndpointRecord record;
  private final CircuitBreaker breaker;
  private volatile boolean onRightChain;

  /// As many connections as there were when it last said which chain it is on.
  private volatile long checkedConnections = -1;

  /// The wrong chain that was last complained of, or empty: one complaint is loud enough.
  private volatile String refusedFor = "";

  /// @param number its place in the chain's definition, from 1
  Endpoint(
      ChainId chain, int number, NodeClient client, NodeSettings settings, InstantSource clock) {
    this.chain = chain;
    this.number = number;
    this.client = client;
    this.settings = settings;
    this.record = new EndpointRecord(clock, settings);
    this.breaker =
        CircuitBreaker.of(
            chain + " " + client.shown(),
            CircuitBreakerConfig.custom()
                .slidingWindowSize(FAILURES)
                .minimumNumberOfCalls(FAILURES)
                .failureRateThreshold(ALL_PERCENT)
                .permittedNumberOfCallsInHalfOpenState(1)
                .waitDurationInOpenState(settings.probeInterval())
                .build());
    breaker.getEventPublisher().onStateTransition(event -> log(event.getStateTransition()));
  }

  private void log(CircuitBreaker.StateTransition transition) {
    switch (transition) {
      case CLOSED_TO_OPEN -> LOG.warn("chain {}: endpoint {} does not work", chain, this);
      case HALF_OPEN_TO_CLOSED -> LOG.info("chain {}: endpoint {} works again", chain, this);
      default -> {
        // Probing it now and then is no news.
      }
    }
  }

  /// Its number and address, as logs may have them.
  @Override
  public String toString() {
    return number + " " + client.shown();
  }

  @Override
  public void close() {
    client.close();
  }

  /// @throws NodeUnavailableException when it does not answer, is known not to, or is on another
  /// chain
  List<RpcAnswer> call(List<RpcCall> calls) {
    return call(calls, () -> {});
  }

  /// @param heard is run after each HTTP request that was answered
  /// @throws NodeUnavailableException when it does not answer, is known not to, or is on another
  /// chain
  List<RpcAnswer> call(List<RpcCall> calls, Runnable heard) {
    if (!breaker.tryAcquirePermission()) {
      throw new NodeUnavailableException(
          client.shown() + ": does not work, is left alone for a while");
    }
    long start = breaker.getCurrentTimestamp();
    try {
      List<RpcAnswer> answers = attempt(calls, heard);
      long took = breaker.getCurrentTimestamp() - start;
      breaker.onSuccess(took, breaker.getTimestampUnit());
      Duration duration = Duration.of(took, breaker.getTimestampUnit().toChronoUnit());
      record.succeeded(duration, duration.compareTo(patience(calls.size())) < 0);
      noteHead(calls, answers);
      return answers;
    } catch (RuntimeException e) {
      // Whatever restarts behind this address may be another chain's node.
      onRightChain = false;
      breaker.onError(breaker.getCurrentTimestamp() - start, breaker.getTimestampUnit(), e);
      record.failed(NodeText.shown(String.valueOf(e.getMessage())));
      if (e instanceof NodeUnavailableException unavailable) {
        throw unavailable;
      }
      throw new NodeUnavailableException(client.shown() + ": " + e, e);
    }
  }

  /// [#call] without holding a failure against the endpoint.
  ///
  /// @param heard is run after each HTTP request that was answered
  /// @throws NodeUnavailableException when it does not answer, is known not to, or is on another
  /// chain
  List<RpcAnswer> passOn(List<RpcCall> calls, Runnable heard) {
    if (breaker.getState() != CircuitBreaker.State.CLOSED) {
      throw new NodeUnavailableException(
          client.shown() + ": does not work, is left alone for a while");
    }
    try {
      return attempt(calls, heard);
    } catch (NodeUnavailableException e) {
      onRightChain = false;
      throw e;
    } catch (RuntimeException e) {
      onRightChain = false;
      throw new NodeUnavailableException(client.shown() + ": " + e, e);
    }
  }

  /// How long it may let nothing be heard before somebody else is asked too.
  Duration patience() {
    return settings.patience();
  }

  /// How long so many calls may take altogether.
  Duration patience(int calls) {
    int requests = (calls + client.batchSize() - 1) / client.batchSize();
    return settings.patience().multipliedBy(Math.max(1, requests));
  }

  private List<RpcAnswer> attempt(List<RpcCall> calls, Runnable heard) {
    if (!onRightChain || client.connections() != checkedConnections) {
      checkChain();
      heard.run();
    }
    List<RpcAnswer> answers = client.call(calls, heard);
    if (client.connections() != checkedConnections) {
      // What has answered is behind a new connection: is it the same node still?
      checkChain();
    }
    return answers;
  }

  private void checkChain() {
    RpcCall question = RpcCall.chainId();
    BigInteger actual =
        Quantities.read(
            "chain id", RpcAnswer.resultOf(question, client.call(List.of(question)).getFirst()));
    if (actual.equals(BigInteger.valueOf(chain.eip155()))) {
      refusedFor = "";
      checkedConnections = client.connections();
      onRightChain = true;
      return;
    }
    String problem =
        "%s: is refused: expected a node of chain %s, it is one of chain eip155:%s"
            .formatted(client.shown(), chain, actual);
    if (!refusedFor.equals(actual.toString())) {
      refusedFor = actual.toString();
      LOG.error("chain {}: endpoint {}", chain, problem);
    }
    throw new NodeUnavailableException(problem);
  }

  private void noteHead(List<RpcCall> calls, List<RpcAnswer> answers) {
    int index = calls.lastIndexOf(RpcCall.latestBlock());
    if (index >= 0 && answers.get(index) instanceof RpcAnswer.Result result) {
      BlockHead.find(result.value()).ifPresent(head -> record.sawHead(head.number()));
    }
  }

  /// Somebody waited for it for longer than they should.
  void wasWaitedFor() {
    record.wasWaitedFor();
  }

  boolean isSlow() {
    return record.isSlow();
  }

  /// It gave errors where others gave none: they are asked before it for a while.
  void wasBettered() {
    if (record.wasBettered()) {
      LOG.warn("chain {}: endpoint {} gives errors where others do not", chain, this);
    }
  }

  boolean isErring() {
    return record.isErring();
  }

  OptionalLong head() {
    return record.head();
  }

  /// It said what no honest node says, against a quorum.
  void contradicted(String what) {
    if (record.contradicted()) {
      becameSuspect(what);
    }
  }

  /// It said something else than a quorum, as an honest node may for a moment.
  void differed(String topic, String what) {
    if (record.differed(topic)) {
      becameSuspect(what);
    }
  }

  private void becameSuspect(String what) {
    LOG.warn("chain {}: endpoint {} is suspect: {}", chain, this, what);
  }

  void agreed(String topic) {
    if (record.agreed(topic)) {
      LOG.info("chain {}: endpoint {} agrees with the others again", chain, this);
    }
  }

  /// What it is used for now.
  ///
  /// @param best the head of the chain, as far as is known
  /// @param lagAllowed how many blocks it may be behind that
  State state(OptionalLong best, long lagAllowed) {
    if (!refusedFor.isEmpty()) {
      return State.WRONG_CHAIN;
    }
    if (breaker.getState() != CircuitBreaker.State.CLOSED) {
      return State.DOWN;
    }
    if (record.isSuspect()) {
      return State.SUSPECT;
    }
    if (lag(best) > lagAllowed) {
      return State.LAGGING;
    }
    return record.isSlow() ? State.SLOW : State.WORKING;
  }

  EndpointHealth health(OptionalLong best, long lagAllowed) {
    return record.health(
        number, client.shown(), state(best, lagAllowed), lag(best), client.batchSize());
  }

  private long lag(OptionalLong best) {
    OptionalLong head = record.head();
    return best.isPresent() && head.isPresent()
        ? Math.max(0, best.getAsLong() - head.getAsLong())
        : 0;
  }
}
