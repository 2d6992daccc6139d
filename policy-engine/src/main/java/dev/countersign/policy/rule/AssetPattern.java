package dev.countersign.policy.rule;

import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.ChainId;
import java.util.Optional;

/// An asset as a rule names it.
public sealed interface AssetPattern {

  /// The asset it means on `chain`, if it is one of that chain's.
  Optional<AssetId> on(ChainId chain);

  /// Whether amounts of it are in wei.
  boolean isNative();

  default boolean matches(AssetId asset) {
    return on(asset.chain()).filter(asset::equals).isPresent();
  }

  /// @param text `native` or a CAIP-19 id
  static AssetPattern parse(String text) {
    return text.equals(Native.TEXT) ? new Native() : new Exactly(AssetId.parse(text));
  }

  /// The native asset of whatever chain it is about.
  record Native() implements AssetPattern {
    static final String TEXT = "native";

    @Override
    public Optional<AssetId> on(ChainId chain) {
      return Optional.of(AssetId.nativeOf(chain));
    }

    @Override
    public boolean isNative() {
      return true;
    }

    @Override
    public String toString() {
      return TEXT;
    }
  }

  /// One asset of one chain.
  record Exactly(AssetId asset) implements AssetPattern {
    @Override
    public Optional<AssetId> on(ChainId chain) {
      return asset.chain().equals(chain) ? Optional.of(asset) : Optional.empty();
    }

    @Override
    public boolean isNative() {
      return asset.isNative();
    }

    @Override
    public String toString() {
      return asset.toString();
    }
  }
}
