package dev.countersign.core.pipeline;

import dev.countersign.core.action.SignableMessage;
import dev.countersign.core.action.Unpacking;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.evm.CallEncoder;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.pipeline.PipelineObserver.Stage;
import dev.countersign.core.port.ChainDirectory;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.NonceLedger;
import dev.countersign.core.port.TransactionPricer;
import dev.countersign.core.port.TransactionPricer.Answer;
import dev.countersign.core.port.TransactionPricer.Question;
import dev.countersign.core.port.WalletDirectory;
import dev.countersign.core.request.NewRequest;
import dev.countersign.core.request.Refusal;
import dev.countersign.core.request.RequestContent;
import dev.countersign.core.request.SigningRequest;
import dev.countersign.core.request.SigningRequestId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// All that can be found out about a submission before anything is reserved for it. What fails here
/// leaves no trace in the ledgers, so the same key can be used again.
final class Preparation {
  private static final Actor ACTOR = Actor.system("pipeline");
  private static final int PRICINGS_IN_FLIGHT = 4;

  private final WalletDirectory wallets;
  private final ChainDirectory chains;
  private final NonceLedger nonces;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final TransactionPricer pricer;
  private final Coalescer<Question, Answer> pricings;
  private final Simulations simulations;

  Preparation(PipelineParts parts, int largestBatch, PipelineObserver observer) {
    this.wallets = parts.wallets();
    this.chains = parts.chains();
    this.nonces = parts.nonces();
    this.clock = parts.clock();
    this.random = parts.random();
    this.pricer = observed(parts.pricer(), observer);
    this.simulations = new Simulations(pricer);
    this.pricings = new Coalescer<>("price", largestBatch, PRICINGS_IN_FLIGHT, pricer::price);
  }

  private static TransactionPricer observed(TransactionPricer pricer, PipelineObserver observer) {
    return new TransactionPricer() {
      @Override
      public List<Answer> price(List<Question> questions) {
        long began = System.nanoTime();
        List<Answer> answers = pricer.price(questions);
        observer.completed(
            Stage.PRICE, questions.size(), Duration.ofNanos(System.nanoTime() - began));
        return answers;
      }

      @Override
      public boolean isSimulated(Question question) {
        return pricer.isSimulated(question);
      }
    };
  }

  /// Ready to be admitted, or why not.
  sealed interface Outcome {
    record Ready(Admissible candidate) implements Outcome {}

    record Refused(Refusal refusal) implements Outcome {}
  }

  Outcome prepare(Submission submission) {
    Instant now = clock.instant();
    NewRequest request =
        new NewRequest(
            SigningRequestId.next(clock, random),
            submission.key(),
            submission.content().digest(submission.key()),
            submission.content(),
            submission.origin(),
            now,
            submission.sidecar());
    return prepare(submission, request, false, now);
  }

  /// The same for a request that was held so far: fees and balance are asked for again.
  Outcome prepareAgain(SigningRequest waiting) {
    NewRequest request =
        new NewRequest(
            waiting.id(),
            waiting.key(),
            waiting.digest(),
            waiting.content(),
            waiting.origin(),
            waiting.receivedAt());
    Submission submission =
        new Submission(waiting.key(), waiting.content(), ACTOR, waiting.origin());
    return prepare(submission, request, true, clock.instant());
  }

  private Outcome prepare(Submission submission, NewRequest request, boolean waiting, Instant now) {
    RequestContent content = submission.content();
    Optional<Wallet> wallet = wallets.find(content.wallet());
    if (wallet.isEmpty()) {
      return refused(
          Refusal.Code.UNKNOWN_WALLET, "wallet", "there is no wallet " + content.wallet());
    }
    if (chains.find(content.chain()).isEmpty()) {
      return refused(
          Refusal.Code.UNKNOWN_CHAIN,
          "chain",
          "chain %s is not configured; configured are %s"
              .formatted(
                  content.chain(),
                  chains.all().stream().map(chain -> chain.id().caip2()).sorted().toList()));
    }
    return switch (content.intent()) {
      case Intent.OfTransaction intent ->
          transaction(submission, request, waiting, now, wallet.get(), intent);
      case Intent.OfMessage message ->
          message(submission, request, waiting, now, wallet.get(), message);
    };
  }

