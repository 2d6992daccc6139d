package dev.countersign.nonce.broadcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.countersign.core.decision.Route;
import dev.countersign.core.evm.CallEncoder.Call;
import dev.countersign.core.evm.ReplacementTransactions;
import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.Lane;
import dev.countersign.core.replacement.PayloadPurpose;
import dev.countersign.core.replacement.ReplacementId;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.nonce.chain.PrivateRelayTerms;
import dev.countersign.nonce.replacement.PostgresPayloadLedger;
import dev.countersign.nonce.testing.Instance;
import dev.countersign.nonce.testing.Instance.Owned;
import dev.countersign.nonce.testing.NonceBench;
import dev.countersign.nonce.testing.TestAccount;
import dev.countersign.nonce.testing.WatchedNode;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.DevChainSettings;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The relay is a thin one in front of anvil, which is the real part; the node is anvil itself,
/// seen through one that writes down what it is sent.
@WithTestEnvironment
@DevChainSettings(blockMillis = 200)
@Timeout(60)
class PrivateRelayIT {
  private static final BigInteger ETHER = BigInteger.TEN.pow(18);
  private static final Fees FEES = fees(1);

  private final DevChain chain;
  private final ChainId chainId;
  private final WatchedNode node;
  private final WatchedNode relay;
  private final Path authorization;
  private final NonceBench bench;

  PrivateRelayIT(PostgresDatabase database, DevChain chain, @TempDir Path directory)
      throws IOException {
    this.chain = chain;
    this.chainId = ChainId.ofEip155(chain.chainId());
    this.node = WatchedNode.node(chain.rpcUrl());
    this.relay = WatchedNode.relay(chain.rpcUrl());
    this.authorization = Files.writeString(directory.resolve("relay"), "Bearer first\n");
    this.bench =
        new NonceBench(
            database,
            NonceBench.definition(chainId, List.of(node.url()), 1)
                .relaying(new PrivateRelayTerms(List.of(relay.url()), Optional.of(authorization))));
  }

