package dev.countersign.cli.wallet;

import dev.countersign.api.v1.Vault;

/// Tiers as people write them.
public final class Tiers {
  /// The sandbox's client that these commands are for.
  static final String CLIENT = "custodian";

  private Tiers() {}

  /// {@return `hot`, `warm` or `cold`}
  public static String name(Vault.Tier tier) {
    return switch (tier) {
      case TIER_HOT -> "hot";
      case TIER_WARM -> "warm";
      case TIER_COLD -> "cold";
      case TIER_UNSPECIFIED, UNRECOGNIZED -> "unknown";
    };
  }
}
