package dev.countersign.server.grpc;

import dev.countersign.api.v1.CancelSigningRequestRequest;
import dev.countersign.api.v1.CancelSigningRequestResponse;
import dev.countersign.api.v1.Forecast;
import dev.countersign.api.v1.GetSigningRequestRequest;
import dev.countersign.api.v1.GetSigningRequestResponse;
import dev.countersign.api.v1.ListSigningRequestsRequest;
import dev.countersign.api.v1.ListSigningRequestsResponse;
import dev.countersign.api.v1.SignMessageRequest;
import dev.countersign.api.v1.SignMessageResponse;
import dev.countersign.api.v1.SignTransactionRequest;
import dev.countersign.api.v1.SignTransactionResponse;
import dev.countersign.api.v1.SignTypedDataRequest;
import dev.countersign.api.v1.SignTypedDataResponse;
import dev.countersign.api.v1.SigningServiceGrpc;
import dev.countersign.api.v1.SpeedUpSigningRequestRequest;
import dev.countersign.api.v1.SpeedUpSigningRequestResponse;
import dev.countersign.api.v1.SubmitBatchRequest;
import dev.countersign.api.v1.SubmitBatchResponse;
import dev.countersign.api.v1.WaitSigningRequestRequest;
import dev.countersign.api.v1.WaitSigningRequestResponse;
import dev.countersign.api.v1.WatchSigningRequestRequest;
import dev.countersign.api.v1.WatchSigningRequestResponse;
import dev.countersign.core.pipeline.ForecastOutcome;
import dev.countersign.core.pipeline.SigningPipeline;
import dev.countersign.core.pipeline.Submission;
import dev.countersign.core.pipeline.SubmitOutcome;
import dev.countersign.core.port.RequestLedger;
import dev.countersign.core.request.Refusal.Code;
import dev.countersign.core.request.SigningRequest;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.server.access.Caller;
import dev.countersign.server.blob.BlobReading;
import dev.countersign.server.watch.RequestWatch;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import org.slf4j.MDC;

/// `countersign.v1.SigningService`. A client sees its own requests only.
public final class SigningGrpc extends SigningServiceGrpc.SigningServiceImplBase {
  private static final int DEFAULT_PAGE = 50;
  private static final int LARGEST_PAGE = 500;
  private static final String REQUEST_ID = "request_id";

  private final SigningPipeline pipeline;
  private final BlobReading blobs;
  private final Batching batching;
  private final Replacing replacing;
  private final RequestLedger requests;
  private final OwnRequests own;
  private final RequestFollowing following;
  private final RequestMessages messages;
  private final RequestProofs proofs;
  private final StrictAnswers strict;

  public SigningGrpc(
      SigningPipeline pipeline,
      BlobReading blobs,
      Batching batching,
      Replacing replacing,
      RequestLedger requests,
      RequestWatch watch,
      RequestMessages messages,
      RequestProofs proofs,
      StrictAnswers strict) {
    this.pipeline = pipeline;
    this.blobs = blobs;
    this.batching = batching;
    this.replacing = replacing;
    this.requests = requests;
    this.own = new OwnRequests(requests);
    this.following = new RequestFollowing(requests, watch, messages);
    this.messages = messages;
    this.proofs = proofs;
    this.strict = strict;
  }

  @Override
  public void signTransaction(
      SignTransactionRequest request, StreamObserver<SignTransactionResponse> answer) {
    try (var _ = MDC.putCloseable(REQUEST_ID, request.getRequestId())) {
      Submission submission = SubmissionReader.read(request, Caller.current(), blobs);
      SignTransactionResponse.Builder response = SignTransactionResponse.newBuilder();
      if (request.getValidateOnly()) {
        response.setForecast(forecast(submission));
      } else {
        Submitted submitted = submit(submission, request.getWithProof());
        response.setRequest(submitted.request()).addAllAuditProofs(submitted.proofs());
      }
      answer.onNext(response.build());
      answer.onCompleted();
    }
  }

  @Override
  public void signMessage(SignMessageRequest request, StreamObserver<SignMessageResponse> answer) {
    try (var _ = MDC.putCloseable(REQUEST_ID, request.getRequestId())) {
      Submission submission = MessageReader.read(request, Caller.current());
      SignMessageResponse.Builder response = SignMessageResponse.newBuilder();
      if (request.getValidateOnly()) {
        response.setForecast(forecast(submission));
      } else {
        Submitted submitted = submit(submission, request.getWithProof());
        response.setRequest(submitted.request()).addAllAuditProofs(submitted.proofs());
      }
      answer.onNext(response.build());
      answer.onCompleted();
    }
  }

