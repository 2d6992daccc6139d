package dev.countersign.server.harness;

import dev.countersign.api.v1.AdminServiceGrpc;
import dev.countersign.api.v1.ApprovalServiceGrpc;
import dev.countersign.api.v1.AuditServiceGrpc;
import dev.countersign.api.v1.PolicyServiceGrpc;
import dev.countersign.api.v1.SigningServiceGrpc;
import dev.countersign.api.v1.WalletServiceGrpc;
import dev.countersign.server.harness.TestAuthority.Identity;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// A client's connection.
public final class Calls implements AutoCloseable {
  private final ManagedChannel channel;

  /// @param identity none, for a client that shows no certificate
  public Calls(int port, String authorityPem, @Nullable Identity identity, String... protocols) {
    try {
      var tls = GrpcSslContexts.forClient().trustManager(stream(authorityPem));
      if (identity != null) {
        tls.keyManager(stream(identity.certificatePem()), stream(identity.keyPem()));
      }
      if (protocols.length > 0) {
        tls.protocols(protocols);
      }
      this.channel =
          NettyChannelBuilder.forAddress("127.0.0.1", port).sslContext(tls.build()).build();
    } catch (SSLException e) {
      throw new IllegalStateException(e);
    }
  }

  public ManagedChannel channel() {
    return channel;
  }

  public SigningServiceGrpc.SigningServiceBlockingStub signing() {
    return SigningServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  public WalletServiceGrpc.WalletServiceBlockingStub wallets() {
    return WalletServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  public AuditServiceGrpc.AuditServiceBlockingStub audit() {
    return AuditServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  public PolicyServiceGrpc.PolicyServiceBlockingStub policies() {
    return PolicyServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  public AdminServiceGrpc.AdminServiceBlockingStub admin() {
    return AdminServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  public ApprovalServiceGrpc.ApprovalServiceBlockingStub approvals() {
    return ApprovalServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  private static ByteArrayInputStream stream(String pem) {
    return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
  }
}
