package dev.countersign.nonce.check;

import dev.countersign.nonce.chain.ChainDefinition;
import dev.countersign.nonce.chain.ChainDefinitions;
import dev.countersign.nonce.chain.ChainEndpoint;
import dev.countersign.nonce.check.Finding.Outcome;
import dev.countersign.nonce.node.NodePools;
import dev.countersign.nonce.node.NodeSettings;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/// Asks every endpoint of a definition, each for itself, whether it is as the definition says.
/// Sends nothing that changes anything.
public final class ChainCheck {
  /// Blocks below the newest in which nodes may still differ without harm.
  private static final long UNSETTLED = 3;

  private final ChainDefinition chain;
  private final NodeSettings settings;
  private final InstantSource clock;

  public ChainCheck(ChainDefinition chain, NodeSettings settings, InstantSource clock) {
    this.chain = chain;
    this.settings = settings;
    this.clock = clock;
  }

  /// In the order of the endpoints; what compares them comes last.
  public List<Finding> run() {
    List<Finding> findings = new ArrayList<>();
    List<EndpointCheck> checks = new ArrayList<>();
    List<NodePools> opened = new ArrayList<>();
    try {
      for (ChainEndpoint endpoint : chain.endpoints()) {
        NodePools pools = new NodePools(alone(endpoint), settings, clock);
        opened.add(pools);
        checks.add(
            new EndpointCheck(
                chain,
                "%d %s".formatted(checks.size() + 1, endpoint),
                pools.of(chain.id()),
                endpoint.batchSize().orElse(settings.batchSize()),
                clock));
      }
      checks.forEach(check -> findings.addAll(check.run()));
      agreement(checks).ifPresent(findings::add);
    } finally {
      opened.forEach(NodePools::close);
    }
    return findings;
  }

  private ChainDefinitions alone(ChainEndpoint endpoint) {
    return ChainDefinitions.of(
        List.of(
            new ChainDefinition(
                chain.id(),
                chain.name(),
                chain.nativeSymbol(),
                chain.feeModel(),
                List.of(endpoint),
                chain.confirmations(),
                chain.pollInterval(),
                chain.explorer(),
                chain.facts(),
                1,
                chain.balances(),
                chain.replacement())));
  }

  /// Whether they are nodes of one chain: the same block at a height that all of them have.
  private static Optional<Finding> agreement(List<EndpointCheck> checks) {
    List<EndpointCheck> answering =
        checks.stream().filter(check -> check.head().isPresent()).toList();
    OptionalLong lowest = answering.stream().mapToLong(check -> check.head().getAsLong()).min();
    if (answering.size() < 2 || lowest.isEmpty()) {
      return Optional.empty();
    }
    long height = Math.max(0, lowest.getAsLong() - UNSETTLED);
    Map<String, String> hashes = new LinkedHashMap<>();
    answering.forEach(
        check -> check.hashAt(height).ifPresent(hash -> hashes.put(check.endpoint(), hash.hex())));
    Set<String> different = hashes.values().stream().collect(Collectors.toSet());
    if (different.size() == 1) {
      return Optional.of(
          new Finding(
              "all",
              "agreement",
              Outcome.FINE,
              "%d endpoints have the same block %d".formatted(hashes.size(), height)));
    }
    return Optional.of(
        new Finding(
            "all",
            "agreement",
            different.isEmpty() ? Outcome.NO_ANSWER : Outcome.WRONG,
            "block %d, expected the same hash everywhere: %s".formatted(height, hashes)));
  }
}
