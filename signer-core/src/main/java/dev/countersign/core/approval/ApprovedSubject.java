package dev.countersign.core.approval;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.WalletId;

/// What an approval is about: all that is fixed once it is given.
public sealed interface ApprovedSubject permits ApprovedTransaction, ApprovedMessage {
  WalletId wallet();

  /// The wallet's own account.
  Address account();

  /// The chain whose rules judge it.
  ChainId chain();
}
