package dev.countersign.nonce.model;

import dev.countersign.core.evm.ReplacementTransactions;
import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.evm.TransactionDecoder;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.PayloadLedger.Stuck;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.replacement.FeeBump;
import dev.countersign.core.replacement.FeeQuote;
import dev.countersign.core.replacement.NoncePayloads;
import dev.countersign.core.replacement.NoncePayloads.Payload;
import dev.countersign.core.replacement.PayloadPurpose;
import dev.countersign.core.replacement.ReplacementId;
import dev.countersign.core.replacement.ReplacementTerms;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.nonce.replacement.PostgresPayloadLedger;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;

/// What one instance does to put one payload in the place of another: it permits it in one
/// transaction, and signs it or gives it up in a second one. Any other may finish what it began.
final class ModelReplacements {
  private static final int AT_ONCE = 10;
  private static final Duration STUCK_AFTER = Duration.ofSeconds(10);

  private final UnitOfWork unitOfWork;
  private final PostgresPayloadLedger payloads;
  private final SimulatedChain chain;
  private final BiFunction<Lane, UnsignedTransaction, SignedTransaction> key;

  /// @param key signs what it is given
  ModelReplacements(
      UnitOfWork unitOfWork,
      InstantSource clock,
      SimulatedChain chain,
      BiFunction<Lane, UnsignedTransaction, SignedTransaction> key) {
    this.unitOfWork = unitOfWork;
    this.payloads = new PostgresPayloadLedger(unitOfWork, clock);
    this.chain = chain;
    this.key = key;
  }

  /// What becomes of a payload that is permitted.
  enum Ending {
    SIGNED,
    GIVEN_UP,
    LEFT
  }

  /// Replaces the payload of a nonce that is not mined.
  ///
  /// @param which of them
  void replace(Lane lane, int which, boolean cancel, Ending ending) {
    open(lane, which).ifPresent(request -> replace(lane, request, cancel, ending));
  }

  /// Speeds up what is not mined for too long.
  void speedUpStuck(ChainId chainId) {
    List<Stuck> stuck =
        unitOfWork.inTransaction(
            transaction ->
                payloads.claimStuck(transaction, chainId, STUCK_AFTER, STUCK_AFTER, AT_ONCE));
    for (Stuck one : stuck) {
      payloads
          .find(one.request())
          .ifPresent(found -> replace(found.lane(), one.request(), false, Ending.SIGNED));
    }
  }

  /// Goes on with what is permitted and not signed.
  void resume(Lane lane) {
    for (SigningRequestId request : permitted(lane)) {
      payloads
          .find(request)
          .flatMap(NoncePayloads::pending)
          .ifPresent(
              pending ->
                  settle(
                      lane,
                      new ReplacementId(request, pending.ordinal()),
                      pending.unsigned().orElseThrow(),
                      Ending.SIGNED));
    }
  }

  private void replace(Lane lane, SigningRequestId request, boolean cancel, Ending ending) {
    record Permitted(ReplacementId id, Bytes unsigned) {}
    Optional<Permitted> permitted =
        unitOfWork.inTransaction(
            transaction -> {
              Optional<NoncePayloads> found =
                  payloads
                      .lock(transaction, lane, request)
                      .filter(one -> one.state() == NoncePayloads.State.OPEN)
                      .filter(one -> one.pending().isEmpty());
              if (found.isEmpty()) {
                return Optional.empty();
              }
              var id = new ReplacementId(request, found.get().nextOrdinal());
              PayloadPurpose purpose =
                  cancel ? PayloadPurpose.CANCELLATION : found.get().purposeOfSpeedUp();
              UnsignedTransaction unsigned = next(lane, found.get(), purpose);
              payloads.permit(transaction, id, purpose, unsigned.encode(), unsigned.mostCost());
              return Optional.of(new Permitted(id, unsigned.encode()));
            });
    permitted.ifPresent(one -> settle(lane, one.id(), one.unsigned(), ending));
  }

  private UnsignedTransaction next(Lane lane, NoncePayloads all, PayloadPurpose purpose) {
    UnsignedTransaction newest = unsigned(all.newest());
    var quote = new FeeQuote(Wei.of(0), new Wei(chain.leastFee()), Wei.of(0));
    var bump =
        new FeeBump(
            newest.fees(),
            quote,
            ReplacementTerms.LEAST_BUMP,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    if (!(bump.of(newest.fees().gasLimit(), Optional.empty())
        instanceof FeeBump.Outcome.Agreed(var fees))) {
      throw new AssertionError("no cap, and yet no fees for " + all);
    }
    return purpose == PayloadPurpose.CANCELLATION
        ? ReplacementTransactions.cancellation(newest, lane.address(), fees)
        : ReplacementTransactions.speedUp(newest, fees);
  }

  private UnsignedTransaction unsigned(Payload payload) {
    return chain.payload(payload.signed().orElseThrow().hash()).unsigned();
  }

  private void settle(Lane lane, ReplacementId id, Bytes unsigned, Ending ending) {
    if (ending == Ending.LEFT) {
      return;
    }
    if (!(TransactionDecoder.decode(unsigned)
        instanceof TransactionDecoder.Outcome.Decoded(var decoded))) {
      throw new AssertionError("what was permitted does not decode: " + unsigned);
    }
    SignedTransaction signed = key.apply(lane, decoded);
    unitOfWork.run(
        transaction -> {
          payloads.lock(transaction, lane, id.request());
          if (ending == Ending.GIVEN_UP || !payloads.recordSigned(transaction, id, signed)) {
            payloads.drop(transaction, id, "the model gives it up");
          }
        });
  }

  private Optional<SigningRequestId> open(Lane lane, int which) {
    return requests(
            lane,
            """
            SELECT request_id FROM nonce.transaction
            WHERE chain = :chain AND address = :address AND state IN ('SIGNED', 'BROADCAST')
            ORDER BY nonce
            """)
        .stream()
        .skip(which)
        .findFirst();
  }

  private List<SigningRequestId> permitted(Lane lane) {
    return requests(
        lane,
        """
        SELECT request_id FROM nonce.replacement
        WHERE chain = :chain AND address = :address AND signed IS NULL AND dropped_at IS NULL
        ORDER BY nonce
        """);
  }

  private List<SigningRequestId> requests(Lane lane, String sql) {
    return unitOfWork.inTransaction(
        transaction ->
            transaction
                .unwrap(Handle.class)
                .createQuery(sql)
                .bind("chain", lane.chain().caip2())
                .bind("address", lane.address().hex())
                .mapTo(UUID.class)
                .map(SigningRequestId::new)
                .list());
  }
}
