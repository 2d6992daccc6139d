package dev.countersign.policy.rule;

import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import dev.countersign.policy.yaml.YamlNode.Sequence;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `assets`: what leaves the wallet, besides gas. Of a contract call that is the native asset.
public record AssetCriterion(boolean anyNative, Set<AssetId> assets, String expected)
    implements ActionCriterion {
  static final CriterionKind KIND =
      CriterionKind.list(
          "assets",
          CriterionKind.Presence.WHEN_ALLOWING,
          "any, or a list of native and CAIP-19 ids such as eip155:1/erc20:0x…",
          (text, rule) -> AssetPattern.parse(text),
          AssetCriterion::of);

  private static AssetCriterion of(List<AssetPattern> patterns) {
    boolean anyNative = false;
    Set<AssetId> assets = new HashSet<>();
    for (AssetPattern pattern : patterns) {
      switch (pattern) {
        case AssetPattern.Native any -> anyNative = true;
        case AssetPattern.Exactly exactly -> assets.add(exactly.asset());
      }
    }
    return new AssetCriterion(anyNative, Set.copyOf(assets), ValueList.oneOf(patterns));
  }

  @Override
  public String key() {
    return KIND.key();
  }

  @Override
  public boolean holds(JudgedAction action) {
    AssetId asset = action.asset();
    return (anyNative && asset.isNative()) || assets.contains(asset);
  }

  @Override
  public String observed(JudgedAction action) {
    return action.asset().toString();
  }

  /// The one asset that the amounts of a rule count, when it names exactly one.
  static Optional<AssetPattern> only(RuleContext rule) {
    if (rule.sibling(KIND.key()).orElse(null) instanceof Sequence assets
        && assets.items().size() == 1
        && assets.items().getFirst() instanceof Scalar asset) {
      try {
        return Optional.of(AssetPattern.parse(asset.text()));
      } catch (InvalidValueException e) {
        // Told once, where the asset itself is read.
        return Optional.empty();
      }
    }
    return Optional.empty();
  }
}
