package dev.countersign.policy.replay;

import dev.countersign.core.action.SignableMessage;
import dev.countersign.core.action.SignableMessage.Understood;
import dev.countersign.core.decision.Decision;
import dev.countersign.core.decision.LimitWindow;
import dev.countersign.core.evm.Envelope;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.core.port.RequestHistory;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.port.WalletDirectory;
import dev.countersign.core.request.SigningRequest;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.evaluation.PolicyJudge;
import dev.countersign.policy.evaluation.Verdict;
import dev.countersign.policy.rule.ScopeKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/// Judges the requests of a period by a draft, in the order in which they were received, and tells
/// of which it says something else. Reads only, a page at a time.
///
/// The draft's limits count along: they begin empty one window before the period, the longest of
/// the draft's, and every request from then on is charged as the draft would have it:
///
/// - what the draft allows at once counts from when it was judged, also where it was denied really;
///   where it was signed and given back really, until then;
/// - what the draft holds counts from when it was really admitted, if it was, as if those who are
///   asked had approved it; what was denied really does not count, as nobody knows.
///
/// The bytes are those that were judged where they are stored, which is of all that were ever
/// admitted. Of the others they are made from what was asked; where the client left the fees to the
/// node, these are not known, and it is judged as if gas cost nothing. What wallets held then is
/// not known either: rules with a part of the balance allow nothing, and restrict everything.
public final class PolicyReplay {
  private static final int PAGE = 500;
  private static final int MOST_CHARGES = 500_000;

  private static final Fees NOTHING = new Fees(Wei.ZERO, Wei.ZERO, GasLimit.TRANSFER);

  private final UnitOfWork unitOfWork;
  private final RequestHistory requests;
  private final WalletDirectory wallets;

  public PolicyReplay(UnitOfWork unitOfWork, RequestHistory requests, WalletDirectory wallets) {
    this.unitOfWork = unitOfWork;
    this.requests = requests;
    this.wallets = wallets;
  }

  /// @param since the first moment of the period
  /// @param until the first moment after it
  /// @param differences told in order, as they are found
  /// @throws ReplayTooLargeException when the draft's windows hold too much
  public ReplaySummary run(
      PolicyDocument draft, Instant since, Instant until, Consumer<ReplayDifference> differences) {
    Run run = begin(draft, since);
    boolean goesOn = true;
    while (goesOn) {
      goesOn = run.next(until, differences);
    }
    return run.summary();
  }

  /// Begins a replay that goes on as long as somebody asks for more.
  ///
  /// @param since the first moment of the period
  public Run begin(PolicyDocument draft, Instant since) {
    return new Run(draft, since, beginning(draft, since));
  }

  /// Where the draft's longest window begins that ends at `since`; for a limit over the lifetime
  /// that is the first request of all.
  private static Instant beginning(PolicyDocument draft, Instant since) {
    return draft.rules().stream()
        .flatMap(rule -> rule.limits().stream())
        .map(
            limit ->
                switch (limit.window()) {
                  case LimitWindow.Sliding(Duration length) -> since.minus(length);
                  case LimitWindow.Lifetime _ -> Instant.EPOCH;
                })
        .min(Comparator.naturalOrder())
        .orElse(since);
  }

  /// One replay. Not safe for concurrent use.
  public final class Run {
    private final PolicyDocument draft;
    private final Instant since;
    private final ReplayCounters counters = new ReplayCounters(MOST_CHARGES);
    private final ReplayTally tally;
    private SigningRequestId after;

    private Run(PolicyDocument draft, Instant since, Instant from) {
      this.draft = draft;
      this.since = since;
      this.tally = new ReplayTally(from);
      this.after = SigningRequestId.before(from);
    }

    /// Judges the next page.
    ///
    /// @param until those received from then on are left for later
    /// @param differences told in order
    /// @return whether there may be more now
    /// @throws ReplayTooLargeException when the draft's windows hold too much; the run is of no use
    ///     then
    public boolean next(Instant until, Consumer<ReplayDifference> differences) {
      List<SigningRequest> page = requests.page(after, PAGE);
      Map<SigningRequestId, PastVerdict> past =
          unitOfWork.inTransaction(
              transaction ->
                  PastVerdict.find(
                      transaction.unwrap(Handle.class),
                      page.stream().map(SigningRequest::id).toList()));
      for (SigningRequest request : page) {
        if (!request.receivedAt().isBefore(until)) {
          return false;
        }
        judge(request, Optional.ofNullable(past.get(request.id())), differences);
        after = request.id();
      }
      return page.size() == PAGE;
    }