  /// A message is read here, and nothing else is asked: it costs nothing and does nothing by
  /// itself.
  private static Outcome message(
      Submission submission,
      NewRequest request,
      boolean waiting,
      Instant now,
      Wallet wallet,
      Intent.OfMessage message) {
    String field =
        switch (message) {
          case Intent.PersonalMessage _ -> "message";
          case Intent.TypedData _ -> "typed_data";
        };
    return switch (SignableMessage.read(message, wallet.address())) {
      case SignableMessage.NotUnderstood(Unpacking.Opaque(String reason)) ->
          refused(Refusal.Code.INVALID_MESSAGE, field, "the message cannot be signed: " + reason);
      case SignableMessage.Understood understood ->
          understood
              .chain()
              .filter(chain -> !chain.equals(submission.content().chain()))
              .map(
                  chain ->
                      refused(
                          Refusal.Code.CHAIN_MISMATCH,
                          field,
                          "the message is for chain %s, the request for %s"
                              .formatted(chain, submission.content().chain())))
              .orElseGet(
                  () ->
                      new Outcome.Ready(
                          new MessageCandidate(
                              submission, request, waiting, now, wallet, understood.preimage())));
    };
  }

  private Outcome transaction(
      Submission submission,
      NewRequest request,
      boolean waiting,
      Instant now,
      Wallet wallet,
      Intent.OfTransaction intent) {
    RequestContent content = submission.content();
    Lane lane = new Lane(content.chain(), wallet.address());
    Question question =
        new Question(
            content.chain(),
            lane.address(),
            CallEncoder.encode(intent),
            content.feeChoice(),
            content.envelope());
    Answer answer =
        pricer.isSimulated(question)
            ? simulations.ask(submission.key().client(), question)
            : pricings.submit(question);
    return switch (answer) {
      case Answer.Priced priced -> {
        Lane payer = priced.account().lane();
        yield nonces
            .prepare(payer)
            .map(Preparation::nodeUnavailable)
            .orElseGet(
                () ->
                    new Outcome.Ready(
                        new Candidate(
                            submission,
                            request,
                            waiting,
                            now,
                            wallet,
                            intent,
                            priced.fees(),
                            priced.envelope(),
                            priced.parentFee(),
                            priced.account(),
                            priced.token())));
      }
      case Answer.Reverts reverts ->
          refused(
              Refusal.Code.SIMULATION_REVERTED,
              "transaction",
              "the transaction would revert: " + reverts.reason());
      case Answer.InsufficientFunds poor ->
          refused(Refusal.Code.INSUFFICIENT_FUNDS, "wallet", poor.detail());
      case Answer.UnsupportedType unsupported ->
          refused(Refusal.Code.UNSUPPORTED_TRANSACTION, "transaction", unsupported.detail());
      case Answer.UnusableFees unusable ->
          refused(Refusal.Code.UNUSABLE_FEES, field(content, unusable.field()), unusable.detail());
      case Answer.MarketAboveCap above ->
          refused(Refusal.Code.MARKET_ABOVE_CAP, field(content, above.field()), above.detail());
      case Answer.NodeUnavailable down -> nodeUnavailable(down.detail());
    };
  }

  /// As the API names it.
  private static String field(RequestContent content, String fee) {
    if (fee.equals(Answer.BLOB_FEE)) {
      return "blobs." + fee;
    }
    return (content.fees().isPresent() ? "fees." : "market_fees.") + fee;
  }

  private static Outcome nodeUnavailable(String detail) {
    return refused(Refusal.Code.NODE_UNAVAILABLE, "chain", detail + "; try again");
  }

  private static Outcome refused(Refusal.Code code, String field, String message) {
    return new Outcome.Refused(new Refusal(code, field, message));
  }
}
