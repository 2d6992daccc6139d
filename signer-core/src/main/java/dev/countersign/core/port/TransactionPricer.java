package dev.countersign.core.port;

import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Fees;
import java.util.List;

/// Asks the chain what a transaction would cost and whether it would go through, before anything is
/// reserved for it.
public interface TransactionPricer {

  record Question(ChainId chain, Address from, CallEncoder.Call call) {}

  /// @return one answer for each question, in order
  List<Answer> price(List<Question> questions);

  /// What the chain says.
  sealed interface Answer {
    record Priced(Fees fees) implements Answer {}

    record Reverts(String reason) implements Answer {}

    record InsufficientFunds(String detail) implements Answer {}

    record NodeUnavailable(String detail) implements Answer {}
  }
}
