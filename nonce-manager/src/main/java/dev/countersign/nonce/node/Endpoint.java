package dev.countersign.nonce.node;

import dev.countersign.core.model.ChainId;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.math.BigInteger;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An endpoint that is used only while it works, and only once it has said that it is on the right
/// chain: a signature is good on one chain alone, but counts and receipts of another would do harm.
final class Endpoint {
  private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);

  /// Failures in a row after which it is left alone for a while.
  private static final int FAILURES = 2;

  private static final int ALL_PERCENT = 100;

  private final ChainId chain;
  private final NodeClient client;
  private final CircuitBreaker breaker;
  private volatile boolean onRightChain;

  /// The wrong chain that was last complained of, or empty: one complaint is loud enough.
  private volatile String refusedFor = "";

  Endpoint(ChainId chain, NodeClient client, NodeSettings settings) {
    this.chain = chain;
    this.client = client;
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
      case CLOSED_TO_OPEN -> LOG.warn("chain {}: endpoint {} does not work", chain, client.shown());
      case HALF_OPEN_TO_CLOSED ->
          LOG.info("chain {}: endpoint {} works again", chain, client.shown());
      default -> {
        // Probing it now and then is no news.
      }
    }
  }

  String shown() {
    return client.shown();
  }

  /// @throws NodeUnavailableException when it does not answer, is known not to, or is on another
  /// chain
  List<RpcAnswer> call(List<RpcCall> calls) {
    if (!breaker.tryAcquirePermission()) {
      throw new NodeUnavailableException(shown() + ": does not work, is left alone for a while");
    }
    long start = breaker.getCurrentTimestamp();
    try {
      List<RpcAnswer> answers = attempt(calls);
      breaker.onSuccess(breaker.getCurrentTimestamp() - start, breaker.getTimestampUnit());
      return answers;
    } catch (RuntimeException e) {
      // Whatever restarts behind this address may be another chain's node.
      onRightChain = false;
      breaker.onError(breaker.getCurrentTimestamp() - start, breaker.getTimestampUnit(), e);
      if (e instanceof NodeUnavailableException unavailable) {
        throw unavailable;
      }
      throw new NodeUnavailableException(shown() + ": " + e, e);
    }
  }

  private List<RpcAnswer> attempt(List<RpcCall> calls) {
    if (!onRightChain) {
      checkChain();
      onRightChain = true;
    }
    return client.call(calls);
  }

  private void checkChain() {
    RpcCall question = RpcCall.chainId();
    BigInteger actual =
        Quantities.read(
            "chain id", RpcAnswer.resultOf(question, client.call(List.of(question)).getFirst()));
    if (actual.equals(BigInteger.valueOf(chain.eip155()))) {
      refusedFor = "";
      return;
    }
    String problem =
        "%s: is refused: expected a node of chain %s, it is one of chain eip155:%s"
            .formatted(shown(), chain, actual);
    if (!refusedFor.equals(actual.toString())) {
      refusedFor = actual.toString();
      LOG.error("chain {}: endpoint {}", chain, problem);
    }
    throw new NodeUnavailableException(problem);
  }
}
