package dev.countersign.cli;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;

/// An error status of the server, in words.
///
/// @param message for the person at the terminal
/// @param exitCode one of [ExitCode]
record ServerRefusal(String message, int exitCode) {

  static ServerRefusal of(StatusRuntimeException answer) {
    var status = answer.getStatus();
    var text = new StringBuilder();
    var description = status.getDescription();
    text.append(description == null ? "the server answered " + status.getCode() : description);
    var details = StatusProto.fromThrowable(answer);
    if (details != null) {
      details.getDetailsList().forEach(detail -> append(text, detail));
    }
    if (text.indexOf(status.getCode().name()) < 0) {
      text.append("\n  status: ").append(status.getCode());
    }
    for (var cause = answer.getCause(); cause != null; cause = cause.getCause()) {
      text.append("\n  cause: ").append(cause);
    }
    return new ServerRefusal(text.toString(), exitCode(status.getCode()));
  }

  private static int exitCode(Status.Code code) {
    return switch (code) {
      case OK -> ExitCode.OK;
      case INVALID_ARGUMENT,
          NOT_FOUND,
          ALREADY_EXISTS,
          PERMISSION_DENIED,
          UNAUTHENTICATED,
          FAILED_PRECONDITION,
          OUT_OF_RANGE,
          RESOURCE_EXHAUSTED,
          ABORTED,
          UNIMPLEMENTED ->
          ExitCode.NO;
      case CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, INTERNAL, UNAVAILABLE, DATA_LOSS ->
          ExitCode.UNAVAILABLE;
    };
  }

  private static void append(StringBuilder text, Any detail) {
    try {
      if (detail.is(ErrorInfo.class)) {
        var info = detail.unpack(ErrorInfo.class);
        text.append("\n  reason: ").append(info.getReason());
      } else if (detail.is(BadRequest.class)) {
        for (var violation : detail.unpack(BadRequest.class).getFieldViolationsList()) {
          text.append("\n  field ")
              .append(violation.getField())
              .append(": ")
              .append(violation.getDescription());
        }
      }
    } catch (InvalidProtocolBufferException e) {
      text.append("\n  (one detail of the answer cannot be read: ").append(e.getMessage());
      text.append(')');
    }
  }
}
