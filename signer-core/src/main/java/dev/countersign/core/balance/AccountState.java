package dev.countersign.core.balance;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.AssetId;
import java.math.BigInteger;
import java.util.Map;

/// An account as one block leaves it.
///
/// @param mined how many transactions of the account are mined: its next nonce
/// @param amounts what it has, in each asset's smallest unit; an asset that could not be read is
/// not there
public record AccountState(Address account, long mined, Map<AssetId, BigInteger> amounts) {
  public AccountState {
    amounts = Map.copyOf(amounts);
  }
}
