package dev.countersign.core.port;

import dev.countersign.core.balance.BalanceChange;
import java.util.List;

/// Looks at changes of balances, and stops signing where they are not what they should be.
public interface BalanceGuard {

  /// Judges changes in the transaction that stores them, so that none is stored and not judged. The
  /// history has them already.
  void judge(Transaction transaction, List<BalanceChange> changes, BalanceHistory history);
}
