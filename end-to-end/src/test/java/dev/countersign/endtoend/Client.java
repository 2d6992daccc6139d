package dev.countersign.endtoend;

import dev.countersign.api.v1.AdminServiceGrpc;
import dev.countersign.api.v1.AuditServiceGrpc;
import dev.countersign.api.v1.PolicyServiceGrpc;
import dev.countersign.api.v1.SignTransactionRequest;
import dev.countersign.api.v1.SigningRequest;
import dev.countersign.api.v1.SigningRequest.State;
import dev.countersign.api.v1.SigningServiceGrpc;
import dev.countersign.api.v1.WaitSigningRequestRequest;
import dev.countersign.api.v1.WalletServiceGrpc;
import dev.countersign.cli.certificate.PemFiles;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.util.AdvancedTlsX509KeyManager;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A client with one connection over mutual TLS.
final class Client implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  /// What a node has forgotten is sent to it again after fifteen seconds, and once more some time
  /// later if it was away just then.
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final int LARGEST_ANSWER = 64 << 20;

  private final ManagedChannel channel;

  private Client(ManagedChannel channel) {
    this.channel = channel;
  }

  static Client connect(int port, Path authority, PemFiles own) throws IOException {
    // Shows its certificate whatever authorities the server says it wants: so do strangers.
    var identity = new AdvancedTlsX509KeyManager();
    try {
      identity.updateIdentityCredentials(own.certificate().toFile(), own.key().toFile());
    } catch (GeneralSecurityException e) {
      throw new IOException(own + " are no certificate and key", e);
    }
    var credentials =
        TlsChannelCredentials.newBuilder()
            .trustManager(authority.toFile())
            .keyManager(identity)
            .build();
    return new Client(
        Grpc.newChannelBuilder("127.0.0.1:" + port, credentials)
            .maxInboundMessageSize(LARGEST_ANSWER)
            .build());
  }

  ManagedChannel channel() {
    return channel;
  }

  SigningServiceGrpc.SigningServiceBlockingStub signing() {
    return signing(DEADLINE);
  }

  SigningServiceGrpc.SigningServiceBlockingStub signing(Duration deadline) {
    return SigningServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
  }

  WalletServiceGrpc.WalletServiceBlockingStub wallets() {
    return WalletServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
  }

  AuditServiceGrpc.AuditServiceBlockingStub audit() {
    return AuditServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
  }

  PolicyServiceGrpc.PolicyServiceBlockingStub policies() {
    return PolicyServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
  }

  AdminServiceGrpc.AdminServiceBlockingStub admin() {
    return AdminServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
  }

  SigningRequest submit(SignTransactionRequest request) {
    return signing().signTransaction(request).getRequest();
  }

  /// Submits until there is an answer, as clients are told to: the same message under the same
  /// `request_id` as long as the server is away.
  ///
  /// @return the answer, after every error that was not one
  Persistence submitPersistently(SignTransactionRequest request, Duration patience)
      throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    var errors = new ArrayList<Refused>();
    while (true) {
      try {
        var answer = signing(Duration.ofSeconds(10)).signTransaction(request).getRequest();
        return new Persistence(answer, errors);
      } catch (StatusRuntimeException e) {
        var refused = Refused.of(e);
        if (!refused.isWorthAnotherTry() || System.nanoTime() > end) {
          throw e;
        }
        errors.add(refused);
      }
      Thread.sleep(PAUSE);
      channel.resetConnectBackoff();
    }
  }

  /// @param errors what came before the answer
  record Persistence(SigningRequest answer, List<Refused> errors) {
    Persistence {
      errors = List.copyOf(errors);
    }
  }

  /// Waits for the end of a request.
  SigningRequest await(String requestId) {
    return await(requestId, State.STATE_CONFIRMED, PATIENCE);
  }

  SigningRequest await(String requestId, State until, Duration timeout) {
    var answer =
        signing(timeout.plusSeconds(10))
            .waitSigningRequest(
                WaitSigningRequestRequest.newBuilder()
                    .setRequestId(requestId)
                    .setUntil(until)
                    .setTimeout(
                        com.google.protobuf.Duration.newBuilder().setSeconds(timeout.toSeconds()))
                    .build());
    if (answer.getTimedOut()) {
      throw new AssertionError(
          "request %s is %s after %s".formatted(requestId, answer.getRequest(), timeout));
    }
    return answer.getRequest();
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
