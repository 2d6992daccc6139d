package dev.countersign.cli.connection;

import dev.countersign.api.v1.AdminServiceGrpc;
import dev.countersign.api.v1.ApprovalServiceGrpc;
import dev.countersign.api.v1.AuditServiceGrpc;
import dev.countersign.api.v1.PolicyInsightServiceGrpc;
import dev.countersign.api.v1.PolicyServiceGrpc;
import dev.countersign.api.v1.PriceServiceGrpc;
import dev.countersign.api.v1.SigningServiceGrpc;
import dev.countersign.api.v1.WalletServiceGrpc;
import dev.countersign.cli.CommandException;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A connection over mutual TLS. Every call has a deadline.
public final class ServerConnection implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  /// Long periods hold many requests.
  private static final Duration INSIGHT_DEADLINE = Duration.ofHours(2);

  /// An export of a long log comes in many pieces.
  private static final int MOST_BYTES_IN_A_MESSAGE = 64 << 20;

  private final ManagedChannel channel;

  private ServerConnection(ManagedChannel channel) {
    this.channel = channel;
  }

  /// Prepares the connection; the server is called when it is first asked.
  ///
  /// @throws CommandException when a file is missing or holds something else
  public static ServerConnection open(ServerAddress server) {
    readable("--ca", server.authority());
    readable("--cert", server.certificate());
    readable("--key", server.key());
    try {
      var credentials =
          TlsChannelCredentials.newBuilder()
              .trustManager(server.authority().toFile())
              .keyManager(server.certificate().toFile(), server.key().toFile())
              .build();
      return new ServerConnection(
          Grpc.newChannelBuilder(server.target(), credentials)
              .maxInboundMessageSize(MOST_BYTES_IN_A_MESSAGE)
              .build());
    } catch (IOException | IllegalArgumentException e) {
      throw CommandException.unavailable(
          "cannot connect to "
              + server.target()
              + " with these certificates: "
              + e.getMessage()
              + "\n  expected PEM files, the key as PKCS#8",
          e);
    }
  }

  private static void readable(String option, Path file) {
    if (!Files.isReadable(file)) {
      throw CommandException.unavailable(option + " " + file + " is not a file you can read");
    }
  }

  /// {@return asks for signatures}
  public SigningServiceGrpc.SigningServiceBlockingStub signing() {
    return signing(DEADLINE);
  }

  /// {@return asks for signatures and is ready to wait this long}
  public SigningServiceGrpc.SigningServiceBlockingStub signing(Duration deadline) {
    return SigningServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// {@return requests that wait for people}
  public ApprovalServiceGrpc.ApprovalServiceBlockingStub approvals() {
    return ApprovalServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// {@return the policy, and who wants another}
  public PolicyServiceGrpc.PolicyServiceBlockingStub policies() {
    return PolicyServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// {@return what assets are worth}
  public PriceServiceGrpc.PriceServiceBlockingStub prices() {
    return PriceServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// {@return vaults and wallets}
  public WalletServiceGrpc.WalletServiceBlockingStub wallets() {
    return WalletServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// {@return the audit log}
  public AuditServiceGrpc.AuditServiceBlockingStub audit() {
    return AuditServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(DEADLINE.toMillis() * 10, TimeUnit.MILLISECONDS);
  }

  /// {@return the audit log, for what goes on until it is ended}
  public AuditServiceGrpc.AuditServiceBlockingStub auditWithoutEnd() {
    return AuditServiceGrpc.newBlockingStub(channel);
  }

  /// {@return the server itself}
  public AdminServiceGrpc.AdminServiceBlockingStub admin() {
    return AdminServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// {@return what policies say of real requests}
  public PolicyInsightServiceGrpc.PolicyInsightServiceBlockingStub policyInsight() {
    return PolicyInsightServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(INSIGHT_DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    channel.shutdown();
    try {
      if (!channel.awaitTermination(2, TimeUnit.SECONDS)) {
        channel.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      channel.shutdownNow();
    }
  }
}
