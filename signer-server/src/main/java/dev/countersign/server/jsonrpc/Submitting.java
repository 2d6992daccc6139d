package dev.countersign.server.jsonrpc;

import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.evm.BlobSidecar;
import dev.countersign.core.evm.Envelope;
import dev.countersign.core.pipeline.SigningPipeline;
import dev.countersign.core.pipeline.Submission;
import dev.countersign.core.pipeline.SubmitOutcome;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.PayloadLedger;
import dev.countersign.core.port.RequestLedger;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.replacement.NoncePayloads;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.Refusal;
import dev.countersign.core.request.RequestContent;
import dev.countersign.core.request.SigningRequest;
import dev.countersign.server.grpc.ProofPendingException;
import dev.countersign.server.grpc.StrictAnswers;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/// Hands what a call asks for to the pipeline, and answers it.
final class Submitting {
  private final SigningPipeline pipeline;
  private final RequestLedger requests;
  private final PayloadLedger payloads;
  private final StrictAnswers strict;
  private final UnitOfWork unitOfWork;
  private final AuditTrail audit;
  private final InstantSource clock;

  Submitting(
      SigningPipeline pipeline,
      RequestLedger requests,
      PayloadLedger payloads,
      StrictAnswers strict,
      UnitOfWork unitOfWork,
      AuditTrail audit,
      InstantSource clock) {
    this.pipeline = pipeline;
    this.requests = requests;
    this.payloads = payloads;
    this.strict = strict;
    this.unitOfWork = unitOfWork;
    this.audit = audit;
    this.clock = clock;
  }

  /// What is asked for: with the same idempotency key as before it is the same request, whatever
  /// fees a library has filled in meanwhile.
  ///
  /// @param asked without fees
  /// @param complete the same with its fees; only called for a request that is new
  JsonNode submit(
      RpcCallContext call, String method, RequestContent asked, Supplier<RequestContent> complete) {
    return submit(call, method, asked, complete, Optional.empty());
  }

  /// The same for a transaction with blobs.
  JsonNode submit(
      RpcCallContext call,
      String method,
      RequestContent asked,
      Supplier<RequestContent> complete,
      Optional<BlobSidecar> sidecar) {
    IdempotencyKey key = call.request();
    Optional<JsonNode> before = known(call, method, key, asked);
    if (before.isPresent()) {
      return before.get();
    }
    Submission submission =
        new Submission(
            key,
            complete.get(),
            call.caller().actor(),
            Optional.of(call.caller().origin()),
            sidecar);
    return switch (pipeline.submit(submission)) {
      case SubmitOutcome.Processed processed -> answer(processed.request(), Optional.empty());
      case SubmitOutcome.Refused refused -> {
        // The same call, made again before the first one was stored, has other fees by then: it is
        // not told to use another key, with which it would send twice.
        if (refused.refusal().code() == Refusal.Code.REQUEST_ID_REUSED) {
          Optional<JsonNode> meanwhile = known(call, method, key, asked);
          if (meanwhile.isPresent()) {
            yield meanwhile.get();
          }
        }
        throw refused(call, method, key, refused.refusal());
      }
    };
  }

  /// @return nothing when no request has the key, or the call has none
  private Optional<JsonNode> known(
      RpcCallContext call, String method, IdempotencyKey key, RequestContent asked) {
    Optional<SigningRequest> known = call.key().isPresent() ? requests.find(key) : Optional.empty();
    if (known.isPresent() && !isSame(known.get().content(), asked)) {
      throw refused(
          call,
          method,
          key,
          new Refusal(
              Refusal.Code.REQUEST_ID_REUSED,
              "Idempotency-Key",
              "\"%s\" belongs to request %s with other content; use a new one"
                  .formatted(key.requestId(), known.get().id())));
    }
    return known.map(
        request ->
            answer(request, request.transactionHash().flatMap(_ -> payloads.find(request.id()))));
  }

  private static boolean isSame(RequestContent one, RequestContent other) {
    return one.wallet().equals(other.wallet())
        && one.chain().equals(other.chain())
        && one.intent().equals(other.intent())
        && withoutFee(one).equals(withoutFee(other));
  }

  /// What a plain type is called makes no difference.
  private static Optional<Envelope> withoutFee(RequestContent content) {
    return content.envelope().filter(envelope -> !envelope.isPlain()).map(Envelope::withoutFee);
  }

  private JsonNode answer(SigningRequest request, Optional<NoncePayloads> all) {
    try {
      strict.await(request.state());
    } catch (ProofPendingException e) {
      throw RequestAnswers.pending(request);
    }
    return RequestAnswers.of(request, all);
  }

  /// Audited before it is answered.
  RpcException refused(RpcCallContext call, String method, IdempotencyKey key, Refusal refusal) {
    AuditRecord record =
        AuditRecord.of(
            clock.instant(),
            call.caller().actor(),
            new AuditEvent.RequestRefused("jsonrpc/" + method, key.requestId(), refusal));
    unitOfWork.run(transaction -> audit.append(transaction, List.of(record)));
    return RpcError.of(refusal).thrown();
  }
}
