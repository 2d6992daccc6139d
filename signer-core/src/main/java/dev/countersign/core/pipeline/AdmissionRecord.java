package dev.countersign.core.pipeline;

import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.decision.Decision;
import dev.countersign.core.decision.Route;
import dev.countersign.core.model.FeeChoice;
import java.time.Instant;
import java.util.Optional;

/// What the log says of a judgement.
final class AdmissionRecord {
  private AdmissionRecord() {}

  static AuditRecord of(Offer offer, Instant at, Decision decision) {
    return of(
        offer.candidate(),
        at,
        switch (decision) {
          case Decision.Allowed allowed -> admitted(offer, allowed);
          case Decision.Held held -> held(offer, held);
          case Decision.Denied denied -> denied(offer, denied);
        });
  }

  /// What the log says of how it gets to its chain, where that is not by the nodes.
  static Optional<AuditRecord> ofRoute(Offer offer, Instant at, Decision.Allowed allowed) {
    return allowed.route() instanceof Route.Private(var rules, var publicAfterBlocks)
        ? offer
            .nonce()
            .map(
                nonce ->
                    of(
                        offer.candidate(),
                        at,
                        new AuditEvent.TransactionRoutedPrivately(
                            offer.chain(), nonce, allowed.policy(), rules, publicAfterBlocks)))
        : Optional.empty();
  }

  private static AuditRecord of(Admissible candidate, Instant at, AuditEvent event) {
    return AuditRecord.of(
        at,
        candidate.submission().actor(),
        candidate.request().id(),
        candidate.request().digest(),
        event);
  }

  private static AuditEvent held(Offer offer, Decision.Held held) {
    return new AuditEvent.RequestHeld(
        offer.candidate().wallet().id(),
        offer.chain(),
        offer.intent(),
        held.policy(),
        held.hold().rules(),
        switch (held.hold().kind()) {
          case APPROVALS -> "approvals";
          case TIME_LOCK -> "time-lock";
        },
        held.hold().until(),
        held.hold().reason(),
        fees(offer));
  }

  private static Optional<FeeChoice.ByMarket> fees(Offer offer) {
    return offer.candidate().request().content().feeChoice().byMarket();
  }

  private static AuditEvent admitted(Offer offer, Decision.Allowed allowed) {
    return offer
        .nonce()
        .<AuditEvent>map(
            nonce ->
                new AuditEvent.RequestAdmitted(
                    offer.candidate().wallet().id(),
                    offer.chain(),
                    offer.intent(),
                    allowed.policy(),
                    allowed.rule(),
                    nonce,
                    allowed.permit().signingDigest(),
                    allowed.observed(),
                    fees(offer)))
        .orElseGet(
            () ->
                new AuditEvent.MessageAdmitted(
                    offer.candidate().wallet().id(),
                    offer.chain(),
                    offer.intent(),
                    allowed.policy(),
                    allowed.rule(),
                    allowed.permit().signingDigest(),
                    allowed.observed()));
  }

  private static AuditEvent denied(Offer offer, Decision.Denied denied) {
    if (denied.isUnjudged()) {
      return new AuditEvent.JudgingFailed(
          offer.candidate().wallet().id(),
          offer.chain(),
          offer.intent(),
          denied.policy(),
          denied.reason());
    }
    return new AuditEvent.RequestDenied(
        offer.candidate().wallet().id(),
        offer.chain(),
        offer.intent(),
        denied.policy(),
        denied.rule(),
        denied.reason(),
        denied.outcomes());
  }
}
