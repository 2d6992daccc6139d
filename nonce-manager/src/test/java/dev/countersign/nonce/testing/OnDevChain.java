package dev.countersign.nonce.testing;

import static org.awaitility.Awaitility.await;

import dev.countersign.core.model.ChainId;
import dev.countersign.core.request.RequestState;
import dev.countersign.nonce.testing.Instance.Owned;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/// What tests on a chain of their own begin with: instances that are closed after each test, and
/// accounts with money.
public abstract class OnDevChain {
  protected static final BigInteger ETHER = BigInteger.TEN.pow(18);

  protected final DevChain chain;
  protected final ChainId chainId;

  /// Between the instances and the chain; none when they talk to the chain itself.
  protected final List<FaultyNode> nodes;

  protected final NonceBench bench;

  /// @param faulty how many nodes there are that can be made to fail; 0 for the chain's own
  /// @param depth how many blocks make a transaction final
  protected OnDevChain(PostgresDatabase database, DevChain chain, int faulty, int depth) {
    this.chain = chain;
    this.chainId = ChainId.ofEip155(chain.chainId());
    this.nodes = Stream.generate(() -> new FaultyNode(chain.rpcUrl())).limit(faulty).toList();
    List<URI> endpoints =
        nodes.isEmpty() ? List.of(chain.rpcUrl()) : nodes.stream().map(FaultyNode::url).toList();
    this.bench = new NonceBench(database, chainId, endpoints, depth);
  }

  @BeforeAll
  protected static void patience() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(20));
  }

  @AfterEach
  protected void close() {
    bench.close();
    nodes.forEach(FaultyNode::close);
  }

  /// The account of that name, with an ether.
  protected TestAccount funded(String name) {
    TestAccount account = new TestAccount(name);
    chain.rpc().setBalance(account.address().hex(), ETHER);
    return account;
  }

  protected RequestState stateOf(Owned owned) {
    return bench.state(owned.request());
  }

  protected void awaitInPool(String hash) {
    await().until(() -> chain.rpc().call("eth_getTransactionByHash", hash).isObject());
  }

  /// Mines until it is so: a transaction is not always in the pool when a block is made.
  protected void mineUntil(Callable<Boolean> condition) {
    await()
        .pollInterval(Duration.ofMillis(150))
        .until(
            () -> {
              chain.rpc().mine(1);
              return condition.call();
            });
  }
}
