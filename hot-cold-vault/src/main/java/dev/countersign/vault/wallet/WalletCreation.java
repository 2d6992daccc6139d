package dev.countersign.vault.wallet;

import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.model.VaultId;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.model.WalletId;
import java.util.List;

/// What came of asking for a wallet.
public sealed interface WalletCreation {

  /// It is new, durable and in the audit log, and its key is proven.
  record Created(Wallet wallet) implements WalletCreation {}

  /// It was there, just like this.
  record Existing(Wallet wallet) implements WalletCreation {}

  /// A wallet of this id was asked for before, with other content; wallets do not change.
  ///
  /// @param vault what it was asked for with, as are `name` and `backend`
  record Conflict(WalletId id, VaultId vault, String name, BackendName backend)
      implements WalletCreation {}

  record UnknownVault(VaultId vault) implements WalletCreation {}

  /// @param known the backends there are
  record UnknownBackend(BackendName backend, List<BackendName> known) implements WalletCreation {
    public UnknownBackend {
      known = List.copyOf(known);
    }
  }

  /// The backend has a key of this name that nobody asked this database for. It may be the key of
  /// another installation, or of a database that was lost; a new wallet must not take it over.
  record KeyTaken(BackendName backend, KeyId key) implements WalletCreation {}

  /// The backend cannot be reached now. Ask again: whatever is half done will be completed.
  record BackendUnavailable(BackendName backend, String reason) implements WalletCreation {}
}
