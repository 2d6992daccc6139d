package dev.countersign.vault.store;

import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.WalletId;
import java.math.BigInteger;
import java.util.Optional;

/// A row of `vault.balance` to be, see [ObservedBalance].
public record NewBalance(
    WalletId wallet,
    AssetId asset,
    Optional<Long> since,
    Optional<BigInteger> expected,
    BigInteger amount,
    Optional<Long> mined) {}
