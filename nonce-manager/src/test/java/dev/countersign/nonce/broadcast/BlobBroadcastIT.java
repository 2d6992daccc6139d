package dev.countersign.nonce.broadcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.countersign.core.evm.BlobProofs;
import dev.countersign.core.evm.BlobSidecar;
import dev.countersign.core.evm.TransactionType;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.Lane;
import dev.countersign.core.replacement.ReplacementTerms;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.nonce.chain.BalanceTerms;
import dev.countersign.nonce.chain.ChainDefinition;
import dev.countersign.nonce.chain.ChainEndpoint;
import dev.countersign.nonce.chain.ChainFacts;
import dev.countersign.nonce.chain.FeeModel;
import dev.countersign.nonce.node.EndpointHealth;
import dev.countersign.nonce.testing.FaultyNode;
import dev.countersign.nonce.testing.Instance;
import dev.countersign.nonce.testing.Instance.Owned;
import dev.countersign.nonce.testing.NonceBench;
import dev.countersign.nonce.testing.TestAccount;
import dev.countersign.nonce.testing.WatchedNode;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.DevChainSettings;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What has blobs is large: it is sent apart from all else, and not often.
@WithTestEnvironment
@DevChainSettings(blockMillis = 200)
@Timeout(60)
class BlobBroadcastIT {
  /// Less than one blob in hexadecimal.
  private static final int TOO_LITTLE = 200_000;

  private final PostgresDatabase database;
  private final DevChain chain;
  private final ChainId id;
  private final FaultyNode node;
  private final List<AutoCloseable> opened = new ArrayList<>();

  BlobBroadcastIT(PostgresDatabase database, DevChain chain) {
    this.database = database;
    this.chain = chain;
    this.id = ChainId.ofEip155(chain.chainId());
    this.node = opened(new FaultyNode(chain.rpcUrl()));
  }

