package dev.countersign.server.grpc;

import dev.countersign.api.v1.AdminServiceGrpc;
import dev.countersign.api.v1.Chain;
import dev.countersign.api.v1.GetServerInfoRequest;
import dev.countersign.api.v1.GetServerInfoResponse;
import dev.countersign.api.v1.KeyBackend;
import dev.countersign.core.model.BackendName;
import dev.countersign.core.port.ChainDirectory;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;

/// `countersign.v1.AdminService`.
public final class AdminGrpc extends AdminServiceGrpc.AdminServiceImplBase {
  private final Instance instance;
  private final ChainDirectory chains;
  private final Supplier<Map<BackendName, Boolean>> backends;

  /// @param name which of the instances this is
  public record Instance(String version, String name, Instant startedAt) {}

  /// @param backends whether each key backend can be used now, as far as is known
  public AdminGrpc(
      Instance instance, ChainDirectory chains, Supplier<Map<BackendName, Boolean>> backends) {
    this.instance = instance;
    this.chains = chains;
    this.backends = backends;
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
}
