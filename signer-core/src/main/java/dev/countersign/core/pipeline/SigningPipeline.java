package dev.countersign.core.pipeline;

import dev.countersign.core.decision.Permit;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.pipeline.PipelineObserver.Stage;
import dev.countersign.core.port.Broadcaster;
import dev.countersign.core.port.LaneObstacle;
import dev.countersign.core.port.NonceLedger;
import dev.countersign.core.port.PolicyEngine;
import dev.countersign.core.port.RequestLedger;
import dev.countersign.core.port.StoreUnavailableException;
import dev.countersign.core.request.Refusal;
import dev.countersign.core.request.SigningRequest;
import dev.countersign.core.request.SigningRequestId;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes a submission all the way to a durable signature. Calls block; they are meant for virtual
/// threads, and concurrent ones share their database transactions.
public final class SigningPipeline {
  private static final Logger LOG = LoggerFactory.getLogger(SigningPipeline.class);

  private final Preparation preparation;
  private final KeySigning keys;
  private final RequestLedger requests;
  private final PolicyEngine policy;
  private final NonceLedger nonces;
  private final Broadcaster broadcaster;
  private final PipelineObserver observer;
  private final Semaphore room;
  private final Set<SigningRequestId> inHand = ConcurrentHashMap.newKeySet();
  private final Coalescer<Admissible, Admission.Outcome> admissions;
  private final Coalescer<Settlement.Result, SigningRequest> settlements;

  /// @param largestBatch the most requests in one database transaction
  /// @param mostInFlight the most submissions at once; more are refused, and may be tried again
  public record Limits(int largestBatch, int mostInFlight) {
    public static final Limits DEFAULT = new Limits(128, 4_096);
  }

  public SigningPipeline(PipelineParts parts, Limits limits, PipelineObserver observer) {
    this.preparation = new Preparation(parts, limits.largestBatch(), observer);
    this.keys = new KeySigning(parts.backends(), parts.freezes());
    this.requests = parts.requests();
    this.policy = parts.policy();
    this.nonces = parts.nonces();
    this.broadcaster = parts.broadcaster();
    this.observer = observer;
    this.room = new Semaphore(limits.mostInFlight());
    Admission admission =
        new Admission(parts.unitOfWork(), requests, policy, nonces, parts.audit(), parts.clock());
    Settlement settlement =
        new Settlement(
            parts.unitOfWork(),
            requests,
            policy,
            parts.freezes(),
            nonces,
            parts.audit(),
            parts.clock());
    this.admissions =
        new Coalescer<>("admit", limits.largestBatch(), 1, observed(Stage.ADMIT, admission::admit));
    this.settlements =
        new Coalescer<>(
            "settle", limits.largestBatch(), 1, observed(Stage.SETTLE, settlement::settle));
  }

  /// @throws dev.countersign.core.port.StoreUnavailableException when the store is out of reach;
  /// the submission may be sent again under the same key
  public SubmitOutcome submit(Submission submission) {
    if (!room.tryAcquire()) {
      return tooMany();
    }
    try {
      return switch (preparation.prepare(submission)) {
        case Preparation.Outcome.Ready ready -> admit(ready.candidate());
        case Preparation.Outcome.Refused refused -> knownOr(submission, refused.refusal());
      };
    } finally {
      room.release();
    }
  }

  /// Several at once, each a request of its own: what becomes of one changes nothing for the
  /// others. Those of one wallet on one chain are judged in the order given, and so their nonces
  /// are in it too.
  ///
  /// @return one outcome for each, in order. Where the store is out of reach for one, or it fails
  /// in another way, it is refused with [Refusal.Code#UNAVAILABLE]: it may be sent again under the
  /// same key
  public List<SubmitOutcome> submitAll(List<Submission> submissions) {
    if (!room.tryAcquire(submissions.size())) {
      return submissions.stream().<SubmitOutcome>map(_ -> tooMany()).toList();
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<Preparation.Outcome>> prepared =
          submissions.stream()
              .map(one -> CompletableFuture.supplyAsync(() -> preparation.prepare(one), threads))
              .toList();
      List<CompletableFuture<SubmitOutcome>> answers = new ArrayList<>();
      for (int i = 0; i < submissions.size(); i++) {
        Supplier<SubmitOutcome> rest = begin(submissions.get(i), prepared.get(i));
        answers.add(CompletableFuture.supplyAsync(() -> unlessFailed(rest), threads));
      }
      return answers.stream().map(Coalescer::answerOf).toList();
    } finally {
      room.release(submissions.size());
    }
  }

  /// Puts it in line to be judged, on this thread, and leaves the rest to whoever asks for it.
  private Supplier<SubmitOutcome> begin(
      Submission submission, CompletableFuture<Preparation.Outcome> preparing) {
    Preparation.Outcome prepared;
    try {
      prepared = Coalescer.answerOf(preparing);
    } catch (RuntimeException e) {
      return () -> {
        throw e;
      };
    }
    return switch (prepared) {
      case Preparation.Outcome.Ready ready -> {
        CompletableFuture<Admission.Outcome> judging = admissions.begin(ready.candidate());
        yield () -> outcome(Coalescer.answerOf(judging));
      }
      case Preparation.Outcome.Refused refused -> () -> knownOr(submission, refused.refusal());
    };
  }

  /// What goes wrong with one must not keep from the client what became of the others, which may be
  /// signed.
  private static SubmitOutcome unlessFailed(Supplier<SubmitOutcome> rest) {
    try {
      return rest.get();
    } catch (StoreUnavailableException e) {
      return unknown("the store is unavailable");
    } catch (RuntimeException e) {
      LOG.error("one of several submissions failed", e);
      return unknown("it failed, and the server's log says why");
    }
  }

