package dev.countersign.core.pipeline;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.decision.Permit;
import dev.countersign.core.evm.RecoverableSignature;
import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.freeze.FrozenScopes;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.Freezes;
import dev.countersign.core.port.NonceLedger;
import dev.countersign.core.port.PolicyEngine;
import dev.countersign.core.port.RequestLedger;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.RequestMove;
import dev.countersign.core.request.SigningRequest;
import dev.countersign.core.request.SigningRequestId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The second of the two transactions of a request. When it commits, the signed bytes are written
/// ahead of their broadcast (the signature, of a message), the limits are committed (or released,
/// with the nonce, when the key could not sign), and the audit entry is durable; or none of it.
final class Settlement {
  private static final Actor ACTOR = Actor.system("pipeline");

  private final UnitOfWork unitOfWork;
  private final RequestLedger requests;
  private final PolicyEngine policy;
  private final Freezes freezes;
  private final NonceLedger nonces;
  private final AuditTrail audit;
  private final InstantSource clock;

  Settlement(
      UnitOfWork unitOfWork,
      RequestLedger requests,
      PolicyEngine policy,
      Freezes freezes,
      NonceLedger nonces,
      AuditTrail audit,
      InstantSource clock) {
    this.unitOfWork = unitOfWork;
    this.requests = requests;
    this.policy = policy;
    this.freezes = freezes;
    this.nonces = nonces;
    this.audit = audit;
    this.clock = clock;
  }

  /// What the key made of an admitted request.
  sealed interface Result {
    SigningRequest request();

    record Signed(SigningRequest request, Wallet wallet, SignedTransaction transaction)
        implements Result {}

    record SignedMessage(
        SigningRequest request, Wallet wallet, Permit permit, RecoverableSignature signature)
        implements Result {}

    record Failed(SigningRequest request, String reason) implements Result {}
  }

  /// Two signers of one request (its first one, slow, and one that resumed it) may both come here:
  /// the first settles, the other's signature is dropped and never leaves. So is a signature that a
  /// freeze overtook: its request stays ADMITTED, and is signed again after the thaw.
  ///
  /// @return each request as it is stored now, in order; durable
  List<SigningRequest> settle(List<Result> results) {
    return unitOfWork.inTransaction(transaction -> settle(transaction, results));
  }

  private List<SigningRequest> settle(Transaction transaction, List<Result> results) {
    Instant now = clock.instant();
    Map<SigningRequestId, Result> chosen = oneForEach(thatMaySettle(transaction, results));
    Set<SigningRequestId> moved =
        requests.move(
            transaction, chosen.values().stream().map(result -> move(result, now)).toList());
    List<NonceLedger.Signed> signed = new ArrayList<>();
    Set<SigningRequestId> committed = new HashSet<>();
    Set<SigningRequestId> released = new HashSet<>();
    List<AuditRecord> records = new ArrayList<>();
    for (Result result : chosen.values()) {
      if (moved.contains(result.request().id())) {
        switch (result) {
          case Result.Signed done -> {
            signed.add(new NonceLedger.Signed(done.request().id(), done.transaction()));
            committed.add(done.request().id());
          }
          case Result.SignedMessage done -> committed.add(done.request().id());
          case Result.Failed failed -> released.add(failed.request().id());
        }
        records.add(record(result, now));
      }
    }
    if (!signed.isEmpty()) {
      nonces.recordSigned(transaction, signed);
    }
    if (!committed.isEmpty()) {
      policy.commit(transaction, committed);
    }
    if (!released.isEmpty()) {
      nonces.release(transaction, released);
      policy.release(transaction, released);
    }
    audit.append(transaction, records);
    return stored(transaction, results, chosen, moved, now);
  }

  private List<Result> thatMaySettle(Transaction transaction, List<Result> results) {
    FrozenScopes frozen = freezes.hold(transaction);
    return results.stream()
        .filter(
            result ->
                switch (result) {
                  case Result.Signed signed -> isFree(frozen, signed.wallet(), signed.request());
                  case Result.SignedMessage signed ->
                      isFree(frozen, signed.wallet(), signed.request());
                  case Result.Failed _ -> true;
                })
        .toList();
  }

  private static boolean isFree(FrozenScopes frozen, Wallet wallet, SigningRequest request) {
    return frozen.covering(wallet, request.content().chain()).isEmpty();
  }

  /// Both signers of a request may be in one batch: a signature counts for more than a failure.
  private static Map<SigningRequestId, Result> oneForEach(List<Result> results) {
    Map<SigningRequestId, Result> chosen = new LinkedHashMap<>();
    for (Result result : results) {
      chosen.merge(
          result.request().id(),
          result,
          (first, second) -> first instanceof Result.Failed ? second : first);
    }
    return chosen;
  }

  private static RequestMove move(Result result, Instant now) {
    SigningRequestId id = result.request().id();
    return switch (result) {
      case Result.Signed signed -> new RequestMove.Sign(id, now, signed.transaction().hash());
      case Result.SignedMessage signed -> new RequestMove.SignMessage(id, now, signed.signature());
      case Result.Failed failed -> new RequestMove.Fail(id, now, failed.reason());
    };
  }

  private static AuditRecord record(Result result, Instant now) {
    SigningRequest request = result.request();
    AuditEvent event =
        switch (result) {
          case Result.Signed signed ->
              new AuditEvent.TransactionSigned(
                  request.content().chain(),
                  request.admission().orElseThrow().nonce().orElseThrow(),
                  signed.transaction().hash());
          case Result.SignedMessage signed ->
              new AuditEvent.MessageSigned(
                  request.content().chain(),
                  signed.permit().signingDigest(),
                  signed.signature().ethereum());
          case Result.Failed failed -> new AuditEvent.RequestFailed(failed.reason());
        };
    return AuditRecord.of(now, ACTOR, request.id(), request.digest(), event);
  }

  private List<SigningRequest> stored(
      Transaction transaction,
      List<Result> results,
      Map<SigningRequestId, Result> chosen,
      Set<SigningRequestId> moved,
      Instant now) {
    Set<SigningRequestId> lost =
        results.stream()
            .map(result -> result.request().id())
            .filter(id -> !moved.contains(id))
            .collect(Collectors.toSet());
    Map<SigningRequestId, SigningRequest> current =
        lost.isEmpty()
            ? Map.of()
            : requests.findAll(transaction, lost).stream()
                .collect(Collectors.toMap(SigningRequest::id, Function.identity()));
    return results.stream()
        .map(
            result -> {
              SigningRequestId id = result.request().id();
              SigningRequest winner = current.get(id);
              return winner != null ? winner : after(chosen.getOrDefault(id, result), now);
            })
        .toList();
  }

  private static SigningRequest after(Result result, Instant now) {
    return switch (result) {
      case Result.Signed signed -> signed.request().signed(now, signed.transaction().hash());
      case Result.SignedMessage signed -> signed.request().signed(now, signed.signature());
      case Result.Failed failed -> failed.request().failed(now, failed.reason());
    };
  }
}
