package dev.countersign.core.pipeline;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.port.PayloadLedger.Stuck;
import dev.countersign.core.port.ReplacementPricer.Answer;
import dev.countersign.core.replacement.NoncePayloads;
import dev.countersign.core.replacement.ReplacementTerms;
import dev.countersign.core.request.SigningRequest;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Speeds up what is stuck, on the chains whose definition wants it: what was signed a while ago,
/// is the first of its lane that is not mined, and offers less than its chain asks for now. Run it
/// every second or so, on every instance: what one has taken the others leave.
public final class StuckTransactions {
  private static final Logger LOG = LoggerFactory.getLogger(StuckTransactions.class);
  private static final Actor ACTOR = Actor.system("replacement");
  private static final int AT_ONCE = 32;

  private final Replacements replacements;
  private final ReplacementParts parts;

  public StuckTransactions(Replacements replacements, ReplacementParts parts) {
    this.replacements = replacements;
    this.parts = parts;
  }

  /// @return how many it asked to be replaced
  public int run() {
    return parts.pipeline().chains().all().stream()
        .filter(chain -> parts.terms().apply(chain.id()).isAutomatic())
        .mapToInt(chain -> run(chain.id(), parts.terms().apply(chain.id())))
        .sum();
  }

  private int run(ChainId chain, ReplacementTerms terms) {
    List<Stuck> stuck =
        parts
            .pipeline()
            .unitOfWork()
            .inTransaction(
                transaction ->
                    parts
                        .payloads()
                        .claimStuck(transaction, chain, terms.after(), terms.after(), AT_ONCE));
    int asked = 0;
    for (Stuck one : stuck) {
      try {
        asked += speedUp(one) ? 1 : 0;
      } catch (RuntimeException e) {
        LOG.warn("request {} could not be sped up, and will be tried again", one.request(), e);
      }
    }
    return asked;
  }

  private boolean speedUp(Stuck stuck) {
    Optional<SigningRequest> request = parts.pipeline().requests().find(stuck.request());
    Optional<NoncePayloads> payloads = parts.payloads().find(stuck.request());
    if (request.isEmpty()
        || payloads.isEmpty()
        || !(stuck.isRefused() || isTooCheap(request.get(), payloads.get()))) {
      return false;
    }
    switch (replacements.speedUp(
        request.get(),
        Optional.empty(),
        payloads.get().newest().signed().map(signed -> signed.hash()),
        ACTOR)) {
      case ReplacementOutcome.Replaced _ ->
          LOG.info("request {} was stuck and is sped up", stuck.request());
      case ReplacementOutcome.Refused(var refusal) ->
          LOG.warn(
              "request {} is stuck and cannot be sped up now: {}: {}",
              stuck.request(),
              refusal.code(),
              refusal.message());
    }
    return true;
  }

  private boolean isTooCheap(SigningRequest request, NoncePayloads payloads) {
    UnsignedTransaction newest =
        ReplacementAdmission.decoded(
            payloads
                .newest()
                .unsigned()
                .orElseGet(() -> request.admission().orElseThrow().payload()));
    return parts
                .pricer()
                .ask(
                    payloads.lane().chain(),
                    payloads.lane().address(),
                    Optional.empty(),
                    Replacements.strategyOf(request))
            instanceof Answer.Quoted quoted
        && quoted.quote().isAbove(newest);
  }
}
