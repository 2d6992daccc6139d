package dev.countersign.server.grpc;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.countersign.core.evm.BlobSidecar;
import dev.countersign.server.grpc.IncomingMarshaller.Incoming;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.MDC;

/// Where messages come in: one that is too large, or is no message, is refused as the API documents
/// it, where gRPC alone would break the call off. What is logged while a message is handled carries
/// its `request_id`.
public final class RequestBoundary {
  /// The largest message that is handled, in bytes; a policy may be larger.
  public static final int LARGEST = 256 * 1024;

  /// The largest message that is read, to be refused in words, in bytes. Above it the transport
  /// ends the call.
  public static final int LARGEST_READ = 4 * 1024 * 1024;

  /// The largest batch of submissions, in bytes. What it asks for comes back up to three times, and
  /// the answer has to fit into what clients read.
  public static final int LARGEST_BATCH = 1024 * 1024;

  /// The largest of those that may carry blobs, in bytes: six with their cells' proofs, and what
  /// any message may have besides.
  public static final int LARGEST_WITH_BLOBS =
      LARGEST + BlobSidecar.MOST_BLOBS * (BlobSidecar.BLOB_SIZE + 8 * 1024);

  private static final String WITH_BLOBS = "countersign.v1.SigningService/SignTransaction";
  private static final String BATCH = "countersign.v1.SigningService/SubmitBatch";

  /// What carries whole documents.
  private static final Set<String> DOCUMENTS = Set.of("countersign.v1.PolicyService/ProposePolicy");

  private static final String REQUEST_ID = "request_id";

  private RequestBoundary() {}

  public static ServerServiceDefinition around(ServerServiceDefinition service) {
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(service.getServiceDescriptor().getName())
            .setSchemaDescriptor(service.getServiceDescriptor().getSchemaDescriptor());
    List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>();
    for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
      ServerMethodDefinition<?, ?> bounded = around(method);
      methods.add(bounded);
      descriptor.addMethod(bounded.getMethodDescriptor());
    }
    ServerServiceDefinition.Builder bounded = ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(bounded::addMethod);
    return bounded.build();
  }

  private static <Q, A> ServerMethodDefinition<Incoming<Q>, A> around(
      ServerMethodDefinition<Q, A> method) {
    MethodDescriptor<Q, A> descriptor = method.getMethodDescriptor();
    ServerCallHandler<Q, A> inner = method.getServerCallHandler();
    return ServerMethodDefinition.create(
        descriptor.toBuilder(
                new IncomingMarshaller<>(
                    descriptor.getRequestMarshaller(), largest(descriptor.getFullMethodName())),
                descriptor.getResponseMarshaller())
            .build(),
        (call, headers) ->
            new Listener<>(inner.startCall(new ReadCall<>(descriptor, call), headers)));
  }

  private static int largest(String method) {
    if (method.equals(BATCH)) {
      return LARGEST_BATCH;
    }
    if (method.equals(WITH_BLOBS)) {
      return LARGEST_WITH_BLOBS;
    }
    return DOCUMENTS.contains(method) ? LARGEST_READ : LARGEST;
  }

  /// Throws what it refuses: [ErrorConformance] answers, and lets nothing more in.
  private static final class Listener<Q> extends ServerCall.Listener<Incoming<Q>> {
    private final ServerCall.Listener<Q> inner;
    private String requestId = "";

    Listener(ServerCall.Listener<Q> inner) {
      this.inner = inner;
    }

    @Override
    public void onMessage(Incoming<Q> incoming) {
      switch (incoming) {
        case Incoming.Read<Q> read -> {
          requestId = requestIdOf(read.message());
          inner.onMessage(read.message());
        }
        case Incoming.Refused<Q> refused -> throw new RefusedException(refused.refusal());
      }
    }

    @Override
    public void onHalfClose() {
      MDC.put(REQUEST_ID, requestId);
      try {
        inner.onHalfClose();
      } finally {
        MDC.remove(REQUEST_ID);
      }
    }

    @Override
    public void onCancel() {
      inner.onCancel();
    }

    @Override
    public void onComplete() {
      inner.onComplete();
    }

    @Override
    public void onReady() {
      inner.onReady();
    }
  }

  private static String requestIdOf(Object message) {
    if (message instanceof Message known) {
      FieldDescriptor field = known.getDescriptorForType().findFieldByName(REQUEST_ID);
      if (field != null && known.getField(field) instanceof String id) {
        return id;
      }
    }
    return "";
  }
}
