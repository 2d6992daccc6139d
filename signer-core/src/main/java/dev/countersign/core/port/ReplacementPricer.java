package dev.countersign.core.port;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.FeeStrategy;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.port.NonceLedger.Account;
import dev.countersign.core.port.TransactionPricer.TokenBalance;
import dev.countersign.core.replacement.FeeQuote;
import java.util.Optional;

/// Asks a chain what a replacement would have to pay now.
@FunctionalInterface
public interface ReplacementPricer {

  /// @param token whose balance is to be told along
  /// @param strategy by which the quote is made; nothing for the chain's own
  Answer ask(
      ChainId chain, Address account, Optional<Address> token, Optional<FeeStrategy> strategy);

  /// What the chain says.
  sealed interface Answer {
    /// @param account what pays, as it is now
    /// @param selfTransfer the gas that moving nothing to itself takes; 21000 but where the chain
    ///     adds the cost of another layer
    /// @param token what it has of the token, if its contract tells
    record Quoted(
        FeeQuote quote, Account account, GasLimit selfTransfer, Optional<TokenBalance> token)
        implements Answer {}

    record NodeUnavailable(String detail) implements Answer {}
  }
}