  private static SubmitOutcome unknown(String why) {
    return new SubmitOutcome.Refused(
        new Refusal(
            Refusal.Code.UNAVAILABLE,
            "",
            why + "; nothing is known to have happened, try again with the same request_id"));
  }

  private static SubmitOutcome tooMany() {
    return new SubmitOutcome.Refused(
        new Refusal(
            Refusal.Code.UNAVAILABLE, "", "too many requests at once; try again in a moment"));
  }

  /// Has a request that was held judged again, and signed when it is allowed now.
  SubmitOutcome goOn(SigningRequest held) {
    return switch (preparation.prepareAgain(held)) {
      case Preparation.Outcome.Ready ready -> admit(ready.candidate());
      case Preparation.Outcome.Refused refused -> new SubmitOutcome.Refused(refused.refusal());
    };
  }

  /// A dry run: nothing is stored, reserved or consumed.
  public ForecastOutcome forecast(Submission submission) {
    return switch (preparation.prepare(submission)) {
      case Preparation.Outcome.Ready ready ->
          switch (ready.candidate()) {
            case Candidate paying -> forecast(paying);
            case MessageCandidate message -> forecast(Offer.of(message));
          };
      case Preparation.Outcome.Refused refused -> new ForecastOutcome.Refused(refused.refusal());
    };
  }

  private ForecastOutcome forecast(Candidate candidate) {
    Optional<LaneObstacle> obstacle = nonces.obstacle(candidate.account(), candidate.hasBlobs());
    if (obstacle.isPresent()) {
      return new ForecastOutcome.Refused(candidate.obstructed(obstacle.get()));
    }
    UnsignedTransaction unsigned = candidate.with(nonces.peek(candidate.lane()));
    BigInteger available = nonces.available(candidate.account());
    return candidate.mostCost(unsigned).compareTo(available) > 0
        ? new ForecastOutcome.Refused(candidate.unfunded(unsigned, available))
        : forecast(Offer.of(candidate, unsigned));
  }

  private ForecastOutcome forecast(Offer offer) {
    return new ForecastOutcome.Judged(
        policy.forecast(offer.candidate().subject(), offer.payload()),
        offer.payload(),
        offer.nonce());
  }

  /// Signs and settles a request that is admitted.
  ///
  /// @return the request as it is then: still ADMITTED when its key backend is out of reach
  SubmitOutcome.Processed finish(SigningRequest request, Wallet wallet, Permit permit) {
    inHand.add(request.id());
    try {
      return signAndSettle(request, wallet, permit);
    } finally {
      inHand.remove(request.id());
    }
  }

  /// The requests that this process is signing right now, however long it takes.
  Set<SigningRequestId> inHand() {
    return Set.copyOf(inHand);
  }

  private SubmitOutcome.Processed signAndSettle(
      SigningRequest request, Wallet wallet, Permit permit) {
    long began = System.nanoTime();
    Optional<Settlement.Result> result = keys.sign(request, wallet, permit);
    observer.completed(Stage.SIGN, 1, Duration.ofNanos(System.nanoTime() - began));
    if (result.isEmpty()) {
      return processed(request);
    }
    SigningRequest settled = settlements.submit(result.get());
    if (!settled.content().isMessage()) {
      broadcaster.wake();
    }
    return switch (result.get()) {
      case Settlement.Result.Signed signed
          when settled.transactionHash().equals(Optional.of(signed.transaction().hash())) ->
          new SubmitOutcome.Processed(settled, Optional.of(signed.transaction()));
      case Settlement.Result.Signed _,
          Settlement.Result.SignedMessage _,
          Settlement.Result.Failed _ ->
          processed(settled);
    };
  }

  /// Ends a request that is admitted and cannot be signed.
  SigningRequest fail(SigningRequest request, String reason) {
    return settlements.submit(new Settlement.Result.Failed(request, reason));
  }

  private SubmitOutcome admit(Admissible candidate) {
    return outcome(admissions.submit(candidate));
  }

  private SubmitOutcome outcome(Admission.Outcome judged) {
    return switch (judged) {
      case Admission.Outcome.Admitted admitted ->
          finish(admitted.request(), admitted.wallet(), admitted.permit());
      case Admission.Outcome.Settled settled -> processed(settled.request());
      case Admission.Outcome.Conflicting conflict -> conflicting(conflict.other());
      case Admission.Outcome.Unfunded unfunded -> new SubmitOutcome.Refused(unfunded.refusal());
      case Admission.Outcome.Obstructed obstructed ->
          new SubmitOutcome.Refused(obstructed.refusal());
    };
  }

  /// A repeated submission gets its first answer even when the node, asked again, would now refuse.
  private SubmitOutcome knownOr(Submission submission, Refusal refusal) {
    return requests
        .find(submission.key())
        .map(
            known ->
                known.digest().equals(submission.content().digest(submission.key()))
                    ? processed(known)
                    : conflicting(known))
        .orElseGet(() -> new SubmitOutcome.Refused(refusal));
  }

  private static SubmitOutcome.Processed processed(SigningRequest request) {
    return new SubmitOutcome.Processed(request, Optional.empty());
  }

  private static SubmitOutcome conflicting(SigningRequest other) {
    return new SubmitOutcome.Refused(
        new Refusal(
            Refusal.Code.REQUEST_ID_REUSED,
            "request_id",
            "request_id \"%s\" belongs to request %s with other content; use a new one"
                .formatted(other.key().requestId(), other.id())));
  }

  private <I, O> Function<List<I>, List<O>> observed(Stage stage, Function<List<I>, List<O>> run) {
    return items -> {
      long began = System.nanoTime();
      List<O> answers = run.apply(items);
      observer.completed(stage, items.size(), Duration.ofNanos(System.nanoTime() - began));
      return answers;
    };
  }
}
