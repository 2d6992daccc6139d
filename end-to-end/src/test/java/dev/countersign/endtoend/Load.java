package dev.countersign.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.api.v1.SigningRequest;
import dev.countersign.api.v1.SigningRequest.State;
import dev.countersign.endtoend.Client.Persistence;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Payments that are all asked for at once, each until it is answered, over a few connections.
final class Load implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Client> connections = new ArrayList<>();
  private final List<Payment> payments;
  private final List<Future<Persistence>> answers = new ArrayList<>();
  private final Asking asking;

  private Load(List<Payment> payments, Asking asking) {
    this.payments = payments;
    this.asking = asking;
  }

  /// Starts it and returns at once.
  ///
  /// @param clients in turns; each time a client is listed is a connection of its own
  static Load start(Deployment deployment, List<TestClient> clients, List<Payment> payments)
      throws IOException {
    var load = new Load(payments, deployment.asking());
    for (TestClient client : clients) {
      load.connections.add(deployment.connect(client));
    }
    for (int i = 0; i < payments.size(); i++) {
      var connection = load.connection(i);
      var request = payments.get(i).asked(load.asking);
      load.answers.add(load.threads.submit(() -> connection.submitPersistently(request, PATIENCE)));
    }
    return load;
  }

  private Client connection(int payment) {
    return connections.get(payment % connections.size());
  }

  /// {@return the answers in the order of the payments, when all are there}
  List<Persistence> answers() throws InterruptedException, ExecutionException {
    var found = new ArrayList<Persistence>();
    for (Future<Persistence> answer : answers) {
      found.add(answer.get());
    }
    return found;
  }

  /// Waits until those of its payments are confirmed.
  void confirms(Collection<Payment> expected) {
    for (int i = 0; i < payments.size(); i++) {
      if (expected.contains(payments.get(i))) {
        var ended = connection(i).await(payments.get(i).requestId());
        assertThat(ended.getState()).as("end of %s", ended).isEqualTo(State.STATE_CONFIRMED);
      }
    }
  }

  /// Waits until every payment is confirmed, and asks for each once more: the answer is the one
  /// from before.
  void endsConfirmed() throws InterruptedException, ExecutionException {
    var before = answers();
    for (int i = 0; i < payments.size(); i++) {
      var ended = connection(i).await(payments.get(i).requestId());
      assertThat(ended.getState()).as("end of %s", ended).isEqualTo(State.STATE_CONFIRMED);
      assertThat(ended.getInclusion().getSucceeded()).isTrue();
      assertThat(ended.getId()).isEqualTo(before.get(i).answer().getId());
      assertThat(connection(i).submit(payments.get(i).asked(asking)))
          .extracting(SigningRequest::getId, SigningRequest::getTransactionHash)
          .containsExactly(ended.getId(), ended.getTransactionHash());
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    connections.forEach(Client::close);
  }
}
