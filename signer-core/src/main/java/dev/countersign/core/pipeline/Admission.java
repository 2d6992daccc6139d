package dev.countersign.core.pipeline;

import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.decision.Decision;
import dev.countersign.core.decision.Permit;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.NonceLedger;
import dev.countersign.core.port.PolicyEngine;
import dev.countersign.core.port.RequestLedger;
import dev.countersign.core.port.RequestLedger.Registration;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.NewRequest;
import dev.countersign.core.request.Refusal;
import dev.countersign.core.request.RequestMove;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequest;
import dev.countersign.core.request.SigningRequestId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The first of the two transactions of a request. When it commits, policy has judged the very
/// bytes, the limits are reserved, the nonce is owned, and the audit entry is durable; or none of
/// it.
///
/// What an account cannot pay, besides all that is in flight from it, is told under the lock of its
/// lane and leaves no trace: no node would take it, and it would keep every later nonce waiting. So
/// is that the lane is paused or full.
///
/// Locks are taken in one order by every instance: idempotency keys, lanes, limit scopes.
final class Admission {
  private final UnitOfWork unitOfWork;
  private final RequestLedger requests;
  private final PolicyEngine policy;
  private final NonceLedger nonces;
  private final AuditTrail audit;
  private final InstantSource clock;

  Admission(
      UnitOfWork unitOfWork,
      RequestLedger requests,
      PolicyEngine policy,
      NonceLedger nonces,
      AuditTrail audit,
      InstantSource clock) {
    this.unitOfWork = unitOfWork;
    this.requests = requests;
    this.policy = policy;
    this.nonces = nonces;
    this.audit = audit;
    this.clock = clock;
  }

  /// What came of a candidate.
  sealed interface Outcome {
    /// To be signed now, by whoever asked.
    record Admitted(SigningRequest request, Wallet wallet, Permit permit) implements Outcome {}

    /// Denied now, or known from before in whatever state.
    record Settled(SigningRequest request) implements Outcome {}

    /// The idempotency key belongs to a request with other content.
    record Conflicting(SigningRequest other) implements Outcome {}

    /// The account cannot pay for it now; nothing is stored.
    record Unfunded(Refusal refusal) implements Outcome {}

    /// Its lane gives no nonce now; nothing is stored.
    record Obstructed(Refusal refusal) implements Outcome {}
  }

  /// Rolls back a batch in which these were registered and cannot be paid for, or not be given a
  /// nonce.
  private static final class UnfundedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Map<SigningRequestId, Outcome> outcomes;

