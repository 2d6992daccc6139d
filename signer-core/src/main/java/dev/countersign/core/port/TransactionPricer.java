package dev.countersign.core.port;

import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.evm.Envelope;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.FeeChoice;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.NonceLedger.Account;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/// Asks the chain what a transaction would cost and whether it would go through, before anything is
/// reserved for it. Bytes that no node takes would keep their nonce, and all that come after it,
/// waiting: so what is priced here is what the chain would take now.
public interface TransactionPricer {

  /// @param feeChoice exact fees are checked, and answered as they are
  /// @param envelope the type the client insists on; without it the chain's own
  record Question(
      ChainId chain,
      Address from,
      CallEncoder.Call call,
      FeeChoice feeChoice,
      Optional<Envelope> envelope) {
    /// With fees to insist on, or else by the chain's own strategy.
    public Question(
        ChainId chain,
        Address from,
        CallEncoder.Call call,
        Optional<Fees> fees,
        Optional<Envelope> envelope) {
      this(chain, from, call, FeeChoice.of(fees), envelope);
    }

    /// In the chain's own type of transaction.
    public Question(ChainId chain, Address from, CallEncoder.Call call, Optional<Fees> fees) {
      this(chain, from, call, fees, Optional.empty());
    }
  }

  /// @return one answer for each question, in order
  List<Answer> price(List<Question> questions);

  /// Whether nodes have to run what the client has thought of before there is an answer, and so may
  /// take as long as it likes: it is not to be asked together with others' questions.
  default boolean isSimulated(Question question) {
    return false;
  }

  /// @param amount in the token's smallest unit
  record TokenBalance(Address contract, BigInteger amount) {}

  /// What the chain says.
  sealed interface Answer {
    /// The field of a fee per unit of blob gas.
    String BLOB_FEE = "max_fee_per_blob_gas";

    /// @param envelope the type that such a transaction is sent in
    /// @param parentFee the most that the parent chain may take for it besides gas; zero where it
    ///     takes nothing besides
    /// @param account what pays, which has enough when nothing else of it is in flight
    /// @param token what `account` has of the token that the call transfers; nothing when it
    /// transfers none, or its contract does not tell
    record Priced(
        Fees fees, Envelope envelope, Wei parentFee, Account account, Optional<TokenBalance> token)
        implements Answer {}

    record Reverts(String reason) implements Answer {}

    record InsufficientFunds(String detail) implements Answer {}

    /// The chain takes no transaction of the question's type.
    ///
    /// @param detail what it is and what is expected
    record UnsupportedType(String detail) implements Answer {}

    /// The chain takes no transaction with the fees of the question.
    ///
    /// @param field as the API names it: `gas_limit`, `max_fee_per_gas`,
    ///     `max_priority_fee_per_gas`, `max_fee_per_blob_gas`
    /// @param detail what it is and what is expected
    record UnusableFees(String field, String detail) implements Answer {}

    /// The chain takes more than the question's cap now; it may fall again.
    ///
    /// @param field as of [UnusableFees]
    /// @param detail what the market takes and what the cap is
    record MarketAboveCap(String field, String detail) implements Answer {
      /// Of the fee per unit of gas.
      public MarketAboveCap(String detail) {
        this("max_fee_per_gas", detail);
      }
    }

    record NodeUnavailable(String detail) implements Answer {}
  }
}
