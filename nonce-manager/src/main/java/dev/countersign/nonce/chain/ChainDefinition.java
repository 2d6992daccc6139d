package dev.countersign.nonce.chain;

import dev.countersign.core.evm.BlobProofs;
import dev.countersign.core.evm.TransactionType;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.port.ChainDirectory.Chain;
import dev.countersign.core.replacement.ReplacementTerms;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// All there is to know of a chain before talking to it.
///
/// @param endpoints where its nodes answer, the preferred one first; at least one
/// @param confirmations how many blocks, its own included, make a transaction final enough
/// @param pollInterval how often the nodes are asked for a new block
/// @param explorer the page of a transaction with `{hash}` in it, or empty
/// @param quorum how many endpoints must say the same where it decides about money
/// @param balances how balances are watched there
/// @param replacement how what is stuck is replaced there
/// @param privateRelay where transactions go that nobody is to see before they are mined
public record ChainDefinition(
    ChainId id,
    String name,
    String nativeSymbol,
    FeeModel feeModel,
    List<ChainEndpoint> endpoints,
    int confirmations,
    Duration pollInterval,
    String explorer,
    ChainFacts facts,
    int quorum,
    BalanceTerms balances,
    ReplacementTerms replacement,
    Optional<PrivateRelayTerms> privateRelay) {

  public ChainDefinition {
    endpoints = List.copyOf(endpoints);
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("chain " + id + " has no endpoint");
    }
    if (quorum < 1 || quorum > endpoints.size()) {
      throw new IllegalArgumentException(
          "chain %s: a quorum of %d among %d endpoints".formatted(id, quorum, endpoints.size()));
    }
  }

  /// Without a private relay.
  public ChainDefinition(
      ChainId id,
      String name,
      String nativeSymbol,
      FeeModel feeModel,
      List<ChainEndpoint> endpoints,
      int confirmations,
      Duration pollInterval,
      String explorer,
      ChainFacts facts,
      int quorum,
      BalanceTerms balances,
      ReplacementTerms replacement) {
    this(
        id,
        name,
        nativeSymbol,
        feeModel,
        endpoints,
        confirmations,
        pollInterval,
        explorer,
        facts,
        quorum,
        balances,
        replacement,
        Optional.empty());
  }

  /// With a majority of the endpoints for a quorum, and nothing else said.
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
        endpoints.stream().map(ChainEndpoint::of).toList(),
        confirmations,
        pollInterval,
        explorer,
        ChainFacts.UNSAID,
        majority(endpoints.size()),
        BalanceTerms.DEFAULT,
        ReplacementTerms.DEFAULT);
  }

  /// The same, with a private relay.
  public ChainDefinition relaying(PrivateRelayTerms relay) {
    return new ChainDefinition(
        id,
        name,
        nativeSymbol,
        feeModel,
        endpoints,
        confirmations,
        pollInterval,
        explorer,
        facts,
        quorum,
        balances,
        replacement,
        Optional.of(relay));
  }

  /// When a transaction is final there.
  public Finality finality() {
    return new Finality(confirmations, facts.finalAt());
  }

  /// What its nodes want to have blobs proven by; nothing where it takes no transactions with
  /// blobs.
  public Optional<BlobProofs> blobProofs() {
    return facts
        .blobProofs()
        .filter(_ -> facts.transactionTypes().contains(TransactionType.EIP4844));
  }

  static int majority(int endpoints) {
    return endpoints / 2 + 1;
  }

  /// CAIP-19 id of the native asset, with its SLIP-44 coin type.
  public String nativeAsset() {
    return id + "/slip44:" + facts.slip44();
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
