package dev.countersign.server.grpc;

import dev.countersign.api.v1.BatchError;
import dev.countersign.api.v1.BatchItem;
import dev.countersign.api.v1.BatchResult;
import dev.countersign.api.v1.SigningServiceGrpc;
import dev.countersign.api.v1.SubmitBatchRequest;
import dev.countersign.api.v1.SubmitBatchResponse;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.pipeline.SigningPipeline;
import dev.countersign.core.pipeline.Submission;
import dev.countersign.core.pipeline.SubmitOutcome;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.Refusal;
import dev.countersign.core.request.Refusal.Code;
import dev.countersign.server.access.Caller;
import dev.countersign.server.blob.BlobReading;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// Many submissions in one call, each a request of its own.
public final class Batching {
  /// The most items of a batch.
  static final int MOST = 100;

  private final SigningPipeline pipeline;
  private final BlobReading blobs;
  private final RequestMessages messages;
  private final StrictAnswers strict;
  private final UnitOfWork unitOfWork;
  private final AuditTrail audit;
  private final InstantSource clock;

  public Batching(
      SigningPipeline pipeline,
      BlobReading blobs,
      RequestMessages messages,
      StrictAnswers strict,
      UnitOfWork unitOfWork,
      AuditTrail audit,
      InstantSource clock) {
    this.pipeline = pipeline;
    this.blobs = blobs;
    this.messages = messages;
    this.strict = strict;
    this.unitOfWork = unitOfWork;
    this.audit = audit;
    this.clock = clock;
  }

  /// An item that can be asked for, or why not.
  private sealed interface Item {
    record Asked(Submission submission) implements Item {}

    record Wrong(Refusal refusal) implements Item {}
  }

  /// @throws RefusedException when it is no batch; then nothing of it was done
  SubmitBatchResponse submit(SubmitBatchRequest batch, Caller caller) {
    List<BatchItem> items = batch.getItemsList();
    refuseUnlessBatch(items);
    List<Item> read = items.stream().map(item -> read(item, caller, blobs)).toList();
    List<SubmitOutcome> outcomes =
        pipeline.submitAll(
            read.stream()
                .filter(Item.Asked.class::isInstance)
                .map(item -> ((Item.Asked) item).submission())
                .toList());
    List<SubmitOutcome> all = inOrder(read, outcomes);
    auditRefused(items, all, caller);
    all.stream()
        .filter(SubmitOutcome.Processed.class::isInstance)
        .map(outcome -> ((SubmitOutcome.Processed) outcome).request().state())
        .distinct()
        .forEach(strict::await);
    SubmitBatchResponse.Builder response = SubmitBatchResponse.newBuilder();
    for (int i = 0; i < items.size(); i++) {
      response.addResults(result(requestId(items.get(i)), all.get(i)));
    }
    return response.build();
  }

  /// What makes the order or the number of requests doubtful stops all of it.
  private static void refuseUnlessBatch(List<BatchItem> items) {
    FieldReader fields = new FieldReader("");
    if (items.isEmpty() || items.size() > MOST) {
      throw fields.refused(
          "items", Code.MALFORMED, "a batch of %d, expected 1 to %d".formatted(items.size(), MOST));
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < items.size(); i++) {
      String id = requestId(items.get(i));
      if (!id.isEmpty() && !seen.add(id)) {
        throw fields.refused(
            "items[%d].request_id".formatted(i),
            Code.MALFORMED,
            "the request_id of an item before it; each needs one of its own");
      }
    }
  }

  private static Item read(BatchItem item, Caller caller, BlobReading blobs) {
    int size = item.getSerializedSize() - item.getTransaction().getBlobs().getSerializedSize();
    if (size > RequestBoundary.LARGEST) {
      return new Item.Wrong(
          new Refusal(
              Code.TOO_LARGE,
              "",
              "an item of %d bytes besides its blobs; at most %d are read"
                  .formatted(size, RequestBoundary.LARGEST)));
    }
    boolean validateOnly =
        item.getTransaction().getValidateOnly()
            || item.getMessage().getValidateOnly()
            || item.getTypedData().getValidateOnly();
    boolean withProof =
        item.getTransaction().getWithProof()
            || item.getMessage().getWithProof()
            || item.getTypedData().getWithProof();
    if (validateOnly || withProof) {
      String field = validateOnly ? "validate_only" : "with_proof";
      return new Item.Wrong(
          new Refusal(Code.MALFORMED, field, field + " is for single calls; leave it out"));
    }
    try {
      return switch (item.getItemCase()) {
        case TRANSACTION ->
            new Item.Asked(SubmissionReader.read(item.getTransaction(), caller, blobs));
        case MESSAGE -> new Item.Asked(MessageReader.read(item.getMessage(), caller));
        case TYPED_DATA -> new Item.Asked(MessageReader.read(item.getTypedData(), caller));
        case ITEM_NOT_SET ->
            new Item.Wrong(
                new Refusal(
                    Code.MALFORMED, "item", "one of transaction, message, typed_data is required"));
      };
    } catch (RefusedException e) {
      return new Item.Wrong(e.refusal());
    }
  }

  private static List<SubmitOutcome> inOrder(List<Item> read, List<SubmitOutcome> outcomes) {
    SubmitOutcome[] all = new SubmitOutcome[read.size()];
    int next = 0;
    for (int i = 0; i < all.length; i++) {
      all[i] =
          switch (read.get(i)) {
            case Item.Asked _ -> outcomes.get(next++);
            case Item.Wrong(Refusal refusal) -> new SubmitOutcome.Refused(refusal);
          };
    }
    return Arrays.stream(all).map(Objects::requireNonNull).toList();
  }

  /// As of a call by itself: durable before it is answered.
  private void auditRefused(List<BatchItem> items, List<SubmitOutcome> all, Caller caller) {
    List<AuditRecord> records = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      if (all.get(i) instanceof SubmitOutcome.Refused(Refusal refusal)) {
        records.add(
            AuditRecord.of(
                clock.instant(),
                caller.actor(),
                new AuditEvent.RequestRefused(
                    SigningServiceGrpc.getSubmitBatchMethod().getFullMethodName(),
                    requestId(items.get(i)),
                    refusal)));
      }
    }
    if (!records.isEmpty()) {
      unitOfWork.run(transaction -> audit.append(transaction, records));
    }
  }

  private BatchResult result(String requestId, SubmitOutcome outcome) {
    BatchResult.Builder result = BatchResult.newBuilder().setRequestId(requestId);
    switch (outcome) {
      case SubmitOutcome.Processed processed ->
          result.setRequest(messages.of(processed.request(), processed.signed()));
      case SubmitOutcome.Refused(Refusal refusal) ->
          result.setError(
              BatchError.newBuilder()
                  .setReason(refusal.code().name())
                  .setField(refusal.field())
                  .setMessage(refusal.message())
                  .setRetryable(refusal.isRetryable()));
    }
    return result.build();
  }

  private static String requestId(BatchItem item) {
    return switch (item.getItemCase()) {
      case TRANSACTION -> item.getTransaction().getRequestId();
      case MESSAGE -> item.getMessage().getRequestId();
      case TYPED_DATA -> item.getTypedData().getRequestId();
      case ITEM_NOT_SET -> "";
    };
  }
}