  @BeforeAll
  static void patience() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(20));
  }

  @AfterEach
  void close() {
    bench.close();
    node.close();
    relay.close();
  }

  @Test
  void landsByTheRelayAndNoNodeIsSentIt() throws IOException {
    TestAccount account = funded("private");
    Instance instance = bench.instance().broadcasting().tracking();
    Owned first = instance.transfer(account, chainId, only());
    await().until(() -> isConfirmed(first));
    Files.writeString(authorization, "Bearer second");
    Owned second = instance.transfer(account, chainId, only());
    await().until(() -> isConfirmed(second));
    assertThat(sentToNodes()).isEmpty();
    assertThat(relay.asked("eth_sendPrivateTransaction"))
        .extracting(WatchedNode.Asked::authorization)
        .startsWith("Bearer first")
        .endsWith("Bearer second")
        .doesNotContain("");
    assertThat(bench.audit(second.request()))
        .anyMatch(event -> event.startsWith("TransactionBroadcast"));
  }

  @Test
  void whileTheRelayIsAwayItWaitsAndOthersDoNot() {
    TestAccount account = funded("away");
    relay.down(true);
    Instance dead = bench.instance();
    Owned hidden = dead.transfer(account, chainId, only());
    Instance instance = bench.instance().broadcasting().tracking();
    bench.instance().broadcasting();
    Owned open = instance.transfer(funded("open"), chainId);
    await().until(() -> isConfirmed(open));
    await().until(() -> text("last_error", hidden).contains("no private relay answered"));
    await()
        .during(Duration.ofMillis(1_500))
        .until(() -> bench.state(hidden.request()) == RequestState.SIGNED);
    assertThat(sentToNodes()).containsOnly(raw(instance, open));
    relay.down(false);
    await().until(() -> isConfirmed(hidden));
    assertThat(sentToNodes()).containsOnly(raw(instance, open));
  }

  @Test
  void isSentByTheNodesAfterAsManyBlocksAsPolicyHasIt() {
    TestAccount account = funded("fallback");
    relay.keep(true);
    Instance instance = bench.instance().broadcasting().tracking();
    Owned owned = instance.transfer(account, chainId, publicAfter(4));
    await().until(() -> bench.state(owned.request()) == RequestState.BROADCAST);
    assertThat(sentToNodes()).isEmpty();
    await().until(() -> isConfirmed(owned));
    assertThat(sentToNodes()).containsOnly(raw(instance, owned));
    assertThat(Long.parseLong(text("public_at - private_since", owned))).isGreaterThanOrEqualTo(4);
    assertThat(bench.audit(owned.request()))
        .filteredOn(event -> event.startsWith("TransactionMadePublic"))
        .singleElement()
        .asString()
        .contains("publicAfterBlocks=4");
    assertThat(relay.asked("eth_sendPrivateTransaction"))
        .isNotEmpty()
        .extracting(asked -> asked.parameters().path(0).path("maxBlockNumber").asString())
        .containsOnly("0x" + Long.toHexString(Long.parseLong(text("private_since", owned)) + 4));
  }

  @Test
  void theFallbackComesAlsoWhereTheRelayNeverAnswered() {
    TestAccount account = funded("never");
    relay.down(true);
    Instance instance = bench.instance().broadcasting().tracking();
    Owned owned = instance.transfer(account, chainId, publicAfter(3));
    await().until(() -> isConfirmed(owned));
    assertThat(sentToNodes()).containsOnly(raw(instance, owned));
    assertThat(bench.audit(owned.request()))
        .filteredOn(event -> event.startsWith("TransactionMadePublic"))
        .hasSize(1);
  }

  /// Committed is that it is public, and what comes after that is done by whoever is there.
  @Test
  void anInstanceThatDiesBetweenTheFallbackAndTheSendingLosesNothing() {
    TestAccount account = funded("crash");
    Instance dead = bench.instance();
    Owned owned = dead.transfer(account, chainId, publicAfter(2));
    bench
        .owner()
        .useHandle(
            h -> {
              h.execute("UPDATE nonce.transaction SET private_since = 1");
              h.execute("UPDATE nonce.transaction SET public_at = 3");
            });
    bench.instance().broadcasting().tracking();
    await().until(() -> isConfirmed(owned));
    assertThat(relay.asked("eth_sendPrivateTransaction")).isEmpty();
  }

  @Test
  void theDatabaseLetsNothingBecomePublicBeforeItsTime() {
    TestAccount account = funded("early");
    Instance instance = bench.instance();
    instance.transfer(account, chainId, only());
    for (String change :
        List.of(
            "private = false",
            "public_after = 1",
            "public_at = 100",
            "private_since = 1, public_at = 100")) {
      assertThatThrownBy(
              () ->
                  bench.owner().useHandle(h -> h.execute("UPDATE nonce.transaction SET " + change)))
          .as(change)
          .hasMessageContaining(
              change.startsWith("p") && change.contains("public_at")
                  ? "public_as_policy_has_it"
                  : "how it gets to the chain does not change");
    }
    TestAccount other = funded("soon");
    Owned soon = instance.transfer(other, chainId, publicAfter(10));
    assertThatThrownBy(
            () ->
                bench
                    .owner()
                    .useHandle(
                        h ->
                            h.execute(
                                "UPDATE nonce.transaction SET private_since = 1, public_at = 10"
                                    + " WHERE request_id = ?",
                                soon.request().value())))
        .hasMessageContaining("public_as_policy_has_it");
  }

  @Test
  void whatReplacesItStaysAsPrivateAsItIs() {
    TestAccount account = funded("faster");
    relay.keep(true);
    Instance instance = bench.instance().broadcasting().tracking();
    Owned owned = instance.admit(lane(account), 1, only()).getFirst();
    UnsignedTransaction original =
        new UnsignedTransaction(
            chainId, owned.nonce(), FEES, new Call(account.address(), Wei.of(1), Bytes.EMPTY));
    instance.settle(owned, account.sign(original));
    await().until(() -> bench.state(owned.request()) == RequestState.BROADCAST);
    UnsignedTransaction faster = ReplacementTransactions.speedUp(original, fees(2));
    SignedTransaction signed = account.sign(faster);
    relay.keep(false);
    var payloads = new PostgresPayloadLedger(instance.unitOfWork(), InstantSource.system());
    var id = new ReplacementId(owned.request(), 1);
    instance
        .unitOfWork()
        .run(
            t -> {
              payloads.lock(t, owned.lane(), owned.request());
              payloads.permit(t, id, PayloadPurpose.SPEED_UP, faster.encode(), faster.mostCost());
            });
    instance.unitOfWork().run(t -> payloads.recordSigned(t, id, signed));
    await().until(() -> isConfirmed(owned));
    assertThat(sentToNodes()).isEmpty();
    assertThat(relay.asked("eth_sendPrivateTransaction"))
        .anyMatch(
            asked -> asked.parameters().path(0).path("tx").asString().equals(signed.bytes().hex()));
  }

  @Test
  void aRefusalOfTheRelayIsReadAsThoseOfNodesAre() {
    TestAccount account = funded("refused");
    relay.refuse("invalid target for large tx");
    Instance instance = bench.instance().broadcasting().tracking();
    Owned owned = instance.transfer(account, chainId, only());
    await().until(() -> text("last_error", owned).startsWith("refused: "));
    assertThat(instance.refusals()).containsOnly(ErrorKind.OVERSIZED);
    assertThat(sentToNodes()).isEmpty();
  }

  /// As an instance of a version that knows nothing of relays claims: without saying what it knows.
  @Test
  void anOlderInstanceBesideIsGivenNothingThatIsHidden() {
    Instance instance = bench.instance();
    Owned hidden = instance.transfer(funded("hidden"), chainId, only());
    Owned open = instance.transfer(funded("seen"), chainId);
    assertThat(claimedByAnOlderOne()).containsExactly(open.request().value());
    bench.instance().broadcasting().tracking();
    await().until(() -> isConfirmed(hidden));
    assertThat(sentToNodes()).doesNotContain(raw(instance, hidden));
  }

  private List<UUID> claimedByAnOlderOne() {
    return bench
        .owner()
        .withHandle(
            h ->
                h.createQuery(
                        """
                        UPDATE nonce.transaction SET due_at = now() + interval '2 s'
                        WHERE state = 'SIGNED' RETURNING request_id
                        """)
                    .mapTo(UUID.class)
                    .list());
  }

  @Test
  void theLaneKnowsWhetherItsChainHasARelay() {
    Instance instance = bench.instance();
    Lane lane = lane(new TestAccount("lane"));
    instance.ledger().prepare(lane);
    boolean has =
        instance
            .unitOfWork()
            .inTransaction(
                t ->
                    instance
                        .ledger()
                        .lock(t, Set.of(Instance.rich(lane)))
                        .hasPrivateRelay(chainId));
    assertThat(has).isTrue();
  }

  private static Route only() {
    return new Route.Private(List.of("swaps"), OptionalInt.empty());
  }

  private static Route publicAfter(int blocks) {
    return new Route.Private(List.of("swaps"), OptionalInt.of(blocks));
  }

  private static Fees fees(int gwei) {
    return new Fees(
        Wei.of(gwei * 1_000_000_000L), Wei.of(gwei * 20_000_000_000L), GasLimit.TRANSFER);
  }

  private Lane lane(TestAccount account) {
    return new Lane(chainId, account.address());
  }

  private List<String> sentToNodes() {
    return node.asked("eth_sendRawTransaction").stream()
        .map(asked -> asked.parameters().path(0).asString())
        .toList();
  }

  private static String raw(Instance instance, Owned owned) {
    return instance.ledger().signed(owned.request()).orElseThrow().bytes().hex();
  }

  private String text(String what, Owned owned) {
    return bench.text(
        "SELECT coalesce((%s)::text, '') FROM nonce.transaction WHERE request_id = '%s'"
            .formatted(what, owned.request()));
  }

  private boolean isConfirmed(Owned owned) {
    return isConfirmed(owned.request());
  }

  private boolean isConfirmed(SigningRequestId request) {
    return bench.state(request) == RequestState.CONFIRMED;
  }

  private TestAccount funded(String name) {
    TestAccount account = new TestAccount(name);
    chain.rpc().setBalance(account.address().hex(), ETHER);
    return account;
  }
}
