package dev.countersign.nonce.chain;

import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.port.ChainDirectory.Chain;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// All there is to know of a chain before talking to it.
///
/// @param endpoints where its nodes answer JSON-RPC over HTTP, the preferred one first; at least
/// one. They may carry an access key, so they are not for logs
/// @param confirmations how many blocks, its own included, make a transaction final enough
/// @param pollInterval how often the nodes are asked for a new block
/// @param explorer the page of a transaction with `{hash}` in it, or empty
public record ChainDefinition(
    ChainId id,
    String name,
    String nativeSymbol,
    FeeModel feeModel,
    List<URI> endpoints,
    int confirmations,
    Duration pollInterval,
    String explorer,
    BalanceTerms balances) {

  public ChainDefinition {
    endpoints = List.copyOf(endpoints);
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("chain " + id + " has no endpoint");
    }
  }

  /// With balances watched as they are unless the definition says otherwise.
  public ChainDefinition(
      ChainId id,
      String name,
      String nativeSymbol,
      FeeModel feeModel,
      List<URI> endpoints,
      int confirmations,
      Duration pollInterval,
      String explorer) {
    this(
        id,
        name,
        nativeSymbol,
        feeModel,
        endpoints,
        confirmations,
        pollInterval,
        explorer,
        BalanceTerms.DEFAULT);
  }

  /// The assets whose balances are watched, the native one first.
  public List<AssetId> watchedAssets() {
    return Stream.concat(
            Stream.of(AssetId.nativeOf(id)),
            balances.tokens().stream().map(token -> AssetId.erc20(id, token)))
        .toList();
  }

  /// What the rest of the service sees of it.
  public Chain chain() {
    return new Chain(id, name, nativeSymbol, confirmations, explorer);
  }
}
