package dev.countersign.endtoend;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Optional;

/// An error as a client gets it.
///
/// @param reason of its `google.rpc.ErrorInfo`, or empty when it has none
/// @param field of the message that is wrong, or empty
record Refused(Status.Code status, String reason, String field, String message) {

  static Refused of(StatusRuntimeException thrown) {
    var info = info(thrown);
    return new Refused(
        thrown.getStatus().getCode(),
        info.map(ErrorInfo::getReason).orElse(""),
        info.map(found -> found.getMetadataOrDefault("field", "")).orElse(""),
        String.valueOf(thrown.getStatus().getDescription()));
  }

  private static Optional<ErrorInfo> info(StatusRuntimeException thrown) {
    var status = StatusProto.fromThrowable(thrown);
    if (status == null) {
      return Optional.empty();
    }
    for (Any detail : status.getDetailsList()) {
      if (detail.is(ErrorInfo.class)) {
        try {
          return Optional.of(detail.unpack(ErrorInfo.class));
        } catch (InvalidProtocolBufferException e) {
          throw new AssertionError("an ErrorInfo that is none", e);
        }
      }
    }
    return Optional.empty();
  }

  /// Whether the same call may succeed later.
  boolean isWorthAnotherTry() {
    return switch (status) {
      case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED -> true;
      default -> false;
    };
  }
}
