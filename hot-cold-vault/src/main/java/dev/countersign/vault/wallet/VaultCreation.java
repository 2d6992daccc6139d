package dev.countersign.vault.wallet;

import dev.countersign.core.model.Vault;

/// What came of asking for a vault.
public sealed interface VaultCreation {

  /// It is new, durable and in the audit log.
  record Created(Vault vault) implements VaultCreation {}

  /// It was there, just like this.
  record Existing(Vault vault) implements VaultCreation {}

  /// There is another vault of this id; vaults do not change.
  record Conflict(Vault existing) implements VaultCreation {}
}
