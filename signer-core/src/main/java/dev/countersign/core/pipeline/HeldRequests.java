package dev.countersign.core.pipeline;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.NonceLedger;
import dev.countersign.core.port.PolicyEngine;
import dev.countersign.core.port.PolicyEngine.Due;
import dev.countersign.core.port.PolicyEngine.HoldEnd;
import dev.countersign.core.port.RequestLedger;
import dev.countersign.core.port.StoreUnavailableException;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.RequestMove;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequest;
import dev.countersign.core.request.SigningRequestId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Goes on with requests that waited for approvals or for their time lock, and ends those that
/// waited in vain. Run it every second or so, on every instance.
public final class HeldRequests {
  private static final Logger LOG = LoggerFactory.getLogger(HeldRequests.class);
  private static final Actor ACTOR = Actor.system("pipeline");
  private static final Duration LEASE = Duration.ofSeconds(10);
  private static final int AT_ONCE = 64;

  /// What is admitted is not signed, for good or for bad: a freeze may keep it so for days.
  private static final Set<RequestState> UNSIGNED =
      EnumSet.of(RequestState.PENDING_APPROVAL, RequestState.TIME_LOCKED, RequestState.ADMITTED);

  private final SigningPipeline pipeline;
  private final UnitOfWork unitOfWork;
  private final RequestLedger requests;
  private final NonceLedger nonces;
  private final PolicyEngine policy;
  private final AuditTrail audit;
  private final InstantSource clock;

  public HeldRequests(SigningPipeline pipeline, PipelineParts parts) {
    this.pipeline = pipeline;
    this.unitOfWork = parts.unitOfWork();
    this.requests = parts.requests();
    this.nonces = parts.nonces();
    this.policy = parts.policy();
    this.audit = parts.audit();
    this.clock = parts.clock();
  }

  /// @return how many it looked at; what cannot be finished now is tried again
  public int run() {
    List<Due> due =
        unitOfWork.inTransaction(transaction -> policy.claimDue(transaction, LEASE, AT_ONCE));
    due.forEach(one -> Thread.ofVirtual().name("held").start(() -> goOn(one)));
    return due.size();
  }

  private void goOn(Due due) {
    try {
      if (due.end().isPresent()) {
        end(due.request(), due.end().get());
      } else {
        requests.find(due.request()).ifPresent(this::judgeAgain);
      }
    } catch (StoreUnavailableException e) {
      LOG.warn("held request {} could not be gone on with, and will be tried again", due, e);
    }
  }

  private void judgeAgain(SigningRequest request) {
    if (!RequestState.WAITING.contains(request.state())) {
      unitOfWork.inTransaction(
          transaction -> {
            policy.endHolds(transaction, Set.of(request.id()));
            return request;
          });
      return;
    }
    switch (pipeline.goOn(request)) {
      case SubmitOutcome.Processed processed ->
          LOG.info("held request {}: now {}", request.id(), processed.request().state());
      case SubmitOutcome.Refused refused -> {
        LOG.warn(
            "held request {} cannot go on now, and will be tried again: {}",
            request.id(),
            refused.refusal().message());
        String reason =
            "cannot be signed now, and is tried again: %s: %s"
                .formatted(refused.refusal().code(), refused.refusal().message());
        if (request.holding().filter(holding -> holding.reason().equals(reason)).isEmpty()) {
          unitOfWork.run(transaction -> requests.explain(transaction, request.id(), reason));
        }
      }
    }
  }

  private void end(SigningRequestId request, HoldEnd end) {
    Instant now = clock.instant();
    unitOfWork.inTransaction(
        transaction ->
            requests.lock(transaction, Set.of(request), RequestState.WAITING).stream()
                .map(held -> end(transaction, held, end, now))
                .toList());
  }

  private SigningRequest end(
      Transaction transaction, SigningRequest held, HoldEnd end, Instant now) {
    return switch (end) {
      case HoldEnd.Expired(String reason) ->
          end(
              transaction,
              held,
              new RequestMove.Expire(held.id(), now, reason),
              ACTOR,
              new AuditEvent.RequestExpired(reason));
      case HoldEnd.Rejected(String reason) ->
          end(
              transaction,
              held,
              new RequestMove.Reject(held.id(), now, reason),
              ACTOR,
              new AuditEvent.RequestRejected(reason));
    };
  }

  /// Withdraws a request that is not signed: it waits, or it is admitted and its signature is not
  /// durable. Then its limits and its nonce are free again, and a signature that is made meanwhile
  /// is dropped by [Settlement]. What is withdrawn stays so.
  ///
  /// @return the request as it is then: CANCELLED, or in another state, which it had already
  public Optional<SigningRequest> withdraw(SigningRequestId request, Actor by) {
    Instant now = clock.instant();
    String reason = "withdrawn by " + by.name();
    return unitOfWork.inTransaction(
        transaction -> {
          requests
              .lock(transaction, Set.of(request), UNSIGNED)
              .forEach(
                  held ->
                      end(
                          transaction,
                          held,
                          new RequestMove.Withdraw(held.id(), now, held.state(), reason),
                          by,
                          new AuditEvent.RequestWithdrawn(reason)));
          return requests.findAll(transaction, Set.of(request)).stream().findFirst();
        });
  }

  private SigningRequest end(
      Transaction transaction, SigningRequest held, RequestMove move, Actor by, AuditEvent event) {
    if (requests.move(transaction, List.of(move)).isEmpty()) {
      throw new IllegalStateException("request " + held.id() + " moved under its lock");
    }
    policy.endHolds(transaction, Set.of(held.id()));
    if (held.state() == RequestState.ADMITTED) {
      nonces.release(transaction, Set.of(held.id()));
      policy.release(transaction, Set.of(held.id()));
    }
    audit.append(
        transaction, List.of(AuditRecord.of(move.at(), by, held.id(), held.digest(), event)));
    return held;
  }
}
