package dev.countersign.server.grpc;

import dev.countersign.api.v1.ApprovePolicyRequest;
import dev.countersign.api.v1.ApprovePolicyResponse;
import dev.countersign.api.v1.GetActivePolicyRequest;
import dev.countersign.api.v1.GetActivePolicyResponse;
import dev.countersign.api.v1.GetPolicyProposalRequest;
import dev.countersign.api.v1.GetPolicyProposalResponse;
import dev.countersign.api.v1.GetPolicyVersionRequest;
import dev.countersign.api.v1.GetPolicyVersionResponse;
import dev.countersign.api.v1.ListPolicyProposalsRequest;
import dev.countersign.api.v1.ListPolicyProposalsResponse;
import dev.countersign.api.v1.ListPolicyVersionsRequest;
import dev.countersign.api.v1.ListPolicyVersionsResponse;
import dev.countersign.api.v1.PolicyServiceGrpc;
import dev.countersign.api.v1.ProposePolicyRequest;
import dev.countersign.api.v1.ProposePolicyResponse;
import dev.countersign.api.v1.RejectPolicyRequest;
import dev.countersign.api.v1.RejectPolicyResponse;
import dev.countersign.api.v1.WithdrawPolicyRequest;
import dev.countersign.api.v1.WithdrawPolicyResponse;
import dev.countersign.core.approval.ProposalId;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.Refusal.Code;
import dev.countersign.policy.change.Proposal;
import dev.countersign.policy.change.Proposals;
import dev.countersign.policy.store.PolicyStore;
import dev.countersign.policy.store.PolicyStore.StoredPolicy;
import dev.countersign.server.access.Caller;
import io.grpc.stub.StreamObserver;
import java.util.List;

/// `countersign.v1.PolicyService`.
public final class PolicyGrpc extends PolicyServiceGrpc.PolicyServiceImplBase {
  private static final FieldReader FIELDS = new FieldReader("");
  private static final int DEFAULT_PAGE = 20;
  private static final int LARGEST_PAGE = 100;

  private final UnitOfWork unitOfWork;
  private final PolicyStore policies;
  private final Proposals proposals;
  private final Proposing proposing;

  public PolicyGrpc(
      UnitOfWork unitOfWork, PolicyStore policies, Proposals proposals, StrictAnswers strict) {
    this.unitOfWork = unitOfWork;
    this.policies = policies;
    this.proposals = proposals;
    this.proposing = new Proposing(proposals, strict);
  }

  @Override
  public void getActivePolicy(
      GetActivePolicyRequest request, StreamObserver<GetActivePolicyResponse> answer) {
    var active =
        unitOfWork
            .inTransaction(policies::active)
            .orElseThrow(
                () ->
                    FIELDS.refused(
                        "", Code.NOT_FOUND, "no policy is active: everything is denied"));
    answer.onNext(
        GetActivePolicyResponse.newBuilder()
            .setVersion(active.version().number())
            .setHash(active.version().hash().hex())
            .setDocument(RequestMessages.bytes(active.document()))
            .setActivateTime(RequestMessages.timestamp(active.activatedAt()))
            .setEtag(PolicyMessages.etag(active.version()))
            .build());
    answer.onCompleted();
  }

  @Override
  public void listPolicyVersions(
      ListPolicyVersionsRequest request, StreamObserver<ListPolicyVersionsResponse> answer) {
    int size = size(request.getPageSize());
    long before =
        request.getPageToken().isEmpty()
            ? Long.MAX_VALUE
            : FIELDS.read("page_token", Code.MALFORMED, request.getPageToken(), PageToken::read);
    List<StoredPolicy> found =
        unitOfWork.inTransaction(transaction -> policies.list(transaction, before, size + 1));
    List<StoredPolicy> page = found.subList(0, Math.min(size, found.size()));
    answer.onNext(
        ListPolicyVersionsResponse.newBuilder()
            .addAllVersions(page.stream().map(PolicyMessages::of).toList())
            .setNextPageToken(
                found.size() > size ? Long.toString(page.getLast().version().number()) : "")
            .build());
    answer.onCompleted();
  }

