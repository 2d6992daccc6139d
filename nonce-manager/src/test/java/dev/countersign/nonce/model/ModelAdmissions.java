package dev.countersign.nonce.model;

import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.NonceLedger;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.nonce.node.NodePool;
import dev.countersign.nonce.node.Quantities;
import dev.countersign.nonce.node.RpcCall;
import dev.countersign.nonce.testing.TableRequests;
import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/// What one instance does to admit a request: it hears from one node what the account has, and
/// gives the request a nonce a transaction later.
final class ModelAdmissions {
  private final UnitOfWork unitOfWork;
  private final NonceLedger ledger;
  private final TableRequests requests;
  private final NodePool node;
  private final int mostInFlight;

  ModelAdmissions(
      UnitOfWork unitOfWork,
      NonceLedger ledger,
      TableRequests requests,
      NodePool node,
      int mostInFlight) {
    this.unitOfWork = unitOfWork;
    this.ledger = ledger;
    this.requests = requests;
    this.node = node;
    this.mostInFlight = mostInFlight;
  }

  /// What came of it.
  enum Outcome {
    ADMITTED,
    NO_LANE,
    OBSTRUCTED,
    UNFUNDED
  }

  /// @param most the most that its transaction may take of the account, in wei
  Outcome admit(Lane lane, SigningRequestId request, BigInteger most) {
    if (!ledger.prepare(lane).isEmpty()) {
      return Outcome.NO_LANE;
    }
    NonceLedger.Account account = asked(lane);
    return unitOfWork.inTransaction(
        transaction -> {
          NonceLedger.LaneBook book = ledger.lock(transaction, Set.of(account));
          if (book.obstacle(account).isPresent()) {
            return Outcome.OBSTRUCTED;
          }
          if (book.available(account).compareTo(most) < 0) {
            return Outcome.UNFUNDED;
          }
          requests.add(transaction, request, RequestState.ADMITTED);
          Nonce nonce = book.take(lane, request, most);
          book.save();
          withinWhatWasTold(transaction, account, nonce);
          return Outcome.ADMITTED;
        });
  }

  /// One node's word, as when a transaction is priced.
  private NonceLedger.Account asked(Lane lane) {
    var answers =
        node.results(List.of(RpcCall.minedCount(lane.address()), RpcCall.balance(lane.address())));
    return new NonceLedger.Account(
        lane,
        new Wei(Quantities.read("balance", answers.get(1))),
        new Nonce(Quantities.readLong("mined count", answers.get(0))));
  }

  /// What an account was told to have pays for all that was not mined when it was told; and there
  /// is no more of that than nodes keep, unless it fills a gap.
  private void withinWhatWasTold(
      Transaction transaction, NonceLedger.Account account, Nonce taken) {
    record Open(BigInteger most, int count, long highest) {}
    Open open =
        transaction
            .unwrap(Handle.class)
            .createQuery(
                """
                SELECT coalesce(sum(most_cost), 0) AS most, count(*) AS count,
                  coalesce(max(nonce), 0) AS highest
                FROM nonce.transaction
                WHERE chain = :chain AND address = :address AND nonce >= :mined
                """)
            .bind("chain", account.lane().chain().caip2())
            .bind("address", account.lane().address().hex())
            .bind("mined", account.mined().value())
            .map(
                (row, context) ->
                    new Open(
                        row.getBigDecimal("most").toBigIntegerExact(),
                        row.getInt("count"),
                        row.getLong("highest")))
            .one();
    if (taken.compareTo(account.mined()) < 0) {
      throw new AssertionError(
          "nonce %s was given out, and %s are mined".formatted(taken, account));
    }
    if (open.most().compareTo(account.balance().value()) > 0) {
      throw new AssertionError("%s is to pay for %s".formatted(account, open));
    }
    if (open.count() > mostInFlight && open.highest() == taken.value()) {
      throw new AssertionError("%s has %s, at most %d".formatted(account, open, mostInFlight));
    }
  }
}
