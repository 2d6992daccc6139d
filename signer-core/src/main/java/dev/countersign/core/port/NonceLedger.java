package dev.countersign.core.port;

import dev.countersign.core.decision.Route;
import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wei;
import dev.countersign.core.request.SigningRequestId;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Who owns which nonce. Unique by (chain, address, nonce), and a request owns one at most.
public interface NonceLedger {

  /// Makes sure the lane exists; a new one starts at the count that is final on the chain. Asks the
  /// nodes when it does not exist yet, so it is called outside any transaction.
  ///
  /// @return why it can not be opened now
  Optional<String> prepare(Lane lane);

  /// What a node said of a lane's account at one moment.
  ///
  /// @param balance what is left after `mined` transactions
  record Account(Lane lane, Wei balance, Nonce mined) {}

  /// Locks the lanes of the accounts in order until `transaction` ends, and adds up what is in
  /// flight in each.
  LaneBook lock(Transaction transaction, Set<Account> accounts);

  /// The lanes of one transaction.
  interface LaneBook {
    /// The nonce the next [#take] would give: the lowest that nobody owns.
    Nonce next(Lane lane);

    /// What a transaction may take of the account: its balance, less the most that the lane's
    /// transactions may take which are not mined yet, those of this book included. Below zero when
    /// the account had less than it owes.
    ///
    /// @param account one of those that were locked
    BigInteger available(Account account);

    /// Why the lane gives no nonce now, if it does not. What is taken through this book counts.
    ///
    /// @param account one of those that were locked
    /// @param hasBlobs whether it is to be given to a transaction with blobs
    Optional<LaneObstacle> obstacle(Account account, boolean hasBlobs);

    /// The same without blobs.
    default Optional<LaneObstacle> obstacle(Account account) {
      return obstacle(account, false);
    }

    /// Gives `request` the nonce that [#next] names.
    ///
    /// @param most the most that its transaction may take of the account, value and gas
    /// @param route how its transaction and whatever replaces it gets to the chain, for good
    /// @param hasBlobs whether its transaction has blobs, and so whatever replaces it
    /// @throws IllegalStateException when the lane is paused, or gives it to the other kind alone
    Nonce take(Lane lane, SigningRequestId request, BigInteger most, Route route, boolean hasBlobs);

    /// The same without blobs.
    default Nonce take(Lane lane, SigningRequestId request, BigInteger most, Route route) {
      return take(lane, request, most, route, false);
    }

    /// The same for what goes by the chain's nodes.
    default Nonce take(Lane lane, SigningRequestId request, BigInteger most) {
      return take(lane, request, most, Route.open());
    }

    /// Whether the chain has a private relay here.
    boolean hasPrivateRelay(ChainId chain);

    /// Writes what was taken. Called once, as the last thing.
    void save();
  }

  /// The nonce the lane would give now, without taking it; 0 in a lane that does not exist.
  Nonce peek(Lane lane);

  /// [LaneBook#available] as it is now, without a lock: for forecasts.
  BigInteger available(Account account);

  /// [LaneBook#obstacle] as it is now, without a lock: for forecasts.
  Optional<LaneObstacle> obstacle(Account account, boolean hasBlobs);

  /// The same without blobs.
  default Optional<LaneObstacle> obstacle(Account account) {
    return obstacle(account, false);
  }

  /// Writes the signed bytes ahead of their broadcast. The request must own the nonce, unsigned.
  void recordSigned(Transaction transaction, List<Signed> signed);

  record Signed(SigningRequestId request, SignedTransaction transaction) {}

  /// Frees the nonces of requests that will never be signed.
  void release(Transaction transaction, Set<SigningRequestId> requests);

  /// The signed bytes of a request, once there are any.
  Optional<SignedTransaction> signed(SigningRequestId request);
}
