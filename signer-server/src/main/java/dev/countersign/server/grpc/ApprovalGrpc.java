package dev.countersign.server.grpc;

import com.google.protobuf.ByteString;
import dev.countersign.api.v1.ApprovalServiceGrpc;
import dev.countersign.api.v1.ApproveRequest;
import dev.countersign.api.v1.ApproveResponse;
import dev.countersign.api.v1.GetApprovalRequest;
import dev.countersign.api.v1.GetApprovalResponse;
import dev.countersign.api.v1.ListPendingRequest;
import dev.countersign.api.v1.ListPendingResponse;
import dev.countersign.api.v1.PendingApproval;
import dev.countersign.api.v1.RejectRequest;
import dev.countersign.api.v1.RejectResponse;
import dev.countersign.api.v1.WatchPendingRequest;
import dev.countersign.api.v1.WatchPendingResponse;
import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.ApproverKey;
import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.request.Refusal.Code;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.policy.hold.Approvals;
import dev.countersign.policy.hold.Approvals.DecisionOutcome;
import dev.countersign.policy.hold.HeldRequest;
import dev.countersign.server.access.Caller;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `countersign.v1.ApprovalService`. Who calls only carries: it is the approver's signature that
/// decides.
public final class ApprovalGrpc extends ApprovalServiceGrpc.ApprovalServiceImplBase {
  private static final int DEFAULT_PAGE = 50;
  private static final int LARGEST_PAGE = 500;
  private static final int LONGEST_REASON = 500;
  private static final int SIGNATURE = 64;
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private final Approvals approvals;

  public ApprovalGrpc(Approvals approvals) {
    this.approvals = approvals;
  }

  @Override
  public void listPending(ListPendingRequest request, StreamObserver<ListPendingResponse> answer) {
    FieldReader fields = new FieldReader("");
    int size = request.getPageSize() == 0 ? DEFAULT_PAGE : request.getPageSize();
    if (size < 1 || size > LARGEST_PAGE) {
      throw fields.refused(
          "page_size", Code.MALFORMED, "page_size is %d, expected 1 to 500".formatted(size));
    }
    List<HeldRequest> pending = approvals.pending(approver(request.getApprover(), fields));
    int from = 0;
    if (!request.getPageToken().isEmpty()) {
      SigningRequestId after =
          fields.read(
              "page_token", Code.MALFORMED, request.getPageToken(), SigningRequestId::parse);
      from = 1 + pending.stream().map(held -> held.request().id()).toList().indexOf(after);
    }
    List<HeldRequest> page = pending.subList(from, Math.min(pending.size(), from + size));
    boolean isLast = from + page.size() == pending.size();
    answer.onNext(
        ListPendingResponse.newBuilder()
            .addAllPending(page.stream().map(ApprovalMessages::of).toList())
            .setNextPageToken(isLast ? "" : page.getLast().request().id().toString())
            .build());
    answer.onCompleted();
  }

  @Override
  public void getApproval(GetApprovalRequest request, StreamObserver<GetApprovalResponse> answer) {
    FieldReader fields = new FieldReader("");
    SigningRequestId id = id(request.getRequest(), fields);
    HeldRequest held = approvals.find(id).orElseThrow(() -> unknown(id, fields));
    answer.onNext(GetApprovalResponse.newBuilder().setApproval(ApprovalMessages.of(held)).build());
    answer.onCompleted();
  }

  @Override
  public void approve(ApproveRequest request, StreamObserver<ApproveResponse> answer) {
    PendingApproval decided =
        decide(
            request.getRequest(),
            request.getApprover(),
            request.getKey(),
            Approval.Decision.APPROVE,
            request.getSignature(),
            "");
    answer.onNext(ApproveResponse.newBuilder().setApproval(decided).build());
    answer.onCompleted();
  }

  @Override
  public void reject(RejectRequest request, StreamObserver<RejectResponse> answer) {
    PendingApproval decided =
        decide(
            request.getRequest(),
            request.getApprover(),
            request.getKey(),
            Approval.Decision.REJECT,
            request.getSignature(),
            request.getReason());
    answer.onNext(RejectResponse.newBuilder().setApproval(decided).build());
    answer.onCompleted();
  }

  /// Looks at the store each half second: what another instance stored is seen too.
  @Override
  public void watchPending(
      WatchPendingRequest request, StreamObserver<WatchPendingResponse> answer) {
    Optional<ApproverName> approver = approver(request.getApprover(), new FieldReader(""));
    var call = (ServerCallStreamObserver<WatchPendingResponse>) answer;
    Map<SigningRequestId, PendingApproval> sent = new HashMap<>();
    try {
      while (!call.isCancelled()) {
        Map<SigningRequestId, PendingApproval> now = new HashMap<>();
        approvals
            .pending(approver)
            .forEach(held -> now.put(held.request().id(), ApprovalMessages.of(held)));
        sent.keySet().stream()
            .filter(id -> !now.containsKey(id))
            .toList()
            .forEach(
                id -> {
                  sent.remove(id);
                  approvals.find(id).ifPresent(held -> send(call, ApprovalMessages.of(held)));
                });
        now.forEach(
            (id, pending) -> {
              if (!pending.equals(sent.put(id, pending))) {
                send(call, pending);
              }
            });
        Thread.sleep(LOOK_EVERY);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      call.onCompleted();
    }
  }

  private static void send(StreamObserver<WatchPendingResponse> answer, PendingApproval approval) {
    answer.onNext(WatchPendingResponse.newBuilder().setApproval(approval).build());
  }

  private PendingApproval decide(
      String request,
      String approver,
      String key,
      Approval.Decision decision,
      ByteString signature,
      String reason) {
    FieldReader fields = new FieldReader("");
    SigningRequestId id = id(request, fields);
    if (signature.size() != SIGNATURE) {
      throw fields.refused(
          "signature",
          Code.MALFORMED,
          "signature has %d bytes, expected 64".formatted(signature.size()));
    }
    if (reason.length() > LONGEST_REASON) {
      throw fields.refused(
          "reason",
          Code.TOO_LARGE,
          "reason has %d characters, at most 500 are taken".formatted(reason.length()));
    }
    Approval approval =
        new Approval(
            fields.read("approver", Code.MALFORMED, approver, ApproverName::new),
            fields.read("key", Code.MALFORMED, key, ApproverKey::parse),
            decision,
            Bytes.of(signature.toByteArray()));
    return switch (approvals.decide(id, approval, reason, Caller.current().actor())) {
      case DecisionOutcome.Counted(HeldRequest held) -> ApprovalMessages.of(held);
      case DecisionOutcome.NotCounted(String why) ->
          throw fields.refused("", Code.APPROVAL_NOT_COUNTED, "this does not count: " + why);
      case DecisionOutcome.NotPending(var state) ->
          throw fields.refused(
              "request",
              Code.NOT_PENDING,
              "request %s is %s, and waits for nobody's approval".formatted(id, state));
      case DecisionOutcome.Unknown() -> throw unknown(id, fields);
    };
  }

  private static RefusedException unknown(SigningRequestId id, FieldReader fields) {
    return fields.refused(
        "request", Code.NOT_FOUND, "no request %s has ever needed approval".formatted(id));
  }

  private static SigningRequestId id(String text, FieldReader fields) {
    return fields.read("request", Code.MALFORMED, text, SigningRequestId::parse);
  }

  private static Optional<ApproverName> approver(String text, FieldReader fields) {
    return text.isEmpty()
        ? Optional.empty()
        : Optional.of(fields.read("approver", Code.MALFORMED, text, ApproverName::new));
  }
}
