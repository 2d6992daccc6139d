package dev.countersign.bench;

import dev.countersign.api.v1.NativeTransfer;
import dev.countersign.api.v1.SignTransactionRequest;
import dev.countersign.api.v1.SigningRequest;
import dev.countersign.cli.connection.SandboxDescription;
import dev.countersign.cli.connection.ServerAddress;
import dev.countersign.cli.connection.ServerConnection;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Callers that ask for one transfer after the other until this is closed, each from the next of
/// the wallets.
final class TransferLoad implements AutoCloseable {
  private static final int CONNECTIONS = 4;
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final SandboxDescription sandbox;
  private final List<SandboxDescription.Wallet> wallets;
  private final List<ServerConnection> connections = new ArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicLong turn = new AtomicLong();
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
  private volatile boolean closed;

  private TransferLoad(SandboxDescription sandbox, List<SandboxDescription.Wallet> wallets) {
    this.sandbox = sandbox;
    this.wallets = wallets;
    SandboxDescription.Grpc grpc = Objects.requireNonNull(sandbox.grpc());
    var address =
        new ServerAddress(
            grpc.target(), Path.of(grpc.ca()), Path.of(grpc.cert()), Path.of(grpc.key()));
    for (int i = 0; i < CONNECTIONS; i++) {
      connections.add(ServerConnection.open(address));
    }
  }

  static TransferLoad start(
      SandboxDescription sandbox, List<SandboxDescription.Wallet> wallets, int callers) {
    var load = new TransferLoad(sandbox, wallets);
    for (int i = 0; i < callers; i++) {
      ServerConnection connection = load.connections.get(i % CONNECTIONS);
      load.threads.execute(() -> load.ask(connection));
    }
    return load;
  }

  /// @throws IllegalStateException when a caller had to give up
  void check() {
    RuntimeException first = failure.get();
    if (first != null) {
      throw new IllegalStateException("a caller gave up", first);
    }
  }

  private void ask(ServerConnection connection) {
    try {
      while (!closed) {
        askOnce(connection);
      }
    } catch (RuntimeException e) {
      if (!closed) {
        failure.compareAndSet(null, e);
      }
    }
  }

  private void askOnce(ServerConnection connection) {
    var wallet = wallets.get((int) (turn.getAndIncrement() % wallets.size()));
    var request =
        SignTransactionRequest.newBuilder()
            .setRequestId("lanes-" + UUID.randomUUID())
            .setWallet(wallet.id())
            .setChain(Objects.requireNonNull(sandbox.chains()).getFirst().id())
            .setNativeTransfer(
                NativeTransfer.newBuilder()
                    .setTo(Objects.requireNonNull(sandbox.wallets()).getLast().address())
                    .setAmount("1"))
            .build();
    try {
      var answer = connection.signing().signTransaction(request).getRequest();
      if (answer.getState() == SigningRequest.State.STATE_DENIED) {
        throw new IllegalStateException("denied: " + answer.getDecision().getReason());
      }
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.UNAVAILABLE) {
        throw e;
      }
      // The lane has as much in flight as it may have: what a client does then is to wait.
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    closed = true;
    threads.close();
    connections.forEach(ServerConnection::close);
  }
}
