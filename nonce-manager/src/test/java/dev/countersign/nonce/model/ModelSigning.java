package dev.countersign.nonce.model;

import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.NonceLedger;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.RequestMove;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.nonce.testing.TableRequests;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/// What one instance does with requests that are admitted: it reads one and has it signed, and
/// writes that down a transaction or a long time later. Meanwhile another may have done the same,
/// or have failed it, or its client may have withdrawn it.
final class ModelSigning {
  private final UnitOfWork unitOfWork;
  private final TableRequests requests;
  private final NonceLedger ledger;
  private final InstantSource clock;
  private final Function<Admitted, SignedTransaction> key;

  /// What is signed, or has failed, and is not written down.
  private final List<InHand> hand = new ArrayList<>();

  record Admitted(SigningRequestId request, Lane lane, Nonce nonce) {}

  private record InHand(Admitted admitted, Optional<SignedTransaction> signed) {}

  /// @param key signs what a request asks for, with other bytes each time
  ModelSigning(
      UnitOfWork unitOfWork,
      TableRequests requests,
      NonceLedger ledger,
      InstantSource clock,
      Function<Admitted, SignedTransaction> key) {
    this.unitOfWork = unitOfWork;
    this.requests = requests;
    this.ledger = ledger;
    this.clock = clock;
    this.key = key;
  }

  /// Takes one that is admitted, and has it signed or fails at it; nothing is written.
  ///
  /// @param which of them
  /// @return whether there was one
  boolean begin(Lane lane, int which, boolean fails) {
    Optional<Admitted> chosen = admitted(lane, which);
    chosen.ifPresent(
        one -> hand.add(new InHand(one, fails ? Optional.empty() : Optional.of(key.apply(one)))));
    return chosen.isPresent();
  }

  /// Has all of a lane signed.
  void all(Lane lane) {
    while (begin(lane, 0, false)) {
      settle(hand.size() - 1);
    }
  }

  /// How many signatures and failures are not written down.
  int inHand() {
    return hand.size();
  }

  /// Writes down what came of one, where nobody else has.
  void settle(int which) {
    InHand one = hand.remove(which);
    SigningRequestId request = one.admitted().request();
    unitOfWork.run(
        transaction -> {
          RequestMove move =
              one.signed()
                  .<RequestMove>map(
                      signed -> new RequestMove.Sign(request, clock.instant(), signed.hash()))
                  .orElseGet(() -> new RequestMove.Fail(request, clock.instant(), "a test"));
          if (requests.move(transaction, List.of(move)).isEmpty()) {
            return;
          }
          one.signed()
              .ifPresentOrElse(
                  signed ->
                      ledger.recordSigned(
                          transaction, List.of(new NonceLedger.Signed(request, signed))),
                  () -> ledger.release(transaction, Set.of(request)));
        });
  }

  /// The client of one that is admitted does not want it any longer.
  ///
  /// @return the one, whether it could be withdrawn or not
  Optional<SigningRequestId> toWithdraw(Lane lane, int which) {
    return admitted(lane, which).map(Admitted::request);
  }

  void withdraw(SigningRequestId request) {
    unitOfWork.run(
        transaction -> {
          var move =
              new RequestMove.Withdraw(request, clock.instant(), RequestState.ADMITTED, "a test");
          if (!requests.move(transaction, List.of(move)).isEmpty()) {
            ledger.release(transaction, Set.of(request));
          }
        });
  }

  private Optional<Admitted> admitted(Lane lane, int which) {
    return unitOfWork.inTransaction(t -> admitted(t.unwrap(Handle.class), lane, which));
  }

  private static Optional<Admitted> admitted(Handle handle, Lane lane, int which) {
    return handle
        .createQuery(
            """
            SELECT request_id, nonce FROM nonce.transaction
            WHERE chain = :chain AND address = :address AND state = 'OWNED'
            ORDER BY nonce OFFSET :which LIMIT 1
            """)
        .bind("chain", lane.chain().caip2())
        .bind("address", lane.address().hex())
        .bind("which", which)
        .map(
            (row, context) ->
                new Admitted(
                    new SigningRequestId(row.getObject("request_id", UUID.class)),
                    lane,
                    new Nonce(row.getLong("nonce"))))
        .findOne();
  }
}
