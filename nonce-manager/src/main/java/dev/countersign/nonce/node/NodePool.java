package dev.countersign.nonce.node;

import dev.countersign.core.model.ChainId;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// The endpoints of one chain, the first that works is used. Safe for concurrent use.
public final class NodePool {
  private final ChainId chain;
  private final List<Endpoint> endpoints;

  NodePool(ChainId chain, List<Endpoint> endpoints) {
    this.chain = chain;
    this.endpoints = List.copyOf(endpoints);
  }

  public ChainId chain() {
    return chain;
  }

  /// Calls in order, all on one endpoint. When an endpoint fails halfway the next one gets all of
  /// them, so every call must be one that may be made twice.
  ///
  /// @return one answer for each call, in order
  /// @throws NodeUnavailableException when no endpoint has answered
  public List<RpcAnswer> call(List<RpcCall> calls) {
    if (calls.isEmpty()) {
      return List.of();
    }
    List<String> problems = new ArrayList<>();
    List<Throwable> causes = new ArrayList<>();
    for (Endpoint endpoint : endpoints) {
      try {
        return endpoint.call(calls);
      } catch (NodeUnavailableException e) {
        problems.add(String.valueOf(e.getMessage()));
        causes.add(e);
      }
    }
    NodeUnavailableException none =
        new NodeUnavailableException(
            "no node of chain %s answers (%s)".formatted(chain, String.join("; ", problems)));
    causes.forEach(none::addSuppressed);
    throw none;
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
}
