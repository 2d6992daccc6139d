package dev.countersign.server.metrics;

import dev.countersign.nonce.node.EndpointHealth;
import dev.countersign.nonce.node.NodePool;
import dev.countersign.nonce.node.NodePools;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.function.ToDoubleFunction;

/// For each endpoint of a chain, how it does.
public final class NodeMetrics {
  private static final double MILLIS = 1000;

  private NodeMetrics() {}

  public static void register(NodePools nodes, MeterRegistry registry) {
    for (NodePool pool : nodes.all()) {
      pool.health().forEach(endpoint -> register(pool, endpoint, registry));
    }
  }

  private static void register(NodePool pool, EndpointHealth endpoint, MeterRegistry registry) {
    int index = endpoint.number() - 1;
    Tags tags =
        Tags.of("chain", pool.chain().caip2())
            .and("endpoint", endpoint.number() + " " + endpoint.name());
    for (EndpointHealth.State state : EndpointHealth.State.values()) {
      gauge(
          registry,
          "state",
          "1 for the state that an endpoint is in",
          tags.and("state", state.name()),
          pool,
          at(index, health -> health.state() == state ? 1 : 0));
    }
    gauge(
        registry,
        "head",
        "Newest block that an endpoint told of, -1 when that is not known",
        tags,
        pool,
        at(index, health -> health.head().orElse(-1)));
    gauge(
        registry,
        "lag",
        "Blocks that an endpoint is behind the best head of its chain",
        tags,
        pool,
        at(index, EndpointHealth::lag));
    gauge(
        registry,
        "latency.seconds",
        "Duration of a request to an endpoint, smoothed",
        tags,
        pool,
        at(index, health -> health.latency().toMillis() / MILLIS));
    gauge(
        registry,
        "error.rate",
        "Share of an endpoint's last requests without a usable answer, smoothed",
        tags,
        pool,
        at(index, EndpointHealth::errorRate));
    counter(
        registry,
        "requests",
        "HTTP requests to an endpoint",
        tags,
        pool,
        at(index, EndpointHealth::calls));
    counter(
        registry,
        "failures",
        "HTTP requests to an endpoint without a usable answer",
        tags,
        pool,
        at(index, EndpointHealth::failures));
    counter(
        registry,
        "outvoted",
        "Quorum reads in which an endpoint was contradicted",
        tags,
        pool,
        at(index, EndpointHealth::outvoted));
  }

  private static ToDoubleFunction<NodePool> at(int index, ToDoubleFunction<EndpointHealth> figure) {
    return pool -> figure.applyAsDouble(pool.health().get(index));
  }

  private static void gauge(
      MeterRegistry registry,
      String name,
      String description,
      Tags tags,
      NodePool pool,
      ToDoubleFunction<NodePool> figure) {
    Gauge.builder("countersign.node." + name, pool, figure)
        .description(description)
        .tags(tags)
        .register(registry);
  }

  private static void counter(
      MeterRegistry registry,
      String name,
      String description,
      Tags tags,
      NodePool pool,
      ToDoubleFunction<NodePool> figure) {
    FunctionCounter.builder("countersign.node." + name, pool, figure)
        .description(description)
        .tags(tags)
        .register(registry);
  }
}
