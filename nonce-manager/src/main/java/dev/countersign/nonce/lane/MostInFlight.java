package dev.countersign.nonce.lane;

import dev.countersign.core.model.ChainId;
import dev.countersign.nonce.chain.ChainDefinition;
import dev.countersign.nonce.chain.ChainDefinitions;
import java.util.Map;
import java.util.stream.Collectors;

/// How many transactions of one account, owned or signed, may be on their way on a chain before one
/// of them is mined: what nodes of the chain keep of an account for sure.
@FunctionalInterface
public interface MostInFlight {
  int on(ChainId chain);

  static MostInFlight of(ChainDefinitions chains) {
    Map<ChainId, Integer> most =
        chains.definitions().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    ChainDefinition::id, definition -> definition.facts().inFlight()));
    return chain -> most.getOrDefault(chain, 1);
  }
}
