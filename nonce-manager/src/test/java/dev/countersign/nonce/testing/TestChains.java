package dev.countersign.nonce.testing;

import dev.countersign.core.model.ChainId;
import dev.countersign.nonce.chain.ChainDefinition;
import dev.countersign.nonce.chain.ChainDefinitions;
import dev.countersign.nonce.chain.ChainEndpoint;
import dev.countersign.nonce.chain.FeeModel;
import java.time.Duration;
import java.util.List;

/// Definitions of one chain for tests.
public final class TestChains {
  private TestChains() {}

  /// With a majority of the endpoints for a quorum.
  public static ChainDefinitions of(ChainId chain, List<ChainEndpoint> endpoints) {
    return of(chain, endpoints, endpoints.size() / 2 + 1);
  }

  public static ChainDefinitions of(ChainId chain, List<ChainEndpoint> endpoints, int quorum) {
    ChainDefinition unsaid =
        new ChainDefinition(
            chain,
            "Test",
            "ETH",
            FeeModel.EIP1559,
            endpoints.stream().map(ChainEndpoint::url).toList(),
            1,
            Duration.ofSeconds(1),
            "");
    return ChainDefinitions.of(
        List.of(
            new ChainDefinition(
                chain,
                unsaid.name(),
                unsaid.nativeSymbol(),
                unsaid.feeModel(),
                endpoints,
                unsaid.confirmations(),
                unsaid.pollInterval(),
                unsaid.explorer(),
                unsaid.facts(),
                quorum,
                unsaid.balances(),
                unsaid.replacement())));
  }
}
