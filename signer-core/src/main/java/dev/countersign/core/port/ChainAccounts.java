package dev.countersign.core.port;

import dev.countersign.core.balance.AccountState;
import dev.countersign.core.balance.ChainBlock;
import dev.countersign.core.balance.NonceSpan;
import dev.countersign.core.balance.OwnMoves;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.ChainId;
import java.util.List;

/// What chains say of accounts. Every method asks the nodes, and throws what an implementation
/// throws when none of them answers.
public interface ChainAccounts {

  /// The newest block of a chain that is deep enough to count on, and that nodes still know the
  /// state of.
  ChainBlock confirmed(ChainId chain);

  /// Whether the block is part of the chain now.
  boolean isCanonical(ChainBlock block);

  /// The accounts as `block` leaves them, all of that one state.
  ///
  /// @param assets what to look for, the chain's native asset among them
  /// @return one for each account, in order, each with the native asset
  List<AccountState> states(ChainBlock block, List<Address> accounts, List<AssetId> assets);

  /// What the transactions of `spans` moved that this service signed.
  ///
  /// @param until the block up to which they are mined
  /// @param assets which of them to look at
  OwnMoves moves(ChainBlock until, List<NonceSpan> spans, List<AssetId> assets);
}
