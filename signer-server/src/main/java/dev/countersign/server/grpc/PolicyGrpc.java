package dev.countersign.server.grpc;

import dev.countersign.api.v1.GetActivePolicyRequest;
import dev.countersign.api.v1.GetActivePolicyResponse;
import dev.countersign.api.v1.PolicyServiceGrpc;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.Refusal.Code;
import dev.countersign.policy.store.PolicyStore;
import io.grpc.stub.StreamObserver;

/// `countersign.v1.PolicyService`.
public final class PolicyGrpc extends PolicyServiceGrpc.PolicyServiceImplBase {
  private final UnitOfWork unitOfWork;
  private final PolicyStore policies;

  public PolicyGrpc(UnitOfWork unitOfWork, PolicyStore policies) {
    this.unitOfWork = unitOfWork;
    this.policies = policies;
  }

  @Override
  public void getActivePolicy(
      GetActivePolicyRequest request, StreamObserver<GetActivePolicyResponse> answer) {
    var active =
        unitOfWork
            .inTransaction(policies::active)
            .orElseThrow(
                () ->
                    new FieldReader("")
                        .refused("", Code.NOT_FOUND, "no policy is active: everything is denied"));
    answer.onNext(
        GetActivePolicyResponse.newBuilder()
            .setVersion(active.version().number())
            .setHash(active.version().hash().hex())
            .setDocument(RequestMessages.bytes(active.document()))
            .setActivateTime(RequestMessages.timestamp(active.activatedAt()))
            .build());
    answer.onCompleted();
  }
}
