package dev.countersign.core.pipeline;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.decision.Decision;
import dev.countersign.core.decision.Permit;
import dev.countersign.core.evm.Envelope;
import dev.countersign.core.evm.ReplacementTransactions;
import dev.countersign.core.evm.TransactionDecoder;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.Balance;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.core.port.ReplacementPolicy.Question;
import dev.countersign.core.port.ReplacementPricer.Answer.Quoted;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.replacement.FeeBump;
import dev.countersign.core.replacement.NoncePayloads;
import dev.countersign.core.replacement.PayloadPurpose;
import dev.countersign.core.replacement.ReplacementId;
import dev.countersign.core.replacement.ReplacementTerms;
import dev.countersign.core.request.Refusal;
import dev.countersign.core.request.SigningRequest;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The first of the two transactions of a replacement. When it commits, policy has judged the very
/// bytes that are to take the place of those that are signed, what they cost more is reserved, the
/// payload is stored unsigned, and the audit entry is durable; or none of it.
///
/// Locks are taken in the order of [Admission]: the lane, its nonce, limit scopes. Whoever comes
/// second to the lock sees the replacement of the first, and makes none of its own.
final class ReplacementAdmission {
  private final ReplacementParts parts;

  ReplacementAdmission(ReplacementParts parts) {
    this.parts = parts;
  }

  /// What is asked for.
  ///
  /// @param seen the payloads as they were when it was priced
  record Ask(
      SigningRequest request,
      Wallet wallet,
      NoncePayloads seen,
      PayloadPurpose purpose,
      Optional<FeeBump.Wanted> wanted,
      Quoted quoted,
      Actor by) {

    Lane lane() {
      return seen.lane();
    }
  }

  /// What came of it.
  sealed interface Outcome {
    /// To be signed now.
    record Permitted(ReplacementId id, PayloadPurpose purpose, Permit permit) implements Outcome {}

    /// Somebody else was first.
    record AsItIs() implements Outcome {}

    record Refused(Refusal refusal) implements Outcome {}
  }

  /// Durable when it returns.
  Outcome admit(Ask ask) {
    return parts.pipeline().unitOfWork().inTransaction(transaction -> admit(transaction, ask));
  }

  private Outcome admit(Transaction transaction, Ask ask) {
    Optional<NoncePayloads> locked =
        parts.payloads().lock(transaction, ask.lane(), ask.request().id());
    if (locked.isEmpty() || locked.get().state() != NoncePayloads.State.OPEN) {
      return refused(
          Refusal.Code.NOT_PENDING,
          "id",
          "the nonce of request %s is mined already: nothing can take its place"
              .formatted(ask.request().id()));
    }
    NoncePayloads payloads = locked.get();
    if (payloads.pending().isPresent()
        || payloads.newest().ordinal() != ask.seen().newest().ordinal()) {
      return new Outcome.AsItIs();
    }
    Bytes admitted = ask.request().admission().orElseThrow().payload();
    Bytes replaced = payloads.newest().unsigned().orElse(admitted);
    UnsignedTransaction original = decoded(admitted);
    UnsignedTransaction newest = decoded(replaced);
    Wei parentFee = parentFee(payloads, admitted);
    GasLimit gasLimit =
        ask.purpose() == PayloadPurpose.CANCELLATION
            ? ask.quoted().selfTransfer()
            : original.fees().gasLimit();
    ReplacementTerms terms = parts.terms().apply(ask.lane().chain());
    int percent = percent(newest, terms, payloads.outbid());
    Wei blobFee =
        FeeBump.blobFee(ReplacementTransactions.blobFee(newest), ask.quoted().quote(), percent);
    Optional<Wei> blobFeeCap = blobFeeCap(ask).filter(cap -> blobFee.compareTo(cap) > 0);
    if (blobFeeCap.isPresent()) {
      return refused(
          Refusal.Code.FEE_CAP_REACHED,
          "",
          "a speed-up must offer %s wei per blob gas or more; the request caps it at %s: wait until the market falls, or cancel it"
              .formatted(blobFee, blobFeeCap.get()));
    }
    FeeBump bump =
        new FeeBump(
            newest.fees(),
            ask.quoted().quote(),
            percent,
            terms.maximumFeePerGas(),
            feeCap(ask),
            ask.purpose() == PayloadPurpose.SPEED_UP && isOfBlobs(original)
                ? gasCapWithRoom(transaction, ask, original, blobFee, percent(newest, terms, false))
                : gasCap(transaction, ask, gasLimit, blobCost(original, ask.purpose(), blobFee)));
    return switch (bump.of(gasLimit, ask.wanted())) {
      case FeeBump.Outcome.TooLow(String field, String detail) ->
          refused(Refusal.Code.UNUSABLE_FEES, field, detail);
      case FeeBump.Outcome.Capped(String detail) ->
          refused(
              Refusal.Code.FEE_CAP_REACHED,
              "",
              isOfBlobs(original)
                  ? detail + "; blobs, and what a later cancellation has to offer more, come first"
                  : detail);
      case FeeBump.Outcome.Agreed(var fees) ->
          judge(
              transaction,
              ask,
              payloads,
              parentFee,
              new Question(
                  subject(ask, parentFee),
                  new ReplacementId(ask.request().id(), payloads.nextOrdinal()),
                  ask.purpose(),
                  admitted,
                  replaced,
                  (ask.purpose() == PayloadPurpose.CANCELLATION
                          ? ReplacementTransactions.cancellation(
                              original, ask.lane().address(), fees, blobFee)
                          : ReplacementTransactions.speedUp(original, fees, blobFee))
                      .encode()));
    };
  }

