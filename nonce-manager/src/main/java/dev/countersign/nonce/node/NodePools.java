package dev.countersign.nonce.node;

import dev.countersign.core.model.ChainId;
import dev.countersign.nonce.chain.ChainDefinition;
import dev.countersign.nonce.chain.ChainDefinitions;
import dev.countersign.nonce.chain.ChainEndpoint;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import okhttp3.OkHttpClient;

/// The node pools of all chains, and what they share.
public final class NodePools implements AutoCloseable {
  /// An endpoint that is further behind than this is not asked first.
  private static final Duration LAG_ALLOWED = Duration.ofSeconds(15);

  private static final long LEAST_LAG_ALLOWED = 3;

  /// In bytes; the receipts of 200 transactions have some hundred KiB.
  private static final long LARGEST_ANSWER = 32L << 20;

  private final OkHttpClient http;
  private final NodeSettings settings;
  private final Map<ChainId, NodePool> byChain = new TreeMap<>();
  private final List<Thread> watchers = new ArrayList<>();
  private volatile boolean closed;

  public NodePools(ChainDefinitions chains, NodeSettings settings, InstantSource clock) {
    this(
        chains,
        settings,
        clock,
        new OkHttpClient.Builder()
            .connectTimeout(settings.connectTimeout())
            .readTimeout(settings.answerTimeout())
            .callTimeout(settings.answerTimeout())
            .followRedirects(false)
            .addInterceptor(new AnswerLimit(LARGEST_ANSWER))
            .build(),
        telling -> Thread.ofVirtual().name("telling").start(telling));
  }

  /// @param http what carries the questions
  /// @param telling runs what is told to endpoints without waiting for their answers
  NodePools(
      ChainDefinitions chains,
      NodeSettings settings,
      InstantSource clock,
      OkHttpClient http,
      Executor telling) {
    this.settings = settings;
    this.http = http;
    for (ChainDefinition chain : chains.definitions()) {
      List<Endpoint> endpoints = new ArrayList<>();
      for (ChainEndpoint endpoint : chain.endpoints()) {
        int batchSize = endpoint.batchSize().orElse(settings.batchSize());
        endpoints.add(
            new Endpoint(
                chain.id(),
                endpoints.size() + 1,
                new NodeClient(endpoint.url(), http, batchSize, clock),
                settings,
                clock));
      }
      byChain.put(
          chain.id(),
          new NodePool(
              chain.id(),
              endpoints,
              chain.quorum(),
              chain.finality(),
              lagAllowed(chain),
              telling,
              chain.privateRelay().map(terms -> new PrivateRelay(terms, http, clock))));
    }
  }

  private static long lagAllowed(ChainDefinition chain) {
    long blocks = LAG_ALLOWED.toMillis() / Math.max(1, chain.facts().blockTime().toMillis());
    return Math.max(LEAST_LAG_ALLOWED, blocks);
  }

  /// From now on every endpoint is asked for its newest block now and then, so that its health is
  /// known before it is needed and one that was down is found again without a caller waiting for
  /// it.
  public synchronized void start() {
    if (!watchers.isEmpty()) {
      throw new IllegalStateException("the endpoints are watched already");
    }
    for (NodePool pool : byChain.values()) {
      for (Endpoint endpoint : pool.endpoints()) {
        watchers.add(Thread.ofVirtual().name("watch " + endpoint).start(() -> watch(endpoint)));
      }
    }
  }

  private void watch(Endpoint endpoint) {
    try {
      while (!closed) {
        try {
          endpoint.call(List.of(RpcCall.latestBlock()));
        } catch (NodeUnavailableException _) {
          // Its health says so.
        }
        Thread.sleep(settings.watchInterval());
      }
    } catch (InterruptedException _) {
      // Closed.
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

  /// Stops watching and closes idle connections.
  @Override
  public synchronized void close() {
    closed = true;
    watchers.forEach(Thread::interrupt);
    http.dispatcher().executorService().shutdown();
    byChain.values().forEach(NodePool::close);
  }
}
