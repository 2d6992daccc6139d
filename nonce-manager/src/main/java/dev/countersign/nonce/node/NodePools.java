package dev.countersign.nonce.node;

import dev.countersign.core.model.ChainId;
import dev.countersign.nonce.chain.ChainDefinition;
import dev.countersign.nonce.chain.ChainDefinitions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import okhttp3.OkHttpClient;

/// The node pools of all chains, and the connections they share.
public final class NodePools implements AutoCloseable {
  private final OkHttpClient http;
  private final Map<ChainId, NodePool> byChain = new TreeMap<>();

  public NodePools(ChainDefinitions chains, NodeSettings settings) {
    this.http =
        new OkHttpClient.Builder()
            .connectTimeout(settings.connectTimeout())
            .readTimeout(settings.answerTimeout())
            .callTimeout(settings.answerTimeout())
            .followRedirects(false)
            .build();
    for (ChainDefinition chain : chains.definitions()) {
      List<Endpoint> endpoints =
          chain.endpoints().stream()
              .map(uri -> new NodeClient(uri, http, settings.batchSize()))
              .map(client -> new Endpoint(chain.id(), client, settings))
              .toList();
      byChain.put(chain.id(), new NodePool(chain.id(), endpoints));
    }
  }

  public Optional<NodePool> find(ChainId chain) {
    return Optional.ofNullable(byChain.get(chain));
  }

  /// The pool of a chain that is configured.
  ///
  /// @throws NodeUnavailableException when it is not
  public NodePool of(ChainId chain) {
    return find(chain)
        .orElseThrow(
            () -> new NodeUnavailableException("chain " + chain + " is not configured here"));
  }

  /// By chain id.
  public List<NodePool> all() {
    return List.copyOf(byChain.values());
  }

  /// Closes idle connections.
  @Override
  public void close() {
    http.dispatcher().executorService().shutdown();
    http.connectionPool().evictAll();
  }
}