  @Override
  public void signTypedData(
      SignTypedDataRequest request, StreamObserver<SignTypedDataResponse> answer) {
    try (var _ = MDC.putCloseable(REQUEST_ID, request.getRequestId())) {
      Submission submission = MessageReader.read(request, Caller.current());
      SignTypedDataResponse.Builder response = SignTypedDataResponse.newBuilder();
      if (request.getValidateOnly()) {
        response.setForecast(forecast(submission));
      } else {
        Submitted submitted = submit(submission, request.getWithProof());
        response.setRequest(submitted.request()).addAllAuditProofs(submitted.proofs());
      }
      answer.onNext(response.build());
      answer.onCompleted();
    }
  }

  private record Submitted(dev.countersign.api.v1.SigningRequest request, List<String> proofs) {}

  private Submitted submit(Submission submission, boolean withProof) {
    return switch (pipeline.submit(submission)) {
      case SubmitOutcome.Processed processed -> {
        strict.await(processed.request().state());
        yield new Submitted(
            messages.of(processed.request(), processed.signed()),
            proofs(processed.request(), withProof));
      }
      case SubmitOutcome.Refused refused ->
          throw new RefusedException(refused.refusal(), submission.key().requestId());
    };
  }

  private Forecast forecast(Submission submission) {
    return switch (pipeline.forecast(submission)) {
      case ForecastOutcome.Judged judged -> {
        Forecast.Builder forecast =
            ForecastMessages.of(judged.forecast()).toBuilder()
                .setPayload(RequestMessages.bytes(judged.payload()));
        judged.nonce().ifPresent(nonce -> forecast.setNonce(nonce.value()));
        yield forecast.build();
      }
      case ForecastOutcome.Refused refused ->
          throw new RefusedException(refused.refusal(), submission.key().requestId());
    };
  }

  @Override
  public void submitBatch(SubmitBatchRequest request, StreamObserver<SubmitBatchResponse> answer) {
    answer.onNext(batching.submit(request, Caller.current()));
    answer.onCompleted();
  }

  @Override
  public void getSigningRequest(
      GetSigningRequestRequest request, StreamObserver<GetSigningRequestResponse> answer) {
    SigningRequest found = own.find(request.getId(), request.getRequestId());
    answer.onNext(
        GetSigningRequestResponse.newBuilder()
            .setRequest(messages.of(found))
            .addAllAuditProofs(proofs(found, request.getWithProof()))
            .build());
    answer.onCompleted();
  }

  @Override
  public void waitSigningRequest(
      WaitSigningRequestRequest request, StreamObserver<WaitSigningRequestResponse> answer) {
    SigningRequest found = own.find(request.getId(), request.getRequestId());
    answer.onNext(
        following.await(found, request).toBuilder()
            .addAllAuditProofs(proofs(found, request.getWithProof()))
            .build());
    answer.onCompleted();
  }

  @Override
  public void watchSigningRequest(
      WatchSigningRequestRequest request, StreamObserver<WatchSigningRequestResponse> answer) {
    SigningRequest found = own.find(request.getId(), request.getRequestId());
    following.follow(found, answer);
  }

  @Override
  public void cancelSigningRequest(
      CancelSigningRequestRequest request, StreamObserver<CancelSigningRequestResponse> answer) {
    SigningRequest found = own.find(request.getId(), request.getRequestId());
    SigningRequest now = replacing.cancel(found, Caller.current().actor());
    strict.await(now.state());
    answer.onNext(CancelSigningRequestResponse.newBuilder().setRequest(messages.of(now)).build());
    answer.onCompleted();
  }

  @Override
  public void speedUpSigningRequest(
      SpeedUpSigningRequestRequest request, StreamObserver<SpeedUpSigningRequestResponse> answer) {
    SigningRequest found = own.find(request.getId(), request.getRequestId());
    SigningRequest now = replacing.speedUp(found, request, Caller.current().actor());
    strict.await(now.state());
    answer.onNext(SpeedUpSigningRequestResponse.newBuilder().setRequest(messages.of(now)).build());
    answer.onCompleted();
  }

  @Override
  public void listSigningRequests(
      ListSigningRequestsRequest request, StreamObserver<ListSigningRequestsResponse> answer) {
    FieldReader fields = new FieldReader("");
    int size = request.getPageSize() == 0 ? DEFAULT_PAGE : request.getPageSize();
    if (size < 1 || size > LARGEST_PAGE) {
      throw fields.refused(
          "page_size", Code.MALFORMED, "page_size is %d, expected 1 to 500".formatted(size));
    }
    Optional<SigningRequestId> before =
        request.getPageToken().isEmpty()
            ? Optional.empty()
            : Optional.of(
                fields.read(
                    "page_token", Code.MALFORMED, request.getPageToken(), SigningRequestId::parse));
    List<SigningRequest> page = requests.list(Caller.current().id(), before, size);
    answer.onNext(
        ListSigningRequestsResponse.newBuilder()
            .addAllRequests(page.stream().map(messages::of).toList())
            .setNextPageToken(page.size() < size ? "" : page.getLast().id().toString())
            .build());
    answer.onCompleted();
  }

  private List<String> proofs(SigningRequest request, boolean wanted) {
    return wanted ? proofs.of(request.id()) : List.of();
  }
}