  /// By how much the fees grow at least.
  private static int percent(UnsignedTransaction newest, ReplacementTerms terms, boolean outbid) {
    int least =
        isOfBlobs(newest)
            ? Math.max(FeeBump.LEAST_OF_BLOBS, terms.bumpPercent())
            : terms.bumpPercent();
    return outbid ? 2 * least : least;
  }

  private static boolean isOfBlobs(UnsignedTransaction transaction) {
    return transaction.envelope() instanceof Envelope.Blobs;
  }

  /// The most that the gas of a replacement may cost, besides its blobs.
  private Optional<BigInteger> gasCap(
      Transaction transaction, Ask ask, GasLimit gasLimit, BigInteger blobCost) {
    return parts
        .policy()
        .gasCap(transaction, ask.request().id(), gasLimit, blobCost)
        .map(cap -> cap.subtract(blobCost).max(BigInteger.ZERO));
  }

  /// The same of a speed-up of blobs: so much that a cancellation still fits, which has to raise
  /// all of its fees once more. Nothing else can free its nonce, and blobs double each time.
  private Optional<BigInteger> gasCapWithRoom(
      Transaction transaction, Ask ask, UnsignedTransaction original, Wei blobFee, int percent) {
    GasLimit limit = original.fees().gasLimit();
    GasLimit least = ask.quoted().selfTransfer();
    Wei raised = FeeBump.blobFee(blobFee, ask.quoted().quote(), percent);
    Optional<BigInteger> ofCancellation =
        gasCap(transaction, ask, least, blobCost(original, PayloadPurpose.CANCELLATION, raised))
            .map(cap -> cap.divide(BigInteger.valueOf(least.units())))
            .map(perGas -> FeeBump.before(perGas, percent))
            .map(perGas -> perGas.multiply(BigInteger.valueOf(limit.units())));
    return gasCap(transaction, ask, limit, blobCost(original, PayloadPurpose.SPEED_UP, blobFee))
        .map(cap -> ofCancellation.map(cap::min).orElse(cap));
  }

  /// The most that the replacement's blobs may cost: those of the original, or the one of a
  /// cancellation.
  private static BigInteger blobCost(
      UnsignedTransaction original, PayloadPurpose purpose, Wei fee) {
    return original.envelope() instanceof Envelope.Blobs blobs
        ? (purpose == PayloadPurpose.CANCELLATION
                ? ReplacementTransactions.ofZeros(fee)
                : blobs.offering(fee))
            .mostBlobCost()
        : BigInteger.ZERO;
  }

  /// What the parent chain may take besides gas, as it was put aside when the request was admitted:
  /// a replacement is paid for there as what it replaces is.
  private static Wei parentFee(NoncePayloads payloads, Bytes admitted) {
    BigInteger dearest =
        payloads.payloads().stream()
            .map(payload -> decoded(payload.unsigned().orElse(admitted)).mostCost())
            .max(Comparator.naturalOrder())
            .orElseThrow();
    return new Wei(payloads.mostCost().subtract(dearest).max(BigInteger.ZERO));
  }

  /// A cancellation has to be able to outbid what is at the cap, or the nonce could never be freed:
  /// it is held to the gas in all that the request may cost.
  private static Optional<Wei> feeCap(Ask ask) {
    return ask.purpose() == PayloadPurpose.CANCELLATION
        ? Optional.empty()
        : ask.request().content().feeChoice().feeCap();
  }

  /// As [#feeCap], for a unit of blob gas: what its client named next to exact fees is no cap, but
  /// what is offered first, as those are.
  private static Optional<Wei> blobFeeCap(Ask ask) {
    return ask.purpose() == PayloadPurpose.SPEED_UP
            && ask.request().content().fees().isEmpty()
            && ask.request().content().envelope().orElse(null) instanceof Envelope.Blobs blobs
            && !blobs.leavesFee()
        ? Optional.of(blobs.maxFeePerBlobGas())
        : Optional.empty();
  }

