package dev.countersign.nonce.fee;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.port.TransactionPricer;
import dev.countersign.nonce.chain.ChainDefinition;
import dev.countersign.nonce.chain.ChainDefinitions;
import dev.countersign.nonce.node.NodePool;
import dev.countersign.nonce.node.NodePools;
import dev.countersign.nonce.node.NodeUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Prices by what the chain's node says: its fees, its estimate of the gas, the account's balance.
///
/// The price of gas is kept for a second per chain, and that an account has no code for a minute;
/// everything else is asked anew, in one JSON-RPC batch for each chain of a call.
public final class NodeTransactionPricer implements TransactionPricer {
  private static final Duration PRICE_KEPT = Duration.ofSeconds(1);

  private final NodePools nodes;
  private final ChainDefinitions chains;
  private final PlainAccounts plainAccounts = new PlainAccounts();
  private final Cache<ChainId, GasPrice> prices =
      Caffeine.newBuilder().expireAfterWrite(PRICE_KEPT).build();

  public NodeTransactionPricer(NodePools nodes, ChainDefinitions chains) {
    this.nodes = nodes;
    this.chains = chains;
  }

  @Override
  public List<Answer> price(List<Question> questions) {
    Map<ChainId, List<Question>> byChain = new TreeMap<>();
    for (Question question : questions) {
      byChain.computeIfAbsent(question.chain(), chain -> new ArrayList<>()).add(question);
    }
    Map<Question, Answer> answers = new HashMap<>();
    if (byChain.size() == 1) {
      byChain.forEach((chain, those) -> answers.putAll(priced(chain, those)));
    } else {
      answers.putAll(sideBySide(byChain));
    }
    return questions.stream().map(answers::get).toList();
  }

  @Override
  public boolean isSimulated(Question question) {
    return !Simulation.isKnownPlain(question, plainAccounts);
  }

  /// A chain whose nodes hang must not make the others wait for longer than itself.
  private Map<Question, Answer> sideBySide(Map<ChainId, List<Question>> byChain) {
    Map<Question, Answer> answers = new HashMap<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Map<Question, Answer>>> running = new ArrayList<>();
      byChain.forEach((chain, those) -> running.add(threads.submit(() -> priced(chain, those))));
      running.forEach(future -> answers.putAll(joined(future)));
    }
    return answers;
  }

  private static Map<Question, Answer> joined(Future<Map<Question, Answer>> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NodeUnavailableException("interrupted while asking for prices", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("pricing failed", e.getCause());
    }
  }

  private Map<Question, Answer> priced(ChainId chain, List<Question> questions) {
    try {
      NodePool node = nodes.of(chain);
      ChainDefinition definition = chains.definition(chain).orElseThrow();
      GasPrice price = prices.get(chain, absent -> GasPrice.ask(node, definition));
      return new Simulation(node, definition, plainAccounts, price).run(questions);
    } catch (NodeUnavailableException e) {
      Answer answer = new Answer.NodeUnavailable(String.valueOf(e.getMessage()));
      Map<Question, Answer> answers = new HashMap<>();
      questions.forEach(question -> answers.put(question, answer));
      return answers;
    }
  }
}