  @BeforeAll
  static void patience() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(25));
  }

  /// The first blob that it sees has anvil load what it proves blobs by, which takes it seconds.
  @BeforeEach
  void warmUp() {
    TestAccount account = funded("warm-up " + UUID.randomUUID());
    var first =
        new Owned(
            new SigningRequestId(UUID.randomUUID()), new Lane(id, account.address()), new Nonce(0));
    Bytes whole =
        BlobSidecar.ofZeros(BlobProofs.CELLS).around(Instance.signedBlobs(account, first));
    chain.rpc().call("eth_sendRawTransaction", whole.hex());
  }

  @AfterEach
  void close() throws Exception {
    chain.rpc().call("evm_setIntervalMining", 1);
    for (AutoCloseable one : opened.reversed()) {
      one.close();
    }
  }

  /// Several lanes with blobs, whose addresses are below and above that of the one without.
  @Test
  void blobsThatAProxyDoesNotLetThroughKeepNothingElseFromBeingSent() {
    NonceBench bench = bench(node.url());
    Instance instance = bench.instance().tracking();
    node.takeUpTo(TOO_LITTLE);
    List<Owned> large =
        List.of("one", "two", "three", "four").stream()
            .map(name -> instance.blobs(funded(name), id))
            .toList();
    List<Owned> small =
        List.of("five", "six", "seven").stream()
            .map(name -> instance.transfer(funded(name), id))
            .toList();
    instance.broadcasting();

    await().until(() -> small.stream().allMatch(one -> isConfirmed(bench, one)));
    await()
        .untilAsserted(
            () ->
                assertThat(large)
                    .allMatch(one -> error(bench, one).startsWith("unknown: "))
                    .allMatch(one -> error(bench, one).contains("HTTP status 413")));
    assertThat(instance.nodes().of(id).health())
        .extracting(EndpointHealth::state)
        .containsOnly(EndpointHealth.State.WORKING);

    node.heal();
    await().until(() -> large.stream().allMatch(one -> isConfirmed(bench, one)));
  }

  @Test
  void anotherNodeTakesTheBlobsThatOneDoesNot() {
    NonceBench bench = bench(node.url(), chain.rpcUrl());
    node.takeUpTo(TOO_LITTLE);
    Instance instance = bench.instance().broadcasting().tracking();
    Owned owned = instance.blobs(funded("other"), id);
    await().until(() -> isConfirmed(bench, owned));
  }

  @Test
  void theOtherNodesAreToldOfBlobsEachTimeAndTheyAreSentAgainSeldom() {
    WatchedNode first = opened(WatchedNode.node(chain.rpcUrl()));
    WatchedNode second = opened(WatchedNode.node(chain.rpcUrl()));
    NonceBench bench = bench(first.url(), second.url());
    chain.rpc().call("evm_setIntervalMining", 0);
    Instance instance = bench.instance().broadcasting();
    Owned owned = instance.blobs(funded("seldom"), id);
    Owned small = instance.transfer(funded("often"), id);
    await().until(() -> sends(second, owned) == 1);
    await().until(() -> sends(first, owned) == 2);
    await().until(() -> sends(second, owned) == 2);
    assertThat(sends(first, small)).as("in the same time").isGreaterThan(3);
  }

  /// As an older version claims, or one that knows of relays: without saying what it knows.
  @Test
  void anOlderInstanceBesideIsGivenNoBlobsAndNothingThatWaitsForThem() {
    NonceBench bench = bench(node.url());
    Instance instance = bench.instance();
    TestAccount account = funded("beside");
    Owned large = instance.blobs(account, id);
    Owned after = instance.transfer(account, id);
    Owned other = instance.transfer(funded("elsewhere"), id);
    for (String sends : List.of("", "relays")) {
      assertThat(claimed(bench, sends)).containsExactly(other.request().value());
    }
    assertThat(claimed(bench, "relays blobs")).hasSize(3);
    instance.broadcasting().tracking();
    await().until(() -> isConfirmed(bench, large) && isConfirmed(bench, after));
  }

  private static List<UUID> claimed(NonceBench bench, String sends) {
    return bench
        .owner()
        .inTransaction(
            h -> {
              h.select("SELECT set_config('countersign.sends', ?, true)", sends)
                  .mapTo(String.class)
                  .one();
              return h.createQuery(
                      """
                      UPDATE nonce.transaction SET due_at = due_at + interval '10 ms'
                      WHERE state = 'SIGNED' RETURNING request_id
                      """)
                  .mapTo(UUID.class)
                  .list();
            });
  }

  /// Which does not say what kind it is of.
  @Test
  void aNonceThatAnOlderInstanceGaveToBlobsIsSignedAndSent() {
    NonceBench bench = bench(node.url());
    Instance instance = bench.instance().broadcasting().tracking();
    TestAccount account = funded("unsaid");
    Owned owned = instance.admit(new Lane(id, account.address()), 1).getFirst();
    instance.settle(owned, Instance.signedBlobs(account, owned));
    await().until(() -> isConfirmed(bench, owned));
    assertThat(bench.text("SELECT has_blobs FROM nonce.transaction")).isEqualTo("t");
  }

  @Test
  void aNonceForBlobsIsForNothingElse() {
    NonceBench bench = bench(node.url());
    Instance instance = bench.instance();
    TestAccount account = funded("kinds");
    Owned owned = instance.admitBlobs(new Lane(id, account.address()));
    assertThatThrownBy(() -> instance.settle(account, List.of(owned)))
        .hasMessageContaining("for good");
    instance.settle(owned, Instance.signedBlobs(account, owned));
    assertThatThrownBy(
            () ->
                bench
                    .owner()
                    .useHandle(h -> h.execute("UPDATE nonce.transaction SET has_blobs = false")))
        .hasMessageContaining("for good");
  }

  private static long sends(WatchedNode node, Owned owned) {
    boolean isLarge = owned.lane().address().equals(new TestAccount("seldom").address());
    return node.asked("eth_sendRawTransaction").stream()
        .filter(asked -> asked.parameters().path(0).asString().length() > TOO_LITTLE == isLarge)
        .count();
  }

  private static boolean isConfirmed(NonceBench bench, Owned owned) {
    return bench.state(owned.request()) == RequestState.CONFIRMED;
  }

  private static String error(NonceBench bench, Owned owned) {
    return bench.text(
        "SELECT coalesce(last_error, '') FROM nonce.transaction WHERE request_id = '%s'"
            .formatted(owned.request()));
  }

  private TestAccount funded(String name) {
    TestAccount account = new TestAccount(name);
    chain.rpc().setBalance(account.address().hex(), BigInteger.TEN.pow(18));
    return account;
  }

  private <T extends AutoCloseable> T opened(T one) {
    opened.add(one);
    return one;
  }

  private NonceBench bench(URI... endpoints) {
    return opened(
        new NonceBench(
            database,
            new ChainDefinition(
                id,
                "Test",
                "ETH",
                FeeModel.EIP1559,
                List.of(endpoints).stream().map(ChainEndpoint::of).toList(),
                1,
                Duration.ofMillis(50),
                "",
                new ChainFacts(
                        60,
                        Duration.ofSeconds(1),
                        Set.of(),
                        Optional.empty(),
                        16,
                        EnumSet.of(TransactionType.EIP1559),
                        true)
                    .proving(BlobProofs.CELLS),
                1,
                BalanceTerms.DEFAULT,
                ReplacementTerms.DEFAULT)));
  }
}
