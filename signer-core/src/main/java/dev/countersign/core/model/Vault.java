package dev.countersign.core.model;

/// A group of wallets of one tier.
public record Vault(VaultId id, Tier tier, String name) {}
