package dev.countersign.nonce.model;

import dev.countersign.core.evm.TransactionType;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.replacement.ReplacementTerms;
import dev.countersign.nonce.chain.BalanceTerms;
import dev.countersign.nonce.chain.ChainDefinition;
import dev.countersign.nonce.chain.ChainEndpoint;
import dev.countersign.nonce.chain.ChainFacts;
import dev.countersign.nonce.chain.FeeModel;
import dev.countersign.nonce.chain.FinalityTag;
import java.time.Duration;
import java.util.Set;

/// What a run of the model is about, by its seed.
record ModelTerms(long seed) {
  private static final long FIRST_CHAIN = 1_000_000;

  /// So many blocks make a transaction final. Reorganisations are less deep, as a rule.
  static final int DEPTH = 3;

  /// No two seeds have the same, so that they do not meet in the database.
  long chainNumber() {
    return FIRST_CHAIN + seed;
  }

  ChainId chainId() {
    return ChainId.ofEip155(chainNumber());
  }

  /// Whether accounts have about what some transactions cost.
  boolean isFinite() {
    return seed % 4 == 1;
  }

  /// Whether lanes take two or three transactions at a time.
  boolean isNarrow() {
    return seed % 4 == 2;
  }

  /// Whether somebody else uses the keys a lot.
  boolean isStolen() {
    return seed % 5 == 3;
  }

  /// Whether the chain takes back what is final. Nobody else uses the keys then: where a stranger's
  /// transaction is taken back that was final, an operator has to mend the lane.
  boolean isDeep() {
    return seed % 12 == 7;
  }

  /// On every other chain it is the nodes that say what is final.
  ChainDefinition definition() {
    boolean isTagged = seed % 2 == 0;
    Set<FinalityTag> tag = isTagged ? Set.of(FinalityTag.FINALIZED) : Set.of();
    return new ChainDefinition(
        chainId(),
        "Model",
        "ETH",
        FeeModel.EIP1559,
        SimulatedNodes.urls().stream().map(ChainEndpoint::of).toList(),
        isTagged ? 1 : DEPTH,
        Duration.ofSeconds(1),
        "",
        new ChainFacts(
            60,
            Duration.ofSeconds(1),
            tag,
            tag.stream().findFirst(),
            isNarrow() ? 2 + (int) (seed / 4 % 2) : 16,
            Set.of(TransactionType.EIP1559),
            true),
        2,
        BalanceTerms.DEFAULT,
        ReplacementTerms.DEFAULT);
  }
}
