package dev.countersign.core.pipeline;

import dev.countersign.core.decision.Route;
import dev.countersign.core.evm.Envelope;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.NonceLedger.LaneBook;
import java.math.BigInteger;
import java.util.Optional;

/// The very bytes that policy is asked about, with the nonce they would take.
///
/// @param intent what they do, read off the bytes where these are a transaction
/// @param transaction nothing of a message
record Offer(
    Admissible candidate, Bytes payload, Intent intent, Optional<UnsignedTransaction> transaction) {

  /// Why its lane gives it no nonce now; nothing when it does, or when none is needed.
  static Optional<Admission.Outcome.Obstructed> obstacle(Admissible candidate, LaneBook lanes) {
    return candidate instanceof Candidate paying
        ? lanes
            .obstacle(paying.account(), paying.hasBlobs())
            .map(paying::obstructed)
            .map(Admission.Outcome.Obstructed::new)
        : Optional.empty();
  }

  static Offer of(Admissible candidate, LaneBook lanes) {
    return switch (candidate) {
      case Candidate paying -> of(paying, paying.with(lanes.next(paying.lane())));
      case MessageCandidate message -> of(message);
    };
  }

  static Offer of(Candidate candidate, UnsignedTransaction unsigned) {
    return new Offer(candidate, unsigned.encode(), unsigned.intent(), Optional.of(unsigned));
  }

  static Offer of(MessageCandidate candidate) {
    return new Offer(
        candidate, candidate.preimage(), candidate.request().content().intent(), Optional.empty());
  }

  ChainId chain() {
    return candidate.request().content().chain();
  }

  Optional<Nonce> nonce() {
    return transaction.map(UnsignedTransaction::nonce);
  }

  /// What is missing when its account cannot pay for it; nothing when it can.
  Optional<Admission.Outcome.Unfunded> unfunded(LaneBook lanes) {
    if (!(candidate instanceof Candidate paying)) {
      return Optional.empty();
    }
    BigInteger available = lanes.available(paying.account());
    return transaction
        .filter(unsigned -> paying.mostCost(unsigned).compareTo(available) > 0)
        .map(unsigned -> new Admission.Outcome.Unfunded(paying.unfunded(unsigned, available)));
  }

  /// Why it cannot go the way that policy asks for; nothing when it can. What must not be seen is
  /// never sent another way instead.
  Optional<Admission.Outcome.Obstructed> unroutable(LaneBook lanes, Route route) {
    return candidate instanceof Candidate paying
            && route instanceof Route.Private hidden
            && !lanes.hasPrivateRelay(chain())
        ? Optional.of(new Admission.Outcome.Obstructed(paying.unroutable(hidden)))
        : Optional.empty();
  }

  /// Makes its nonce its own.
  void take(LaneBook lanes, Route route) {
    if (candidate instanceof Candidate paying) {
      transaction.ifPresent(
          unsigned ->
              lanes.take(
                  paying.lane(),
                  paying.request().id(),
                  paying.mostCost(unsigned),
                  route,
                  unsigned.envelope() instanceof Envelope.Blobs));
    }
  }
}
