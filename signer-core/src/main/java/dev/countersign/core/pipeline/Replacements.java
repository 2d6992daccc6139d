package dev.countersign.core.pipeline;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.decision.Permit;
import dev.countersign.core.evm.CallDecoder;
import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.FeeChoice;
import dev.countersign.core.model.FeeStrategy;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.port.ReplacementPricer.Answer;
import dev.countersign.core.replacement.FeeBump;
import dev.countersign.core.replacement.NoncePayloads;
import dev.countersign.core.replacement.PayloadPurpose;
import dev.countersign.core.replacement.ReplacementId;
import dev.countersign.core.request.Refusal;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequest;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Puts another payload in the place of one that is signed and not mined: the same for a higher
/// fee, or nothing at all. It goes the way of a request: permitted in one transaction, signed,
/// settled in a second one, then sent. Either payload may be mined in the end. Calls block; they
/// are meant for virtual threads.
public final class Replacements {
  private static final Set<RequestState> REPLACEABLE =
      EnumSet.of(RequestState.SIGNED, RequestState.BROADCAST);

  /// How often a cancellation that a speed-up overtook is tried again.
  private static final int RACES = 3;

  private final ReplacementParts parts;
  private final KeySigning keys;
  private final ReplacementAdmission admission;
  private final ReplacementSettlement settlement;
  private final ReplacementObserver observer;
  private final Set<ReplacementId> inHand = ConcurrentHashMap.newKeySet();

  public Replacements(ReplacementParts parts, ReplacementObserver observer) {
    this.parts = parts;
    this.keys = new KeySigning(parts.pipeline().backends(), parts.pipeline().freezes());
    this.admission = new ReplacementAdmission(parts);
    this.settlement = new ReplacementSettlement(parts);
    this.observer = observer;
  }

  /// Offers more for what the request's newest payload does; a cancellation that is on its way is
  /// sped up as that. While a replacement waits for its key there is no other.
  ///
  /// @param wanted fees to use; nothing for what the chain asks for now
  /// @param replaces the hash of the transaction that is to be replaced: when another one has taken
  ///     its place already, nothing is done; nothing for whichever is the newest
  public ReplacementOutcome speedUp(
      SigningRequest request,
      Optional<FeeBump.Wanted> wanted,
      Optional<Digest32> replaces,
      Actor by) {
    Optional<NoncePayloads> payloads = payloads(request);
    if (payloads.isEmpty()) {
      return notReplaceable(request);
    }
    if (replaces.isPresent()) {
      if (payloads.get().payloads().stream()
          .noneMatch(one -> one.signed().map(signed -> signed.hash()).equals(replaces))) {
        return refused(
            Refusal.Code.NOT_FOUND,
            "replaces",
            "request %s has no transaction %s".formatted(request.id(), replaces.get()));
      }
      if (!payloads.get().newest().signed().map(signed -> signed.hash()).equals(replaces)) {
        return new ReplacementOutcome.Replaced(request);
      }
    }
    return payloads.get().pending().isPresent()
        ? new ReplacementOutcome.Replaced(request)
        : replace(request, payloads.get(), payloads.get().purposeOfSpeedUp(), wanted, by)
            .orElseGet(() -> new ReplacementOutcome.Replaced(request));
  }

  /// Has the nonce used for nothing, if that is still possible. Asked for again, nothing happens.
  public ReplacementOutcome cancel(SigningRequest request, Actor by) {
    return cancel(request, by, RACES);
  }

  /// @param races how often somebody else's speed-up may come first
  private ReplacementOutcome cancel(SigningRequest request, Actor by, int races) {
    Optional<NoncePayloads> payloads = payloads(request);
    if (payloads.isEmpty()) {
      return notReplaceable(request);
    }
    if (payloads.get().newest().purpose() == PayloadPurpose.CANCELLATION
        || payloads
            .get()
            .pending()
            .filter(pending -> pending.purpose() == PayloadPurpose.CANCELLATION)
            .isPresent()) {
      return new ReplacementOutcome.Replaced(request);
    }
    if (payloads.get().pending().isPresent() || races == 0) {
      return refused(
          Refusal.Code.UNAVAILABLE,
          "id",
          "a speed-up of request %s is just being signed; try again in a moment"
              .formatted(request.id()));
    }
    return replace(request, payloads.get(), PayloadPurpose.CANCELLATION, Optional.empty(), by)
        .orElseGet(() -> cancel(request, by, races - 1));
  }

