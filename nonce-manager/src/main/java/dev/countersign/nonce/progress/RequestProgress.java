package dev.countersign.nonce.progress;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.RequestLedger;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.request.RequestMove;
import dev.countersign.core.request.SigningRequest;
import dev.countersign.core.request.SigningRequestId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Moves requests on and writes down that they moved, in the transaction that also holds the cause.
public final class RequestProgress {
  private final RequestLedger requests;
  private final AuditTrail audit;
  private final Actor actor;

  /// @param actor whose doing it is
  public RequestProgress(RequestLedger requests, AuditTrail audit, Actor actor) {
    this.requests = requests;
    this.audit = audit;
    this.actor = actor;
  }

  /// A move and what is written down for it.
  public record Step(RequestMove move, AuditEvent event) {}

  /// Makes the moves that are legal, and writes down those and no others: what somebody else has
  /// moved on is in the log already.
  public void make(Transaction transaction, List<Step> steps) {
    if (steps.isEmpty()) {
      return;
    }
    Set<SigningRequestId> moved =
        requests.move(transaction, steps.stream().map(Step::move).toList());
    if (moved.isEmpty()) {
      return;
    }
    Map<SigningRequestId, Digest32> digests = digests(transaction, moved);
    audit.append(
        transaction,
        steps.stream()
            .filter(step -> moved.contains(step.move().request()))
            .map(step -> entry(step, digests))
            .toList());
  }

  /// What happened to a request without moving it.
  public record Note(SigningRequestId request, Instant at, AuditEvent event) {}

  /// Writes down what moves nothing.
  public void note(Transaction transaction, List<Note> notes) {
    if (notes.isEmpty()) {
      return;
    }
    Map<SigningRequestId, Digest32> digests =
        digests(transaction, notes.stream().map(Note::request).collect(Collectors.toSet()));
    audit.append(
        transaction,
        notes.stream()
            .map(note -> entry(note.request(), note.at(), note.event(), digests))
            .toList());
  }

  private Map<SigningRequestId, Digest32> digests(
      Transaction transaction, Set<SigningRequestId> requests) {
    return this.requests.findAll(transaction, requests).stream()
        .collect(Collectors.toMap(SigningRequest::id, SigningRequest::digest));
  }

  private AuditRecord entry(Step step, Map<SigningRequestId, Digest32> digests) {
    return entry(step.move().request(), step.move().at(), step.event(), digests);
  }

  private AuditRecord entry(
      SigningRequestId request,
      Instant at,
      AuditEvent event,
      Map<SigningRequestId, Digest32> digests) {
    Digest32 digest = digests.get(request);
    if (digest == null) {
      throw new IllegalStateException("request " + request + " was moved but is not stored");
    }
    return AuditRecord.of(at, actor, request, digest, event);
  }
}
