package dev.countersign.nonce.node;

import dev.countersign.core.model.ChainId;
import dev.countersign.nonce.chain.Finality;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// The endpoints of one chain. One question goes to the healthiest of them, and on to the next when
/// that fails or lets us wait; what decides about money goes to all of them ([#quorum]). Safe for
/// concurrent use.
public final class NodePool implements AutoCloseable {
  /// The worst rank of those that are up to date and that no quorum has contradicted.
  private static final int OF_THE_HEALTHY = 1;

  private final ChainId chain;
  private final List<Endpoint> endpoints;
  private final int quorum;
  private final long lagAllowed;
  private final QuorumReads quorumReads;
  private final FinalReads finalReads;
  private final Executor telling;
  private final Optional<PrivateRelay> privateRelay;

  /// @param quorum how many endpoints must say the same where it decides about money
  /// @param finality what makes a transaction of the chain final
  /// @param lagAllowed how many blocks an endpoint may be behind the others
  /// @param telling runs what is told to endpoints without waiting for their answers
  /// @param privateRelay of the chain, if it has one
  NodePool(
      ChainId chain,
      List<Endpoint> endpoints,
      int quorum,
      Finality finality,
      long lagAllowed,
      Executor telling,
      Optional<PrivateRelay> privateRelay) {
    if (quorum < 1 || quorum > endpoints.size()) {
      throw new IllegalArgumentException(
          "a quorum of %d among %d endpoints".formatted(quorum, endpoints.size()));
    }
    this.chain = chain;
    this.endpoints = List.copyOf(endpoints);
    this.quorum = quorum;
    this.lagAllowed = lagAllowed;
    this.telling = telling;
    this.privateRelay = privateRelay;
    this.quorumReads = new QuorumReads(chain, this.endpoints, quorum, lagAllowed);
    this.finalReads = new FinalReads(quorumReads, finality);
  }

  public ChainId chain() {
    return chain;
  }

  /// Where transactions go that nobody is to see before they are mined; none of the endpoints.
  public Optional<PrivateRelay> privateRelay() {
    return privateRelay;
  }

  /// Whether more than one endpoint has to say the same where it decides about money.
  public boolean hasQuorum() {
    return quorum > 1;
  }

  /// Reads that a single endpoint cannot falsify.
  public QuorumReads quorum() {
    return quorumReads;
  }

  /// What no reorganisation takes back, by a quorum.
  public FinalReads finality() {
    return finalReads;
  }

  /// How each endpoint does, in the order of the chain's definition.
  public List<EndpointHealth> health() {
    OptionalLong best = best();
    return endpoints.stream().map(endpoint -> endpoint.health(best, lagAllowed)).toList();
  }

  /// Calls in order, all on one endpoint. When an endpoint fails halfway, lets us wait or answers
  /// with an error that may be its own, the next one gets all of them, so every call must be one
  /// that may be made twice. Where none has a result for each, the one with the fewest errors
  /// counts, and of equals the first.
  ///
  /// @return one answer for each call, in order
  /// @throws NodeUnavailableException when no endpoint has answered
  public List<RpcAnswer> call(List<RpcCall> calls) {
    return calls.isEmpty() ? List.of() : best(calls, false);
  }

  /// [#call] for what somebody else has thought of. How it ends says nothing about the endpoints:
  /// who asks for more than a node can do must not have it taken for one that does not work, and
  /// keep from it what is to be sent and tracked.
  ///
  /// @throws NodeUnavailableException when no endpoint has answered
  public List<RpcAnswer> passOn(List<RpcCall> calls) {
    return calls.isEmpty() ? List.of() : best(calls, true);
  }

  /// All of one endpoint: a count of one and a balance of another would be of two states.
  private List<RpcAnswer> best(List<RpcCall> calls, boolean passedOn) {
    List<Ranked> ranked = ranked();
    Failover failover = new Failover(chain, calls, passedOn, endpoints(ranked));
    Answered first = failover.first();
    failover.keepTo(noWorseThan(first, ranked));
    Answered best = first;
    while (best.ownErrors() > 0) {
      Optional<Answered> next = failover.another();
      if (next.isEmpty()) {
        break;
      }
      best = next.get().ownErrors() < best.ownErrors() ? next.get() : best;
    }
    if (best != first && !passedOn) {
      wasBettered(first);
    }
    return best.answers();
  }

