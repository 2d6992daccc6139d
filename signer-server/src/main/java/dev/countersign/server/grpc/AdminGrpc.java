package dev.countersign.server.grpc;

import dev.countersign.api.v1.AdminServiceGrpc;
import dev.countersign.api.v1.Chain;
import dev.countersign.api.v1.FreezeRequest;
import dev.countersign.api.v1.FreezeResponse;
import dev.countersign.api.v1.GetServerInfoRequest;
import dev.countersign.api.v1.GetServerInfoResponse;
import dev.countersign.api.v1.IssueClientTokenRequest;
import dev.countersign.api.v1.IssueClientTokenResponse;
import dev.countersign.api.v1.KeyBackend;
import dev.countersign.api.v1.ListClientTokensRequest;
import dev.countersign.api.v1.ListClientTokensResponse;
import dev.countersign.api.v1.ListFreezesRequest;
import dev.countersign.api.v1.ListFreezesResponse;
import dev.countersign.api.v1.ListLanesRequest;
import dev.countersign.api.v1.ListLanesResponse;
import dev.countersign.api.v1.ResumeLaneRequest;
import dev.countersign.api.v1.ResumeLaneResponse;
import dev.countersign.api.v1.RevokeClientTokenRequest;
import dev.countersign.api.v1.RevokeClientTokenResponse;
import dev.countersign.api.v1.ThawRequest;
import dev.countersign.api.v1.ThawResponse;
import dev.countersign.core.model.BackendName;
import dev.countersign.core.port.ChainDirectory;
import dev.countersign.server.access.Caller;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;

/// `countersign.v1.AdminService`.
public final class AdminGrpc extends AdminServiceGrpc.AdminServiceImplBase {
  private final Instance instance;
  private final ChainDirectory chains;
  private final Supplier<Map<BackendName, Boolean>> backends;
  private final Freezing freezing;
  private final Laning laning;
  private final TokenGranting tokens;

  /// @param name which of the instances this is
  public record Instance(String version, String name, Instant startedAt) {}

  /// @param backends whether each key backend can be used now, as far as is known
  public AdminGrpc(
      Instance instance,
      ChainDirectory chains,
      Supplier<Map<BackendName, Boolean>> backends,
      Freezing freezing,
      Laning laning,
      TokenGranting tokens) {
    this.instance = instance;
    this.chains = chains;
    this.backends = backends;
    this.freezing = freezing;
    this.laning = laning;
    this.tokens = tokens;
  }

  @Override
  public void getServerInfo(
      GetServerInfoRequest request, StreamObserver<GetServerInfoResponse> answer) {
    var message =
        GetServerInfoResponse.newBuilder()
            .setVersion(instance.version())
            .setInstance(instance.name())
            .setStartTime(RequestMessages.timestamp(instance.startedAt()));
    for (ChainDirectory.Chain chain : chains.all()) {
      message.addChains(
          Chain.newBuilder()
              .setId(chain.id().caip2())
              .setName(chain.name())
              .setNativeSymbol(chain.nativeSymbol())
              .setConfirmations(chain.confirmations()));
    }
    backends
        .get()
        .forEach(
            (name, available) ->
                message.addBackends(
                    KeyBackend.newBuilder().setName(name.value()).setAvailable(available)));
    answer.onNext(message.build());
    answer.onCompleted();
  }

  @Override
  public void freeze(FreezeRequest request, StreamObserver<FreezeResponse> answer) {
    answer.onNext(freezing.freeze(Caller.current().actor(), request));
    answer.onCompleted();
  }

  @Override
  public void listFreezes(ListFreezesRequest request, StreamObserver<ListFreezesResponse> answer) {
    answer.onNext(freezing.list());
    answer.onCompleted();
  }

  @Override
  public void issueClientToken(
      IssueClientTokenRequest request, StreamObserver<IssueClientTokenResponse> answer) {
    answer.onNext(tokens.issue(Caller.current().actor(), request));
    answer.onCompleted();
  }

  @Override
  public void revokeClientToken(
      RevokeClientTokenRequest request, StreamObserver<RevokeClientTokenResponse> answer) {
    answer.onNext(tokens.revoke(Caller.current().actor(), request));
    answer.onCompleted();
  }

  @Override
  public void listClientTokens(
      ListClientTokensRequest request, StreamObserver<ListClientTokensResponse> answer) {
    answer.onNext(tokens.list());
    answer.onCompleted();
  }

  @Override
  public void thaw(ThawRequest request, StreamObserver<ThawResponse> answer) {
    answer.onNext(freezing.thaw(Caller.current().actor(), request));
    answer.onCompleted();
  }

  @Override
  public void listLanes(ListLanesRequest request, StreamObserver<ListLanesResponse> answer) {
    answer.onNext(laning.list(request));
    answer.onCompleted();
  }

  @Override
  public void resumeLane(ResumeLaneRequest request, StreamObserver<ResumeLaneResponse> answer) {
    answer.onNext(laning.resume(Caller.current().actor(), request));
    answer.onCompleted();
  }
}