    UnfundedException(Map<SigningRequestId, Outcome> outcomes) {
      super("not enough funds, or no nonce, for " + outcomes.keySet(), null, false, false);
      this.outcomes = outcomes;
    }
  }

  /// @return one outcome for each candidate, in order; durable
  List<Outcome> admit(List<Admissible> candidates) {
    Map<SigningRequestId, Outcome> outcomes = new HashMap<>();
    List<Admissible> rest = candidates;
    while (!rest.isEmpty()) {
      List<Admissible> batch = rest;
      try {
        List<Outcome> admitted = unitOfWork.inTransaction(transaction -> admit(transaction, batch));
        for (int i = 0; i < batch.size(); i++) {
          outcomes.put(batch.get(i).request().id(), admitted.get(i));
        }
      } catch (UnfundedException e) {
        // The others once more without these; each time there is at least one less.
        outcomes.putAll(e.outcomes);
      }
      rest = batch.stream().filter(one -> !outcomes.containsKey(one.request().id())).toList();
    }
    return candidates.stream()
        .map(candidate -> Objects.requireNonNull(outcomes.get(candidate.request().id())))
        .toList();
  }

  private List<Outcome> admit(Transaction transaction, List<Admissible> candidates) {
    Map<SigningRequestId, Outcome> outcomes = new HashMap<>();
    Map<SigningRequestId, Admissible> fresh = new LinkedHashMap<>();
    List<Admissible> unknown = candidates.stream().filter(one -> !one.waiting()).toList();
    List<Registration> registrations =
        requests.register(transaction, unknown.stream().map(Admissible::request).toList());
    for (int i = 0; i < unknown.size(); i++) {
      if (registrations.get(i) instanceof Registration.Fresh) {
        fresh.put(unknown.get(i).request().id(), unknown.get(i));
      }
    }
    Map<SigningRequestId, SigningRequest> held = lockHeld(transaction, candidates, outcomes);
    candidates.stream()
        .filter(one -> held.containsKey(one.request().id()))
        .forEach(one -> fresh.put(one.request().id(), one));
    Map<SigningRequestId, Outcome> judged =
        fresh.isEmpty() ? Map.of() : judge(transaction, List.copyOf(fresh.values()), held);
    outcomes.putAll(judged);
    for (int i = 0; i < unknown.size(); i++) {
      SigningRequestId id = unknown.get(i).request().id();
      switch (registrations.get(i)) {
        case Registration.Fresh _ -> {}
        case Registration.Known known ->
            outcomes.put(id, new Outcome.Settled(now(known.request(), judged)));
        case Registration.Conflicting conflict ->
            outcomes.put(id, new Outcome.Conflicting(conflict.request()));
      }
    }
    return candidates.stream()
        .map(candidate -> Objects.requireNonNull(outcomes.get(candidate.request().id())))
        .toList();
  }

  /// Those that still wait, locked. The outcome of the others is how they are now.
  private Map<SigningRequestId, SigningRequest> lockHeld(
      Transaction transaction,
      List<Admissible> candidates,
      Map<SigningRequestId, Outcome> outcomes) {
    Set<SigningRequestId> waiting =
        candidates.stream()
            .filter(Admissible::waiting)
            .map(candidate -> candidate.request().id())
            .collect(Collectors.toSet());
    if (waiting.isEmpty()) {
      return Map.of();
    }
    Map<SigningRequestId, SigningRequest> held =
        requests.lock(transaction, waiting, RequestState.WAITING).stream()
            .collect(Collectors.toMap(SigningRequest::id, Function.identity()));
    Set<SigningRequestId> moved = new HashSet<>(waiting);
    moved.removeAll(held.keySet());
    requests
        .findAll(transaction, moved)
        .forEach(request -> outcomes.put(request.id(), new Outcome.Settled(request)));
    return held;
  }

  /// A request that is known from this very batch is not where it was when it was registered. One
  /// signer is enough for it, so whoever repeats it is not another.
  private static SigningRequest now(SigningRequest known, Map<SigningRequestId, Outcome> judged) {
    return switch (judged.get(known.id())) {
      case Outcome.Admitted admitted -> admitted.request();
      case Outcome.Settled settled -> settled.request();
      case Outcome.Conflicting _, Outcome.Unfunded _, Outcome.Obstructed _ -> known;
      case null -> known;
    };
  }

  /// @return one outcome for each, by request
  private Map<SigningRequestId, Outcome> judge(
      Transaction transaction, List<Admissible> fresh, Map<SigningRequestId, SigningRequest> held) {
    var lanes = nonces.lock(transaction, accounts(fresh));
    var session = policy.open(transaction, fresh.stream().map(Admissible::subject).toList());
    Instant now = clock.instant();
    Map<SigningRequestId, Outcome> outcomes = new HashMap<>();
    Map<SigningRequestId, Outcome> unfunded = new HashMap<>();
    List<RequestMove> moves = new ArrayList<>();
    List<AuditRecord> records = new ArrayList<>();
    for (Admissible candidate : fresh) {
      Optional<Outcome.Obstructed> obstacle = Offer.obstacle(candidate, lanes);
      if (obstacle.isPresent()) {
        unfunded.put(candidate.request().id(), obstacle.get());
        continue;
      }
      Offer offer = Offer.of(candidate, lanes);
      Optional<Outcome.Unfunded> poor = offer.unfunded(lanes);
      if (poor.isPresent()) {
        unfunded.put(candidate.request().id(), poor.get());
        continue;
      }
      switch (session.judge(candidate.subject(), offer.payload())) {
        case Decision.Allowed allowed -> {
          Optional<Outcome.Obstructed> unroutable = offer.unroutable(lanes, allowed.route());
          if (unroutable.isPresent()) {
            unfunded.put(candidate.request().id(), unroutable.get());
            continue;
          }
          offer.take(lanes, allowed.route());
          var admission =
              new SigningRequest.Admission(
                  offer.nonce(),
                  allowed.permit().terms().payload(),
                  allowed.policy().number(),
                  allowed.rule());
          moves.add(new RequestMove.Admit(candidate.request().id(), now, admission));
          records.add(AdmissionRecord.of(offer, now, allowed));
          AdmissionRecord.ofRoute(offer, now, allowed).ifPresent(records::add);
          outcomes.put(
              candidate.request().id(),
              new Outcome.Admitted(
                  stored(candidate, now, admission), candidate.wallet(), allowed.permit()));
        }
        case Decision.Held waiting -> {
          SigningRequest known = held.get(candidate.request().id());
          var move = new RequestMove.Hold(candidate.request().id(), now, holding(waiting));
          if (known == null || known.state() != move.to()) {
            moves.add(move);
          } else {
            requests.explain(transaction, known.id(), waiting.hold().reason());
          }
          records.add(AdmissionRecord.of(offer, now, waiting));
          outcomes.put(candidate.request().id(), new Outcome.Settled(stored(candidate, now, move)));
        }
        case Decision.Denied denied -> {
          var denial =
              new SigningRequest.Denial(denied.policy().number(), denied.rule(), denied.reason());
          moves.add(new RequestMove.Deny(candidate.request().id(), now, denial));
          records.add(AdmissionRecord.of(offer, now, denied));
          outcomes.put(
              candidate.request().id(), new Outcome.Settled(stored(candidate, now, denial)));
        }
      }
    }
    if (!unfunded.isEmpty()) {
      throw new UnfundedException(unfunded);
    }
    session.save();
    lanes.save();
    policy.endHolds(transaction, ended(held.keySet(), moves));
    if (requests.move(transaction, moves).size() != moves.size()) {
      throw new IllegalStateException(
          "a request registered in this transaction was moved by another");
    }
    audit.append(transaction, records);
    return outcomes;
  }

  private static Set<NonceLedger.Account> accounts(List<Admissible> fresh) {
    return fresh.stream()
        .filter(Candidate.class::isInstance)
        .map(paying -> ((Candidate) paying).account())
        .collect(Collectors.toSet());
  }

  /// The held ones that wait no longer.
  private static Set<SigningRequestId> ended(Set<SigningRequestId> held, List<RequestMove> moves) {
    return moves.stream()
        .filter(move -> !(move instanceof RequestMove.Hold))
        .map(RequestMove::request)
        .filter(held::contains)
        .collect(Collectors.toSet());
  }

  private static SigningRequest.Holding holding(Decision.Held held) {
    return new SigningRequest.Holding(
        held.hold().kind(),
        held.policy().number(),
        String.join(", ", held.hold().rules()),
        held.hold().reason());
  }

  private static SigningRequest stored(
      Admissible candidate, Instant now, SigningRequest.Admission admission) {
    return stored(
        candidate,
        now,
        RequestState.ADMITTED,
        Optional.empty(),
        Optional.of(admission),
        Optional.empty());
  }

  private static SigningRequest stored(
      Admissible candidate, Instant now, SigningRequest.Denial denial) {
    return stored(
        candidate,
        now,
        RequestState.DENIED,
        Optional.empty(),
        Optional.empty(),
        Optional.of(denial));
  }

  private static SigningRequest stored(Admissible candidate, Instant now, RequestMove.Hold hold) {
    return stored(
        candidate, now, hold.to(), Optional.of(hold.holding()), Optional.empty(), Optional.empty());
  }

  private static SigningRequest stored(
      Admissible candidate,
      Instant now,
      RequestState state,
      Optional<SigningRequest.Holding> holding,
      Optional<SigningRequest.Admission> admission,
      Optional<SigningRequest.Denial> denial) {
    NewRequest request = candidate.request();
    return new SigningRequest(
        request.id(),
        request.key(),
        request.digest(),
        request.content(),
        request.origin(),
        state,
        request.receivedAt(),
        now,
        holding,
        admission,
        denial,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