  /// Who is asked besides one that had errors. One that lags, or that a quorum has contradicted,
  /// would beat honest nodes by having an answer where there is none.
  private static Set<Endpoint> noWorseThan(Answered first, List<Ranked> ranked) {
    int most =
        ranked.stream()
            .filter(one -> one.endpoint() == first.by())
            .mapToInt(one -> Math.max(one.rank(), OF_THE_HEALTHY))
            .findFirst()
            .orElse(OF_THE_HEALTHY);
    return ranked.stream()
        .filter(one -> one.rank() <= most)
        .map(Ranked::endpoint)
        .collect(Collectors.toSet());
  }

  /// Calls in order, all on one endpoint, whatever it says to them: an error is its answer.
  ///
  /// @throws NodeUnavailableException when no endpoint has answered
  public Answered callOne(List<RpcCall> calls) {
    return new Failover(chain, calls, false, healthiestFirst()).first();
  }

  /// [#callOne] that says nothing about the endpoints, as [#passOn].
  ///
  /// @throws NodeUnavailableException when no endpoint has answered
  public Answered passOnToOne(List<RpcCall> calls) {
    return new Failover(chain, calls, true, healthiestFirst()).first();
  }

  /// Makes calls on all endpoints but the one that has answered, at once. How they end says nothing
  /// about them.
  ///
  /// @return the answers of each that gives them before it lets us wait
  public List<List<RpcAnswer>> askOthers(Answered first, List<RpcCall> calls) {
    List<Attempt> attempts =
        others(first).stream().map(endpoint -> new Attempt(endpoint, calls, true)).toList();
    attempts.forEach(telling::execute);
    return attempts.stream().flatMap(attempt -> attempt.await().stream()).toList();
  }

  /// The others had no error where it had one: they are asked before it for a while.
  public void wasBettered(Answered first) {
    first.by().wasBettered();
  }

  private List<Endpoint> others(Answered first) {
    return healthiestFirst().stream().filter(endpoint -> endpoint != first.by()).toList();
  }

  /// [#call] for calls that fail only when the node is not well.
  ///
  /// @throws NodeUnavailableException also when one of them failed
  public List<JsonNode> results(List<RpcCall> calls) {
    List<RpcAnswer> answers = call(calls);
    List<JsonNode> results = new ArrayList<>(calls.size());
    for (int i = 0; i < calls.size(); i++) {
      results.add(RpcAnswer.resultOf(calls.get(i), answers.get(i)));
    }
    return results;
  }

  /// [#askOthers] without waiting for what they answer: for what must not depend on one that keeps
  /// it to itself.
  public void tellOthers(Answered first, List<RpcCall> calls) {
    if (!calls.isEmpty()) {
      others(first).forEach(endpoint -> telling.execute(new Attempt(endpoint, calls, true)));
    }
  }

  List<Endpoint> endpoints() {
    return endpoints;
  }

  @Override
  public void close() {
    endpoints.forEach(Endpoint::close);
    privateRelay.ifPresent(PrivateRelay::close);
  }

  private record Ranked(Endpoint endpoint, int rank) {}

  /// Among equals the order of the definition. One that is down keeps its place: it costs nothing
  /// while it is left alone, and the try that finds it back is a call of ours.
  private List<Ranked> ranked() {
    OptionalLong best = best();
    return endpoints.stream()
        .map(endpoint -> new Ranked(endpoint, rank(endpoint, best)))
        .sorted(Comparator.comparingInt(Ranked::rank))
        .toList();
  }

  private List<Endpoint> healthiestFirst() {
    return endpoints(ranked());
  }

  private static List<Endpoint> endpoints(List<Ranked> ranked) {
    return ranked.stream().map(Ranked::endpoint).toList();
  }

  private int rank(Endpoint endpoint, OptionalLong best) {
    return switch (endpoint.state(best, lagAllowed)) {
      case WORKING, DOWN, WRONG_CHAIN -> endpoint.isErring() ? OF_THE_HEALTHY : 0;
      case SLOW -> OF_THE_HEALTHY;
      case LAGGING -> 2;
      case SUSPECT -> 3;
    };
  }

  /// The highest head that is not told by as many endpoints alone as may lie.
  private OptionalLong best() {
    List<Long> heads =
        endpoints.stream().flatMapToLong(endpoint -> endpoint.head().stream()).boxed().toList();
    return Votes.vouched(heads, quorum);
  }
}
