package dev.countersign.server.grpc;

import dev.countersign.api.v1.SpeedUpSigningRequestRequest;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Wei;
import dev.countersign.core.pipeline.HeldRequests;
import dev.countersign.core.pipeline.ReplacementOutcome;
import dev.countersign.core.pipeline.Replacements;
import dev.countersign.core.port.RequestLedger;
import dev.countersign.core.replacement.FeeBump;
import dev.countersign.core.request.Refusal.Code;
import dev.countersign.core.request.SigningRequest;
import java.util.Optional;

/// What a client can still do about a request of its own: stop it, or pay more for it.
public final class Replacing {
  private final HeldRequests held;
  private final Replacements replacements;
  private final RequestLedger requests;

  public Replacing(HeldRequests held, Replacements replacements, RequestLedger requests) {
    this.held = held;
    this.replacements = replacements;
    this.requests = requests;
  }

  /// @return the request as it is then
  SigningRequest cancel(SigningRequest found, Actor by) {
    SigningRequest now = held.withdraw(found.id(), by).orElse(found);
    if (now.isOver()) {
      return now;
    }
    return after(now, replacements.cancel(now, by));
  }

  /// @return the request as it is then
  SigningRequest speedUp(SigningRequest found, SpeedUpSigningRequestRequest asked, Actor by) {
    FieldReader fields = new FieldReader(found.key().requestId());
    return after(
        found, replacements.speedUp(found, wanted(fields, asked), replaces(fields, asked), by));
  }

  private SigningRequest after(SigningRequest request, ReplacementOutcome outcome) {
    return switch (outcome) {
      case ReplacementOutcome.Replaced _ -> requests.find(request.id()).orElse(request);
      case ReplacementOutcome.Refused(var refusal) ->
          throw new RefusedException(refusal, request.key().requestId());
    };
  }

  private static Optional<FeeBump.Wanted> wanted(
      FieldReader fields, SpeedUpSigningRequestRequest asked) {
    boolean tip = !asked.getMaxPriorityFeePerGas().isEmpty();
    boolean fee = !asked.getMaxFeePerGas().isEmpty();
    if (!tip && !fee) {
      return Optional.empty();
    }
    if (!tip || !fee) {
      throw fields.refused(
          tip ? "max_fee_per_gas" : "max_priority_fee_per_gas",
          Code.MALFORMED,
          "of max_priority_fee_per_gas and max_fee_per_gas one is missing: expected both, or none");
    }
    return Optional.of(
        new FeeBump.Wanted(
            fields.read(
                "max_priority_fee_per_gas",
                Code.INVALID_AMOUNT,
                asked.getMaxPriorityFeePerGas(),
                Wei::parse),
            fields.read(
                "max_fee_per_gas", Code.INVALID_AMOUNT, asked.getMaxFeePerGas(), Wei::parse)));
  }

  private static Optional<Digest32> replaces(
      FieldReader fields, SpeedUpSigningRequestRequest asked) {
    return asked.getReplaces().isEmpty()
        ? Optional.empty()
        : Optional.of(
            fields.read("replaces", Code.MALFORMED, asked.getReplaces(), Digest32::fromHex));
  }
}
