package dev.countersign.policy.breaker;

import dev.countersign.core.model.AssetId;

/// Whose balances a breaker looks at; each asset of each wallet is judged apart.
public sealed interface BreakerAsset {
  /// Whether it looks at those of `asset`.
  boolean covers(AssetId asset);

  /// The native asset, of each chain.
  record Native() implements BreakerAsset {
    @Override
    public boolean covers(AssetId asset) {
      return asset.isNative();
    }
  }

  /// Every asset that is watched.
  record Any() implements BreakerAsset {
    @Override
    public boolean covers(AssetId asset) {
      return true;
    }
  }

  /// One asset of one chain.
  record One(AssetId asset) implements BreakerAsset {
    @Override
    public boolean covers(AssetId other) {
      return asset.equals(other);
    }
  }
}
