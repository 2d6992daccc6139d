package dev.countersign.server.grpc;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import dev.countersign.audit.store.ArchiveUnavailableException;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.StoreUnavailableException;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.Refusal;
import dev.countersign.server.access.Caller;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Nothing that is not documented leaves the server: what a service throws becomes a documented
/// status, and what nobody foresaw becomes INTERNAL with an incident id that is in the log.
///
/// A refusal is audited before it is answered; when it cannot be, the answer is that the store is
/// unavailable, not the refusal.
public final class ErrorConformance implements ServerInterceptor {
  private static final Logger LOG = LoggerFactory.getLogger(ErrorConformance.class);

  private final UnitOfWork unitOfWork;
  private final AuditTrail audit;
  private final InstantSource clock;

  public ErrorConformance(UnitOfWork unitOfWork, AuditTrail audit, InstantSource clock) {
    this.unitOfWork = unitOfWork;
    this.audit = audit;
    this.clock = clock;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
      private boolean ended;

      @Override
      public void onMessage(Q message) {
        unlessEnded(() -> super.onMessage(message));
      }

      @Override
      public void onHalfClose() {
        unlessEnded(super::onHalfClose);
      }

      private void unlessEnded(Runnable step) {
        if (ended) {
          return;
        }
        try {
          step.run();
        } catch (RuntimeException e) {
          ended = true;
          close(call, e);
        }
      }
    };
  }

  private void close(ServerCall<?, ?> call, RuntimeException thrown) {
    StatusRuntimeException status = conform(call, thrown);
    Metadata trailers = status.getTrailers();
    call.close(status.getStatus(), trailers == null ? new Metadata() : trailers);
  }

  private StatusRuntimeException conform(ServerCall<?, ?> call, RuntimeException thrown) {
    return switch (thrown) {
      case RefusedException refused -> audited(call, refused);
      case StoreUnavailableException unavailable -> unavailable(unavailable);
      case ProofPendingException pending ->
          RefusalStatus.of(
              new Refusal(Refusal.Code.PROOF_PENDING, "", String.valueOf(pending.getMessage())));
      case ArchiveUnavailableException away -> {
        LOG.warn("{}", away.getMessage());
        yield RefusalStatus.of(
            new Refusal(Refusal.Code.ARCHIVE_UNAVAILABLE, "", String.valueOf(away.getMessage())));
      }
      default -> incident(call, thrown);
    };
  }

  private StatusRuntimeException audited(ServerCall<?, ?> call, RefusedException refused) {
    AuditRecord record =
        AuditRecord.of(
            clock.instant(),
            Caller.current().actor(),
            new AuditEvent.RequestRefused(
                call.getMethodDescriptor().getFullMethodName(),
                refused.requestId(),
                refused.refusal()));
    try {
      unitOfWork.run(transaction -> audit.append(transaction, List.of(record)));
    } catch (StoreUnavailableException e) {
      return unavailable(e);
    }
    return RefusalStatus.of(refused.refusal());
  }

  private static StatusRuntimeException unavailable(StoreUnavailableException e) {
    LOG.warn("a call failed since the store is unavailable", e);
    return RefusalStatus.of(
        new Refusal(
            Refusal.Code.UNAVAILABLE,
            "",
            "the store is unavailable; nothing is known to have happened, try again with the same"
                + " request_id"));
  }

  private static StatusRuntimeException incident(ServerCall<?, ?> call, RuntimeException thrown) {
    String incident = UUID.randomUUID().toString();
    LOG.error(
        "incident {} in {}", incident, call.getMethodDescriptor().getFullMethodName(), thrown);
    return StatusProto.toStatusRuntimeException(
        com.google.rpc.Status.newBuilder()
            .setCode(Code.INTERNAL.getNumber())
            .setMessage("a fault of the server; its log has incident " + incident)
            .addDetails(
                Any.pack(
                    ErrorInfo.newBuilder()
                        .setReason("INCIDENT")
                        .setDomain(RefusalStatus.DOMAIN)
                        .putMetadata("incident", incident)
                        .build()))
            .build());
  }
}
