package dev.countersign.core.pipeline;

import dev.countersign.core.model.ClientId;
import dev.countersign.core.port.TransactionPricer;
import dev.countersign.core.port.TransactionPricer.Answer;
import dev.countersign.core.port.TransactionPricer.Question;
import java.time.Duration;
import java.util.List;

/// Asks for the price of what nodes have to run first. A client may think of code that takes them
/// as long as they allow, and policy has not judged it yet: so each is asked for alone, and a
/// client has so many at once and no more. Whoever asks for plain transfers waits for none of them.
final class Simulations {
  static final int MOST_OF_A_CLIENT = 16;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final TransactionPricer pricer;
  private final Duration patience;
  private final ClientRoom room = new ClientRoom(MOST_OF_A_CLIENT);

  Simulations(TransactionPricer pricer) {
    this(pricer, PATIENCE);
  }

  /// @param patience how long a client waits for one of its others to end
  Simulations(TransactionPricer pricer, Duration patience) {
    this.pricer = pricer;
    this.patience = patience;
  }

  /// @return that the client has to wait, when it has as many as it may for seconds
  Answer ask(ClientId client, Question question) {
    try {
      if (!room.enter(client, patience)) {
        return new Answer.NodeUnavailable(
            "%d transactions of client %s are being simulated on their chains, which is as many as may be at once"
                .formatted(MOST_OF_A_CLIENT, client));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Answer.NodeUnavailable("interrupted before the transaction was simulated");
    }
    try {
      return pricer.price(List.of(question)).getFirst();
    } finally {
      room.leave(client);
    }
  }
}
