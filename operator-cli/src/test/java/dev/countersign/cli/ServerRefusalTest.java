package dev.countersign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.grpc.protobuf.StatusProto;
import org.junit.jupiter.api.Test;

class ServerRefusalTest {

  @Test
  void tellsReasonAndField() {
    var answer =
        StatusProto.toStatusRuntimeException(
            Status.newBuilder()
                .setCode(Code.INVALID_ARGUMENT_VALUE)
                .setMessage("amount: -1; expected 0 to 2^256-1")
                .addDetails(Any.pack(ErrorInfo.newBuilder().setReason("INVALID_FIELD").build()))
                .addDetails(
                    Any.pack(
                        BadRequest.newBuilder()
                            .addFieldViolations(
                                BadRequest.FieldViolation.newBuilder()
                                    .setField("native_transfer.amount")
                                    .setDescription("-1"))
                            .build()))
                .build());
    var refusal = ServerRefusal.of(answer);
    assertThat(refusal.exitCode()).isEqualTo(ExitCode.NO);
    assertThat(refusal.message())
        .isEqualTo(
            """
            amount: -1; expected 0 to 2^256-1
              reason: INVALID_FIELD
              field native_transfer.amount: -1
              status: INVALID_ARGUMENT\
            """);
  }

  @Test
  void aServerThatIsNotThereIsNoAnswer() {
    var answer = io.grpc.Status.UNAVAILABLE.withDescription("io exception").asRuntimeException();
    var refusal = ServerRefusal.of(answer);
    assertThat(refusal.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(refusal.message()).contains("io exception").contains("status: UNAVAILABLE");
  }
}
