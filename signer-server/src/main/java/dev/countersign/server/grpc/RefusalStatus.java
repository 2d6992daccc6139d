package dev.countersign.server.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.countersign.core.request.Refusal;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;

/// A refusal as the API documents it (AIP-193): a status whose first detail is an `ErrorInfo` with
/// the refusal's code as `reason`, a `BadRequest` when one field is to blame, a `RetryInfo` when
/// the same call may succeed later.
public final class RefusalStatus {
  public static final String DOMAIN = "countersign.dev";
  private static final long RETRY_SECONDS = 1;

  private RefusalStatus() {}

  /// Ends a call that has not been answered.
  public static void close(ServerCall<?, ?> call, Refusal refusal) {
    StatusRuntimeException exception = of(refusal);
    Metadata trailers = exception.getTrailers();
    call.close(exception.getStatus(), trailers == null ? new Metadata() : trailers);
  }

  public static StatusRuntimeException of(Refusal refusal) {
    Status.Builder status =
        Status.newBuilder()
            .setCode(code(refusal.code()).getNumber())
            .setMessage(refusal.message())
            .addDetails(
                Any.pack(
                    ErrorInfo.newBuilder()
                        .setReason(refusal.code().name())
                        .setDomain(DOMAIN)
                        .putMetadata("field", refusal.field())
                        .build()));
    if (!refusal.field().isEmpty()) {
      status.addDetails(
          Any.pack(
              BadRequest.newBuilder()
                  .addFieldViolations(
                      BadRequest.FieldViolation.newBuilder()
                          .setField(refusal.field())
                          .setDescription(refusal.message()))
                  .build()));
    }
    if (refusal.isRetryable()) {
      status.addDetails(
          Any.pack(
              RetryInfo.newBuilder()
                  .setRetryDelay(Duration.newBuilder().setSeconds(RETRY_SECONDS))
                  .build()));
    }
    return StatusProto.toStatusRuntimeException(status.build());
  }

  private static Code code(Refusal.Code code) {
    return switch (code) {
      case TOO_LARGE -> Code.RESOURCE_EXHAUSTED;
      case MALFORMED,
          INVALID_ADDRESS,
          INVALID_AMOUNT,
          INVALID_CALL_DATA,
          INVALID_MESSAGE,
          CHAIN_MISMATCH,
          UNPROTECTED_LEGACY_TRANSACTION,
          UNSUPPORTED_TRANSACTION,
          INVALID_BLOBS,
          INVALID_POLICY ->
          Code.INVALID_ARGUMENT;
      case UNKNOWN_WALLET, UNKNOWN_CHAIN, NOT_FOUND -> Code.NOT_FOUND;
      case REQUEST_ID_REUSED, ALREADY_EXISTS -> Code.ALREADY_EXISTS;
      case INSUFFICIENT_FUNDS,
          LANE_PAUSED,
          NO_PRIVATE_RELAY,
          LANE_FULL,
          UNUSABLE_FEES,
          MARKET_ABOVE_CAP,
          SIMULATION_REVERTED,
          APPROVAL_NOT_COUNTED,
          NOT_PENDING,
          NOT_PAUSED,
          QUORUM_REQUIRED,
          PROPOSAL_IMPOSSIBLE,
          FEE_CAP_REACHED,
          REPLACEMENT_DENIED ->
          Code.FAILED_PRECONDITION;
      case STALE_ETAG -> Code.ABORTED;
      case NODE_UNAVAILABLE, UNAVAILABLE, BLOBS_UNAVAILABLE, PROOF_PENDING, ARCHIVE_UNAVAILABLE ->
          Code.UNAVAILABLE;
      case UNAUTHENTICATED -> Code.UNAUTHENTICATED;
      case PERMISSION_DENIED -> Code.PERMISSION_DENIED;
    };
  }
}