    /// What came of it so far.
    public ReplaySummary summary() {
      return tally.summary();
    }

    private void judge(
        SigningRequest request,
        Optional<PastVerdict> known,
        Consumer<ReplayDifference> differences) {
      boolean counts = !request.receivedAt().isBefore(since);
      Optional<Wallet> wallet = wallets.find(request.content().wallet());
      if (known.isEmpty()) {
        tally.unjudged(counts);
      } else if (known.get().rule().equals(Decision.FROZEN)) {
        tally.frozen(counts);
      } else if (wallet.isEmpty()) {
        tally.unknownWallet(counts);
      } else {
        judge(request, known.get(), wallet.get(), counts, differences);
      }
    }

    private void judge(
        SigningRequest request,
        PastVerdict past,
        Wallet wallet,
        boolean counts,
        Consumer<ReplayDifference> differences) {
      counters.moveTo(past.at());
      PolicySubject subject =
          new PolicySubject(
              request.id(),
              request.key(),
              request.content(),
              wallet,
              wallet.address(),
              request.origin(),
              List.of(),
              past.at());
      boolean feesUnknown =
          request.admission().isEmpty()
              && request.content().fees().isEmpty()
              && !request.content().isMessage();
      Verdict verdict =
          PolicyJudge.judge(draft, subject, payload(request, wallet.address()), counters);
      ReplayAnswer after = ReplayAnswer.of(verdict, draft, subject);
      charge(verdict, after, past, PolicyJudge.scopes(draft, subject));
      if (!counts) {
        tally.warmedUp();
        return;
      }
      String waits =
          verdict instanceof Verdict.Allow allow && after == ReplayAnswer.HELD
              ? allow.conditions().text()
              : "";
      boolean otherwise =
          past.answer() == ReplayAnswer.HELD
              && after == ReplayAnswer.HELD
              && !waits.equals(past.conditions());
      tally.judged(past.answer(), after, otherwise, feesUnknown);
      if (past.answer() != after || otherwise) {
        differences.accept(
            new ReplayDifference(
                request,
                past.at(),
                past.answer(),
                past.ruleText(),
                after,
                waits.isEmpty() ? verdict.rule() : waits,
                reason(verdict, after, waits),
                feesUnknown));
      }
    }

    private void charge(
        Verdict verdict, ReplayAnswer after, PastVerdict past, Map<ScopeKey, LimitWindow> windows) {
      if (!(verdict instanceof Verdict.Allow allow)) {
        return;
      }
      Optional<Instant> from =
          switch (after) {
            case ALLOWED -> Optional.of(past.at());
            case HELD -> past.admittedAt();
            case DENIED -> Optional.empty();
          };
      from.ifPresent(at -> counters.charge(allow.charges(), at, past.returnedAt(), windows));
    }
  }

  private static String reason(Verdict verdict, ReplayAnswer after, String waits) {
    return switch (verdict) {
      case Verdict.Deny deny -> deny.reason();
      case Verdict.Allow allow ->
          switch (after) {
            case ALLOWED -> "";
            case HELD -> "waits for " + waits;
            case DENIED ->
                "those who may approve it are too few without whoever asked: "
                    + allow.conditions().text();
          };
    };
  }

  private static Bytes payload(SigningRequest request, Address account) {
    return request
        .admission()
        .map(SigningRequest.Admission::payload)
        .orElseGet(
            () ->
                switch (request.content().intent()) {
                  case Intent.OfTransaction intent ->
                      UnsignedTransaction.of(
                              request.content().chain(),
                              new Nonce(0),
                              request.content().fees().orElse(NOTHING),
                              intent,
                              request.content().envelope().orElse(Envelope.FeeMarket.PLAIN))
                          .encode();
                  case Intent.OfMessage message ->
                      SignableMessage.read(message, account) instanceof Understood understood
                          ? understood.preimage()
                          : Bytes.EMPTY;
                });
  }
}
