package dev.countersign.endtoend;

import dev.countersign.api.v1.SignTransactionRequest;
import dev.countersign.api.v1.SigningRequest;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// A client of two instances, which asks the other one when the first does not answer.
final class TwoServers implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final List<Client> clients;
  private final AtomicInteger turn = new AtomicInteger();

  private TwoServers(List<Client> clients) {
    this.clients = clients;
  }

  static TwoServers connect(Deployment deployment, int second) throws IOException {
    return new TwoServers(
        List.of(deployment.connect(TestClient.DESK), deployment.connect(TestClient.DESK, second)));
  }

  /// Asks the instances in turns until one answers.
  SigningRequest submit(SignTransactionRequest request, Duration patience)
      throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      Client client = clients.get(Math.floorMod(turn.getAndIncrement(), clients.size()));
      try {
        return client.signing(Duration.ofSeconds(10)).signTransaction(request).getRequest();
      } catch (StatusRuntimeException e) {
        if (!Refused.of(e).isWorthAnotherTry() || System.nanoTime() > end) {
          throw e;
        }
      }
      Thread.sleep(PAUSE);
    }
  }

  @Override
  public void close() {
    clients.forEach(Client::close);
  }
}