  private Outcome judge(
      Transaction transaction, Ask ask, NoncePayloads payloads, Wei parentFee, Question question) {
    UnsignedTransaction unsigned = decoded(question.payload());
    BigInteger most = unsigned.mostCost().add(parentFee.value());
    Optional<Refusal> unfunded = unfunded(transaction, ask, payloads, unsigned, most);
    if (unfunded.isPresent()) {
      return new Outcome.Refused(unfunded.get());
    }
    Instant now = parts.pipeline().clock().instant();
    var replaces = payloads.newest().signed().orElseThrow().hash();
    return switch (parts.policy().judge(transaction, question)) {
      case Decision.Allowed allowed -> {
        parts
            .payloads()
            .permit(transaction, question.id(), ask.purpose(), question.payload(), most);
        append(
            transaction,
            ask,
            now,
            new AuditEvent.TransactionReplacementPermitted(
                unsigned.chain(),
                unsigned.nonce(),
                ask.purpose(),
                replaces,
                allowed.policy(),
                allowed.rule(),
                allowed.permit().signingDigest(),
                unsigned.fees(),
                allowed.observed()));
        yield new Outcome.Permitted(question.id(), ask.purpose(), allowed.permit());
      }
      case Decision.Denied denied -> {
        append(
            transaction,
            ask,
            now,
            new AuditEvent.TransactionReplacementDenied(
                unsigned.chain(),
                unsigned.nonce(),
                ask.purpose(),
                replaces,
                denied.policy(),
                denied.rule(),
                denied.reason()));
        yield refused(
            Refusal.Code.REPLACEMENT_DENIED,
            "",
            "policy %d, %s: %s"
                .formatted(denied.policy().number(), denied.rule(), denied.reason()));
      }
      case Decision.Held held ->
          throw new IllegalStateException("a replacement does not wait: " + held);
    };
  }

  /// What it may take more than those before it has to be there besides all that is in flight.
  private Optional<Refusal> unfunded(
      Transaction transaction,
      Ask ask,
      NoncePayloads payloads,
      UnsignedTransaction unsigned,
      BigInteger most) {
    BigInteger balance = ask.quoted().account().balance().value();
    BigInteger more = most.subtract(payloads.mostCost());
    BigInteger available = parts.payloads().available(transaction, ask.quoted().account());
    if (most.compareTo(balance) <= 0 && (more.signum() <= 0 || more.compareTo(available) <= 0)) {
      return Optional.empty();
    }
    return Optional.of(
        new Refusal(
            Refusal.Code.INSUFFICIENT_FUNDS,
            "",
            ("%s has %s wei on %s and %s of them left besides what its transactions that are not"
                    + " mined yet may take; the replacement may take %s, which is %s more than"
                    + " before: value %s and at most %s of fees")
                .formatted(
                    ask.lane().address(),
                    balance,
                    ask.lane().chain(),
                    available.max(BigInteger.ZERO),
                    most,
                    more.max(BigInteger.ZERO),
                    unsigned.call().value(),
                    most.subtract(unsigned.call().value().value()))));
  }

  private PolicySubject subject(Ask ask, Wei parentFee) {
    SigningRequest request = ask.request();
    Instant now = parts.pipeline().clock().instant();
    List<Balance> balances = new ArrayList<>();
    balances.add(
        new Balance(
            AssetId.nativeOf(request.content().chain()),
            ask.quoted().account().balance().value(),
            now));
    ask.quoted()
        .token()
        .ifPresent(
            token ->
                balances.add(
                    new Balance(
                        AssetId.erc20(request.content().chain(), token.contract()),
                        token.amount(),
                        now)));
    return new PolicySubject(
        request.id(),
        request.key(),
        request.content(),
        ask.wallet(),
        ask.wallet().address(),
        request.origin(),
        balances,
        List.of(),
        parentFee,
        now);
  }

  private void append(Transaction transaction, Ask ask, Instant now, AuditEvent event) {
    parts
        .pipeline()
        .audit()
        .append(
            transaction,
            List.of(
                AuditRecord.of(now, ask.by(), ask.request().id(), ask.request().digest(), event)));
  }

  /// What was signed was decoded before it was.
  static UnsignedTransaction decoded(Bytes payload) {
    return switch (TransactionDecoder.decode(payload)) {
      case TransactionDecoder.Outcome.Decoded(UnsignedTransaction transaction) -> transaction;
      case TransactionDecoder.Outcome.Undecodable bad ->
          throw new IllegalStateException("a payload that was signed does not decode: " + bad);
    };
  }

  private static Outcome refused(Refusal.Code code, String field, String message) {
    return new Outcome.Refused(new Refusal(code, field, message));
  }
}
