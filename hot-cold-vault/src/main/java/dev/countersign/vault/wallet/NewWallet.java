package dev.countersign.vault.wallet;

import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.model.VaultId;
import dev.countersign.core.model.WalletId;

/// A wallet that is asked for.
///
/// @param id its name for good; asking again for the same id with the same content is the same wish
/// @param name what people call it, 1 to 100 characters
/// @param backend where its key is to be made
public record NewWallet(WalletId id, VaultId vault, String name, BackendName backend) {
  public NewWallet {
    DisplayName.check("wallet name", name);
  }

  /// The name of its key: that of the wallet, so that whoever finds the key knows whose it is.
  public KeyId key() {
    return new KeyId(id.value());
  }
}