  @Override
  public void getPolicyVersion(
      GetPolicyVersionRequest request, StreamObserver<GetPolicyVersionResponse> answer) {
    StoredPolicy found =
        unitOfWork
            .inTransaction(transaction -> policies.find(transaction, request.getVersion()))
            .orElseThrow(
                () ->
                    FIELDS.refused(
                        "version",
                        Code.NOT_FOUND,
                        "there never was a policy " + Long.toUnsignedString(request.getVersion())));
    answer.onNext(
        GetPolicyVersionResponse.newBuilder()
            .setPolicy(
                PolicyMessages.of(found).toBuilder()
                    .setDocument(RequestMessages.bytes(found.document())))
            .build());
    answer.onCompleted();
  }

  @Override
  public void proposePolicy(
      ProposePolicyRequest request, StreamObserver<ProposePolicyResponse> answer) {
    Proposal proposal = proposing.propose(Caller.current(), request);
    answer.onNext(
        ProposePolicyResponse.newBuilder().setProposal(PolicyMessages.of(proposal)).build());
    answer.onCompleted();
  }

  @Override
  public void listPolicyProposals(
      ListPolicyProposalsRequest request, StreamObserver<ListPolicyProposalsResponse> answer) {
    int size = size(request.getPageSize());
    int skip =
        request.getPageToken().isEmpty()
            ? 0
            : Math.toIntExact(
                FIELDS.read("page_token", Code.MALFORMED, request.getPageToken(), PageToken::read)
                    % Integer.MAX_VALUE);
    List<Proposal> found = proposals.list(!request.getAll(), size + 1, skip);
    List<Proposal> page = found.subList(0, Math.min(size, found.size()));
    answer.onNext(
        ListPolicyProposalsResponse.newBuilder()
            .addAllProposals(page.stream().map(PolicyMessages::of).toList())
            .setNextPageToken(found.size() > size ? Integer.toString(skip + size) : "")
            .build());
    answer.onCompleted();
  }

  @Override
  public void getPolicyProposal(
      GetPolicyProposalRequest request, StreamObserver<GetPolicyProposalResponse> answer) {
    ProposalId id = Proposing.id(request.getProposal());
    Proposal found = proposals.find(id).orElseThrow(() -> Proposing.unknown(id));
    answer.onNext(
        GetPolicyProposalResponse.newBuilder().setProposal(PolicyMessages.whole(found)).build());
    answer.onCompleted();
  }

  @Override
  public void approvePolicy(
      ApprovePolicyRequest request, StreamObserver<ApprovePolicyResponse> answer) {
    Proposal proposal = proposing.approve(Caller.current(), request);
    answer.onNext(
        ApprovePolicyResponse.newBuilder().setProposal(PolicyMessages.of(proposal)).build());
    answer.onCompleted();
  }

  @Override
  public void rejectPolicy(
      RejectPolicyRequest request, StreamObserver<RejectPolicyResponse> answer) {
    Proposal proposal = proposing.reject(Caller.current(), request);
    answer.onNext(
        RejectPolicyResponse.newBuilder().setProposal(PolicyMessages.of(proposal)).build());
    answer.onCompleted();
  }

  @Override
  public void withdrawPolicy(
      WithdrawPolicyRequest request, StreamObserver<WithdrawPolicyResponse> answer) {
    Proposal proposal = proposing.withdraw(Caller.current(), request);
    answer.onNext(
        WithdrawPolicyResponse.newBuilder().setProposal(PolicyMessages.of(proposal)).build());
    answer.onCompleted();
  }

  private static int size(int asked) {
    int size = asked == 0 ? DEFAULT_PAGE : asked;
    if (size < 1 || size > LARGEST_PAGE) {
      throw FIELDS.refused(
          "page_size", Code.MALFORMED, "page_size is %d, expected 1 to 100".formatted(size));
    }
    return size;
  }
}