  private Optional<NoncePayloads> payloads(SigningRequest request) {
    return REPLACEABLE.contains(request.state())
        ? parts
            .payloads()
            .find(request.id())
            .filter(payloads -> payloads.state() == NoncePayloads.State.OPEN)
        : Optional.empty();
  }

  /// @return nothing when somebody else has replaced what was seen, with whatever
  private Optional<ReplacementOutcome> replace(
      SigningRequest request,
      NoncePayloads seen,
      PayloadPurpose purpose,
      Optional<FeeBump.Wanted> wanted,
      Actor by) {
    Optional<Wallet> wallet = parts.pipeline().wallets().find(request.content().wallet());
    if (wallet.isEmpty() || !wallet.get().address().equals(seen.lane().address())) {
      return Optional.of(
          refused(
              Refusal.Code.UNKNOWN_WALLET, "", "there is no wallet " + request.content().wallet()));
    }
    return switch (parts
        .pricer()
        .ask(
            request.content().chain(),
            wallet.get().address(),
            tokenOf(request),
            strategyOf(request))) {
      case Answer.NodeUnavailable(String detail) ->
          Optional.of(refused(Refusal.Code.NODE_UNAVAILABLE, "", detail + "; try again"));
      case Answer.Quoted quoted ->
          outcome(
              request,
              wallet.get(),
              admission.admit(
                  new ReplacementAdmission.Ask(
                      request, wallet.get(), seen, purpose, wanted, quoted, by)));
    };
  }

  private Optional<ReplacementOutcome> outcome(
      SigningRequest request, Wallet wallet, ReplacementAdmission.Outcome outcome) {
    return switch (outcome) {
      case ReplacementAdmission.Outcome.AsItIs() -> Optional.empty();
      case ReplacementAdmission.Outcome.Refused(Refusal refusal) -> {
        observer.refused(request.content().chain(), refusal.code());
        yield Optional.of(new ReplacementOutcome.Refused(refusal));
      }
      case ReplacementAdmission.Outcome.Permitted(var id, var purpose, var permit) -> {
        observer.permitted(request.content().chain(), purpose);
        finish(
            new ReplacementSettlement.Permitted(
                request, wallet, id, purpose, permit.signingDigest()),
            permit);
        yield Optional.of(new ReplacementOutcome.Replaced(request));
      }
    };
  }

  /// Signs what is permitted, and settles it. What cannot be signed now stays permitted, and is
  /// resumed.
  void finish(ReplacementSettlement.Permitted permitted, Permit permit) {
    inHand.add(permitted.id());
    try {
      switch (keys.sign(permitted.request(), permitted.wallet(), permit).orElse(null)) {
        case Settlement.Result.Signed signed -> settlement.settle(permitted, signed.transaction());
        case Settlement.Result.Failed failed -> settlement.drop(permitted, failed.reason());
        case Settlement.Result.SignedMessage _ ->
            throw new IllegalStateException("a message has no nonce to be replaced on");
        case null -> {}
      }
    } finally {
      inHand.remove(permitted.id());
    }
    parts.pipeline().broadcaster().wake();
  }

  /// Gives up what was permitted.
  void drop(ReplacementSettlement.Permitted permitted, String reason) {
    settlement.drop(permitted, reason);
  }

  /// Those that this process is signing right now.
  Set<ReplacementId> inHand() {
    return Set.copyOf(inHand);
  }

  /// By which what it has to pay now is told.
  static Optional<FeeStrategy> strategyOf(SigningRequest request) {
    return request.content().feeChoice().byMarket().flatMap(FeeChoice.ByMarket::strategy);
  }

  private static Optional<Address> tokenOf(SigningRequest request) {
    return request.content().intent() instanceof Intent.OfTransaction intent
            && CallDecoder.decode(CallEncoder.encode(intent))
                instanceof Intent.Erc20Transfer transfer
        ? Optional.of(transfer.token())
        : Optional.empty();
  }

  private static ReplacementOutcome notReplaceable(SigningRequest request) {
    return refused(
        Refusal.Code.NOT_PENDING,
        "id",
        "request %s is %s, and only what is signed and not mined can be replaced"
            .formatted(request.id(), request.state()));
  }

  private static ReplacementOutcome refused(Refusal.Code code, String field, String message) {
    return new ReplacementOutcome.Refused(new Refusal(code, field, message));
  }
}
