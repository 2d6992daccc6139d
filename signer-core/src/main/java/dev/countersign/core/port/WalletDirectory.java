package dev.countersign.core.port;

import dev.countersign.core.model.Wallet;
import dev.countersign.core.model.WalletId;
import java.util.Optional;

/// Finds wallets. On the hot path: an implementation may cache, since a wallet never changes.
public interface WalletDirectory {
  Optional<Wallet> find(WalletId id);
}
