package dev.countersign.cli.approval;

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
import dev.countersign.cli.testing.FakeServer;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A server, over mutual TLS, that says of one request whatever a test wants it to say.
final class FakeApprovals extends ApprovalServiceGrpc.ApprovalServiceImplBase
    implements AutoCloseable {
  private final FakeServer server;
  final List<ApproveRequest> approvals = new CopyOnWriteArrayList<>();
  final List<RejectRequest> rejections = new CopyOnWriteArrayList<>();
  private volatile PendingApproval said;

  FakeApprovals(Path directory, PendingApproval said) throws IOException {
    this.said = said;
    this.server = new FakeServer(directory, "alice", this);
  }

  String[] connection() {
    return server.connection().toArray(String[]::new);
  }

  void forget() {
    approvals.clear();
    rejections.clear();
  }

  void say(PendingApproval other) {
    said = other;
  }

  @Override
  public void listPending(ListPendingRequest request, StreamObserver<ListPendingResponse> answer) {
    var response = ListPendingResponse.newBuilder().addPending(said);
    if (request.getPageToken().isEmpty()) {
      response.setNextPageToken("second");
    }
    answer.onNext(response.build());
    answer.onCompleted();
  }

  @Override
  public void getApproval(GetApprovalRequest request, StreamObserver<GetApprovalResponse> answer) {
    answer.onNext(GetApprovalResponse.newBuilder().setApproval(said).build());
    answer.onCompleted();
  }

  @Override
  public void approve(ApproveRequest request, StreamObserver<ApproveResponse> answer) {
    approvals.add(request);
    answer.onNext(ApproveResponse.newBuilder().setApproval(said).build());
    answer.onCompleted();
  }

  @Override
  public void reject(RejectRequest request, StreamObserver<RejectResponse> answer) {
    rejections.add(request);
    answer.onNext(RejectResponse.newBuilder().setApproval(said).build());
    answer.onCompleted();
  }

  @Override
  public void close() {
    server.close();
  }
}
