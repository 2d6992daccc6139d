package dev.countersign.server.config;

import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.server.access.CallerRefusals;
import dev.countersign.server.access.ClientAuthentication;
import dev.countersign.server.access.ClientRegistry;
import dev.countersign.server.access.RoleCheck;
import dev.countersign.server.grpc.ErrorConformance;
import dev.countersign.server.grpc.RequestBoundary;
import dev.countersign.server.settings.Settings;
import io.grpc.BindableService;
import io.grpc.CompressorRegistry;
import io.grpc.DecompressorRegistry;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.grpc.MetricCollectingServerInterceptor;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// The gRPC server. Handlers run on virtual threads, so they may block.
@Factory
final class GrpcFactory {
  private static final int LARGEST_HEADERS = 16 * 1024;
  private static final int MOST_CALLS_OF_A_CONNECTION = 1_024;
  private static final long LEAST_PING_SECONDS = 10;
  private static final long HANDSHAKE_SECONDS = 10;

  @Singleton
  CallerRefusals callerRefusals(UnitOfWork unitOfWork, AuditTrail audit, InstantSource clock) {
    return new CallerRefusals(unitOfWork, audit, clock);
  }

  @Singleton
  HealthStatusManager grpcHealth() {
    return new HealthStatusManager();
  }

  @Singleton
  Server grpcServer(
      Settings settings,
      CallerRefusals refusals,
      UnitOfWork unitOfWork,
      AuditTrail audit,
      InstantSource clock,
      MeterRegistry meters,
      HealthStatusManager health,
      List<BindableService> services)
      throws IOException {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(settings.grpc().host(), settings.grpc().port()))
            .sslContext(settings.tls().serverContext(refusals))
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .handshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS)
            .maxInboundMessageSize(RequestBoundary.LARGEST_READ)
            .maxInboundMetadataSize(LARGEST_HEADERS)
            .maxConcurrentCallsPerConnection(MOST_CALLS_OF_A_CONNECTION)
            .permitKeepAliveTime(LEAST_PING_SECONDS, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            // Compressed messages could be far larger than they look.
            .compressorRegistry(CompressorRegistry.newEmptyInstance())
            .decompressorRegistry(DecompressorRegistry.emptyInstance());
    ClientRegistry clients = new ClientRegistry(settings.clients());
    // The last one is the outermost.
    builder.intercept(new RoleCheck(clients));
    builder.intercept(new ErrorConformance(unitOfWork, audit, clock));
    builder.intercept(new ClientAuthentication(clients, refusals, clock));
    builder.intercept(new MetricCollectingServerInterceptor(meters));
    services.forEach(service -> builder.addService(RequestBoundary.around(service.bindService())));
    builder.addService(health.getHealthService());
    builder.addService(ProtoReflectionServiceV1.newInstance());
    return builder.build();
  }
}
