package dev.countersign.policy.breaker;

import dev.countersign.core.freeze.FreezeScope;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Wallet;

/// What a breaker counts apart, and freezes.
public enum BreakerScope {
  WALLET("wallet"),
  VAULT("vault"),
  CHAIN("chain"),
  EVERYTHING("everything");

  private final String word;

  BreakerScope(String word) {
    this.word = word;
  }

  /// As policies write it.
  String word() {
    return word;
  }

  /// The one that a signature of `wallet` for `chain` belongs to.
  public FreezeScope of(Wallet wallet, ChainId chain) {
    return switch (this) {
      case WALLET -> new FreezeScope.OfWallet(wallet.id());
      case VAULT -> new FreezeScope.OfVault(wallet.vault());
      case CHAIN -> new FreezeScope.OfChain(chain);
      case EVERYTHING -> new FreezeScope.Everything();
    };
  }
}
